"""Who is in a cohort's courses, as the platforms tell (NRPS 2.0): read now and then, or when a teacher asks.

The network is in its middle, so it is four steps, of which only the outer ones touch the database:
`claim_roster` and `read_task`, then `read_members`, then `services.syncing.record_sync`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.lti import groups, nrps
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.storage import work
from lti_tool.storage.models import Context, Deployment, Institution, Registration, ResourceLink, Roster
from lti_tool.storage.platforms import platform_registration
from lti_tool.storage.rows import change, find_or_add

ROSTER_LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class RosterTask:
    """One roster to read. `groups_url` is empty where the course tells of no groups.

    `link_id` is empty where all of the course are asked for, `differences_url` where everyone is to be read.
    """

    roster_id: int
    due_at: datetime | None
    begun_at: datetime
    platform: PlatformRegistration
    url: str
    link_id: str
    groups_url: str
    differences_url: str


@dataclass(frozen=True)
class Read:
    """Who is in a course, or what changed there where `is_whole` is not set.

    `group_names` are by id, None where the platform tells of no groups.
    """

    roster: nrps.Roster
    is_whole: bool
    group_names: Mapping[str, str] | None


@dataclass(frozen=True)
class RosterState:
    """How fresh our knowledge of a course's members is; `failure` is why the last reading gave nothing."""

    course: str
    institution: str
    synced_at: datetime | None
    failure: str | None
    is_under_way: bool


def keep(
    db: Session, link: ResourceLink, context: Context, url: str, groups_url: str | None, now: datetime
) -> None:
    """Take note of where a course of a cohort tells who is in it, and read that soon.

    Call it when the link is new there, too: another one may be open to others.
    """
    keys = {"context_id": context.id, "cohort_id": link.cohort_id}
    told = {"url": url, "groups_url": groups_url, "link_id": link.link_id}
    row = find_or_add(db, Roster, keys=keys, **told, due_at=now, attempts=0)
    if (row.url, row.groups_url, row.link_id) == (url, groups_url, link.link_id):
        return
    held = work.find_locked(db, Roster, row.id)
    # One that is gone at this very moment comes back with the next launch.
    if held is not None:
        change(held, **told, differences_url=None)
        work.finish(held, due_at=now)
        db.flush()


def sync_now(db: Session, cohort_id: int, now: datetime, *, context_id: int | None = None) -> None:
    """Read the whole rosters of a cohort soon: of all its courses, or of one."""
    for row in db.scalars(_of_cohort(cohort_id, context_id).with_for_update()):
        row.differences_url = None
        work.finish(row, due_at=now)


def states_of(
    db: Session, cohort_id: int, now: datetime, *, context_id: int | None = None
) -> tuple[RosterState, ...]:
    """Return the rosters of a cohort: of all its courses, or of one."""
    rows = db.execute(
        _of_cohort(cohort_id, context_id)
        .add_columns(Context.title, Institution.name)
        .join(Context, Context.id == Roster.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Institution, Institution.id == Deployment.institution_id)
        .order_by(None)
        .order_by(Institution.name, Context.title, Roster.id)
    ).tuples()
    return tuple(
        RosterState(
            course=title,
            institution=institution,
            synced_at=row.synced_at,
            failure=row.failure,
            is_under_way=row.failure is None and row.due_at is not None and row.due_at <= now,
        )
        for row, title, institution in rows
    )


def claim_roster(db: Session, now: datetime) -> int | None:
    """Take the roster in hand that is due longest; None if none is."""
    row = work.claim(db, Roster, now, lease=ROSTER_LEASE)
    return None if row is None else row.id


def read_task(db: Session, roster_id: int, now: datetime) -> RosterTask:
    """Return what is to be read: all at first, once a day and after a failure, else what changed."""
    row, registration = db.execute(
        select(Roster, Registration)
        .join(Context, Context.id == Roster.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(Roster.id == roster_id)
    ).one()
    is_of_today = row.synced_at is not None and _day(row.synced_at) == _day(now)
    takes_changes = is_of_today and row.failure is None
    return RosterTask(
        roster_id=row.id,
        due_at=row.due_at,
        begun_at=now,
        platform=platform_registration(registration),
        url=row.url,
        link_id=_only_link(db, row),
        groups_url=row.groups_url or "",
        differences_url=(row.differences_url or "") if takes_changes else "",
    )


def read_members(task: RosterTask, connector: PlatformConnector) -> Read:
    """Ask the platform who is in the course; outside any transaction."""
    names = _group_names(task, connector)
    if task.differences_url:
        try:
            return Read(nrps.read_differences(connector, task.differences_url), False, names)
        except PlatformRefusedError:
            pass  # it has forgotten what the differences were to
    roster = _whole(task, connector)
    if not roster.members:
        # Whoever taught or studied here launched from it, so this is a fault and not a course that ran empty.
        connector.give_up("empty roster")
    return Read(roster, True, names)


def put_off_roster(db: Session, roster_id: int, now: datetime) -> None:
    """Read a roster later whose reading broke off, and tell its teachers."""
    row = work.put_off(db, Roster, roster_id, now)
    if row is not None:
        row.failure = "broken off"


def _only_link(db: Session, row: Roster) -> str:
    """Return the link through which everyone comes; empty where there are several, each open to its own."""
    query = select(ResourceLink.link_id).where(
        ResourceLink.context_id == row.context_id, ResourceLink.cohort_id == row.cohort_id
    )
    links = db.scalars(query.limit(2)).all()
    return links[0] if len(links) == 1 else ""


def _whole(task: RosterTask, connector: PlatformConnector) -> nrps.Roster:
    with_groups = bool(task.groups_url)
    try:
        return nrps.read_roster(connector, task.url, resource_link_id=task.link_id, with_groups=with_groups)
    except PlatformRefusedError as refusal:
        # The link may be gone, or the platform may not know how to tell who may launch it.
        if not task.link_id or refusal.error or refusal.status not in (400, 404, 422, 501):
            raise
    return nrps.read_roster(connector, task.url, with_groups=with_groups)


def _group_names(task: RosterTask, connector: PlatformConnector) -> Mapping[str, str] | None:
    if not task.groups_url:
        return None
    try:
        return {group.id: group.name for group in groups.read_groups(connector, task.groups_url)}
    except PlatformRefusedError:
        return None


def _of_cohort(cohort_id: int, context_id: int | None) -> Select[tuple[Roster]]:
    query = select(Roster).where(Roster.cohort_id == cohort_id).order_by(Roster.id)
    return query if context_id is None else query.where(Roster.context_id == context_id)


def _day(moment: datetime) -> object:
    return moment.astimezone(UTC).date()
