"""From a verified launch to a visit: write what it changed about course, link and person, and let them in."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.lti.ags import LINE_ITEM_SCOPE
from lti_tool.lti.claims import Launch
from lti_tool.lti.launch import Arrival
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.lti.roles import Role
from lti_tool.services.courses import noticing, rosters
from lti_tool.services.gradebooks import columns
from lti_tool.services.launches import discriminating, enrolling
from lti_tool.services.launches.enrolling import Newcomer
from lti_tool.services.launches.opening import Opened, course_of, named_by, open_link
from lti_tool.services.launches.visiting import VISIT_LENGTH
from lti_tool.storage.known import Known, find_known
from lti_tool.storage.models import (
    Base,
    Context,
    Deployment,
    Operator,
    Person,
    ResourceLink,
    Visit,
)
from lti_tool.storage.rows import add_if_absent, find_or_add
from lti_tool.storage.vault import hashed

MAX_TEXT = 200
# An administrator or an observer looks; she does not take part.
ENROLLED_ROLES = (Role.LEARNER, Role.TEACHER)
# Operators want to know whether an LMS still comes in, not each time that it does.
LAUNCHES_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Entrance:
    """A fresh visit: its id for the address, its secret for the browser, and where it leads."""

    visit_id: str
    secret: str
    role: Role
    opened: Opened
    is_placing: bool
    is_operator: bool


def enter(db: Session, arrival: Arrival, now: datetime, *, has_cookie: bool) -> Entrance:
    """Write what the launch changed, and open the one visit of its login.

    Raises LaunchRefusedError(USED_BEFORE) where the login had its visit, and then nothing may be committed.
    """
    launch = arrival.launch
    known = _find_known(db, launch)
    institution_id = _institution_of(db, launch, known)
    context_id = _keep_context(db, launch, known)
    link_id, opened = _keep_link(db, launch, known, context_id, institution_id)
    # What others write too is locked in the order of `services.gradebooks.grading`.
    if opened.cohort_id is not None and link_id is not None:
        _keep_roster(db, launch, known, link_id, now)
    person_id = _keep_person(db, launch, known)
    if opened.cohort_id is not None and link_id is not None:
        who = Newcomer(opened.cohort_id, person_id, institution_id, context_id, launch.role)
        _keep_column(db, launch, known, link_id, opened, now)
        if launch.role in ENROLLED_ROLES:
            enrolling.keep_enrolment(db, who, known, launch.custom.get("employer", ""), now)
    _keep_deployment(db, launch, known, now)
    secret = secrets.token_urlsafe(32)
    visit = {
        "id": arrival.login.nonce,
        "secret_hash": hashed(secret),
        "has_cookie": has_cookie,
        "person_id": person_id,
        "institution_id": institution_id,
        "context_id": context_id,
        "link_id": link_id,
        "cohort_id": opened.cohort_id,
        "programme_id": opened.programme_id,
        "role": launch.role.value,
        "locale": launch.locale or None,
        "return_url": launch.return_url or None,
        "deep_linking": asdict(launch.deep_linking) if launch.deep_linking else None,
        "expires_at": now + VISIT_LENGTH,
    }
    if not add_if_absent(db, Visit, visit):
        raise LaunchRefusedError(RefusalReason.USED_BEFORE)
    return Entrance(
        arrival.login.nonce,
        secret,
        launch.role,
        opened,
        is_placing=launch.deep_linking is not None,
        is_operator=launch.role is Role.ADMINISTRATOR and db.get(Operator, person_id) is not None,
    )


def _find_known(db: Session, launch: Launch) -> Known:
    return find_known(
        db,
        registration_id=launch.registration_id,
        deployment_id=launch.deployment_id,
        context_id=course_of(launch).id,
        link_id=launch.resource_link.id if launch.resource_link else "",
        subject=launch.subject,
        cohort=launch.custom.get("cohort", ""),
    )


def _institution_of(db: Session, launch: Launch, known: Known) -> int:
    if not known.is_shared:
        return known.institution_id
    return discriminating.find_institution(
        db,
        launch.registration_id,
        custom=launch.custom,
        email_domain=launch.person.email.rpartition("@")[2],
        course_label=course_of(launch).label,
        otherwise=known.institution_id,
    )


def _keep_context(db: Session, launch: Launch, known: Known) -> int:
    course = course_of(launch)
    told = {"label": course.label[:MAX_TEXT], "title": course.title[:MAX_TEXT]}
    if line_items_url := _line_items_url(launch):
        told["line_items_url"] = line_items_url
    if known.context_id is None:
        keys = {"deployment_id": known.deployment_id, "context_id": course.id}
        return find_or_add(db, Context, keys=keys, **told).id
    held = {name: getattr(known, f"context_{name}") for name in told}
    _keep(db, Context, known.context_id, held, told)
    return known.context_id


def _keep_person(db: Session, launch: Launch, known: Known) -> int:
    given = launch.person.name or f"{launch.person.given_name} {launch.person.family_name}"
    # Some platforms tell names in their rosters only; a launch without one takes nothing away.
    told = {"name": given.strip()[:MAX_TEXT]} if given.strip() else {}
    if known.person_id is None:
        keys = {"registration_id": launch.registration_id, "subject": launch.subject}
        return find_or_add(db, Person, keys=keys, **told).id
    _keep(db, Person, known.person_id, {"name": known.person_name}, told)
    return known.person_id


def _keep_link(
    db: Session, launch: Launch, known: Known, context_id: int, institution_id: int
) -> tuple[int | None, Opened]:
    """Return the link's id (None for the picker, which is none) and what it opens now."""
    claim = launch.resource_link
    if claim is None:
        return None, Opened()
    opened = open_link(db, launch, known, institution_id)
    told: dict[str, Any] = {
        "title": claim.title[:MAX_TEXT],
        "line_item_url": (launch.grades and launch.grades.line_item_url) or None,
    }
    # What a teacher chose here stays with the link, also while its cohort is closed.
    if not known.link_is_repointed:
        told |= asdict(opened) | {"named": named_by(launch) if opened.is_nowhere else {}}
    if known.link_id is None:
        keys = {"context_id": context_id, "link_id": claim.id}
        return find_or_add(db, ResourceLink, keys=keys, **told).id, opened
    held = {name: getattr(known, f"link_{name}") for name in told}
    _keep(db, ResourceLink, known.link_id, held, told)
    return known.link_id, opened


def _keep_column(
    db: Session, launch: Launch, known: Known, link_id: int, opened: Opened, now: datetime
) -> None:
    """Keep which column of the gradebook the link has, where that or what the link opens is new."""
    url = (launch.grades and launch.grades.line_item_url) or None
    told = url, opened.cohort_id, opened.unit_id, _line_items_url(launch) or known.context_line_items_url
    held = known.link_line_item_url, known.link_cohort_id, known.link_unit_id or ""
    if told != (*held, known.context_line_items_url):
        link = db.get_one(ResourceLink, link_id)
        columns.keep_claimed(db, link, db.get_one(Context, link.context_id), url, now)


def _line_items_url(launch: Launch) -> str:
    """Return where columns of our own may be made; empty where the platform does not let us."""
    if launch.grades is None or LINE_ITEM_SCOPE not in launch.grades.scopes:
        return ""
    return launch.grades.line_items_url


def _keep_roster(db: Session, launch: Launch, known: Known, link_id: int, now: datetime) -> None:
    groups_url = launch.groups.groups_url if launch.groups else None
    if launch.roster_url and (launch.roster_url, groups_url) != (known.roster_url, known.roster_groups_url):
        link = db.get_one(ResourceLink, link_id)
        rosters.keep(db, link, db.get_one(Context, link.context_id), launch.roster_url, groups_url, now)


def _keep_deployment(db: Session, launch: Launch, known: Known, now: datetime) -> None:
    if launch.notices and launch.notices.url != known.notices_url:
        noticing.keep(db, db.get_one(Deployment, known.deployment_id), launch.notices, now)
    noted = known.deployment_launched_at
    if noted is None or now - noted >= LAUNCHES_NOTED_EVERY:
        _keep(db, Deployment, known.deployment_id, {"launched_at": noted}, {"launched_at": now})


def _keep(
    db: Session, model: type[Base], row_id: int, held: Mapping[str, Any], told: Mapping[str, Any]
) -> None:
    """Write what differs from what is held; nothing where nothing does."""
    changed = {name: value for name, value in told.items() if value != held[name]}
    if changed:
        db.execute(update(model).where(model.__table__.c.id == row_id).values(**changed))
