"""Planning live sessions: a teacher asks, the worker works it out, the teacher publishes.

The solver takes seconds, so working a plan out is three steps; only the outer two touch the database:
`take_due_plan`, then `services.solving.work_out`, then `record_plan`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.services.agendas import BusyTime, busy_times
from lti_tool.services.learning import Course
from lti_tool.services.proposal import (
    Impossible,
    Proposal,
    ProposedGroup,
    proposal_document,
    read_proposal,
    read_request,
    request_document,
)
from lti_tool.storage import work
from lti_tool.storage.models import Enrolment, LiveSession, Plan, PlanStatus, Seat, SeatStatus
from scheduling.demand import Request, ask, propose
from scheduling.slots import horizon

PLANNING_LEASE = timedelta(minutes=5)
# People in care know their shifts some weeks ahead.
NOTICE = timedelta(days=14)
WEEK = timedelta(weeks=1)


class NoPlanFoundError(Exception):
    """This cohort has no such plan."""


class NotADraftError(Exception):
    """The plan is not a draft (any more), so there is nothing to publish."""


@dataclass(frozen=True)
class Task:
    """What the solver needs: the request, the learners' time by enrolment (None: unknown), the hosts'."""

    plan_id: int
    request: Request
    learners: Mapping[int, BusyTime | None]
    hosts: Sequence[BusyTime]


@dataclass(frozen=True)
class ShownPlan:
    """A plan as its teacher sees it; of `proposal` and `impossible` at most one is there."""

    id: int
    status: PlanStatus
    request: Request
    requested_at: datetime
    proposal: Proposal | None
    impossible: Impossible | None

    @property
    def is_under_way(self) -> bool:
        return self.status is PlanStatus.REQUESTED


@dataclass(frozen=True)
class Meeting:
    """A published live session as the teaching team sees it."""

    number: int
    group: int
    groups: int
    starts_at: datetime
    ends_at: datetime
    invited: int


def first_request(course: Course, *, today: date) -> Request:
    """Return the request to start from: the module's live share, in what is left of its weeks."""
    live = course.module.live
    if live is None:
        raise ValueError("this module has no live sessions")
    first_day = max(course.starts_on, today + NOTICE)
    last_day = course.starts_on + course.module.weeks * WEEK - timedelta(days=1)
    weeks = (last_day - first_day).days // 7 + 1
    if weeks < 1:
        weeks = course.module.weeks
    demand = propose(course.module.study_hours, live.share, live.session_minutes, weeks)
    return ask(demand, first_day=first_day)


def request_plan(db: Session, cohort_id: int, host_id: int, request: Request, now: datetime) -> int:
    """Ask for a plan, led by the teacher of enrolment `host_id`; return its id."""
    plan = Plan(
        cohort_id=cohort_id,
        host_id=host_id,
        status=PlanStatus.REQUESTED,
        request=request_document(request),
        requested_at=now,
        due_at=now,
    )
    db.add(plan)
    db.flush()
    return plan.id


def take_due_plan(db: Session, now: datetime) -> Task | None:
    """Claim the plan that was asked for first; None if none is due."""
    plan = work.claim(db, Plan, now, lease=PLANNING_LEASE)
    if plan is None:
        return None
    request = read_request(plan.request)
    known = busy_times(db, plan.cohort_id, horizon(request))
    return Task(
        plan_id=plan.id,
        request=request,
        learners={learner: known.get(learner) for learner in _learners(db, plan.cohort_id)},
        hosts=[known[plan.host_id]] if plan.host_id in known else [],
    )


def record_plan(db: Session, plan_id: int, found: Proposal | Impossible) -> None:
    """Keep what the solver found."""
    plan = db.get_one(Plan, plan_id)
    if isinstance(found, Proposal):
        plan.status, plan.result = PlanStatus.DRAFT, proposal_document(found)
    else:
        plan.status, plan.result = PlanStatus.IMPOSSIBLE, asdict(found)
    work.finish(plan, due_at=None)


def find_plan(db: Session, plan_id: int, *, cohort_id: int | None) -> ShownPlan:
    """Return a plan of this cohort; raise `NoPlanFoundError` where it has no such plan."""
    plan = db.get(Plan, plan_id)
    if plan is None or plan.cohort_id != cohort_id:
        raise NoPlanFoundError
    return _shown(plan)


def plans_of(db: Session, cohort_id: int) -> tuple[ShownPlan, ...]:
    """Return the plans of a cohort, the latest first."""
    query = select(Plan).where(Plan.cohort_id == cohort_id).order_by(Plan.requested_at.desc(), Plan.id.desc())
    return tuple(_shown(plan) for plan in db.scalars(query))


def publish_plan(db: Session, plan_id: int, now: datetime) -> None:
    """Make the draft's times the cohort's live sessions; raise `NotADraftError` where it is none.

    Sessions keep their identity: a number and group that was published before moves to its new time, and what
    the plan has no place for is cancelled. Sessions of the past stay as they are.
    """
    plan = db.execute(select(Plan).where(Plan.id == plan_id).with_for_update()).scalar_one()
    shown = _shown(plan)
    if plan.status is not PlanStatus.DRAFT or shown.proposal is None:
        raise NotADraftError
    past, coming = _published(db, plan.cohort_id, now)
    learners = _learners(db, plan.cohort_id)
    for number, session in enumerate(shown.proposal.sessions, start=len({row.number for row in past}) + 1):
        places = invite(learners, session.groups, capacity=shown.request.capacity)
        for group, (proposed, invited) in enumerate(zip(session.groups, places, strict=True), start=1):
            row = coming.pop((number, group), None) or _added(db, plan.cohort_id, number, group)
            _move(row, proposed.start, proposed.start + shown.request.duration, now)
            _seat(db, row, invited)
    for row in coming.values():
        row.cancelled_at = row.changed_at = now
        row.sequence += 1
    plan.status, plan.published_at = PlanStatus.PUBLISHED, now


def invite(
    learners: Sequence[int], groups: Sequence[ProposedGroup], *, capacity: int | None
) -> list[list[int]]:
    """Return who is invited to each group: those with a seat, then the others where most places are left.

    The others are those who are busy at every time or of whom nothing is known: they are told when it is too.
    """
    places = [list(group.seats) for group in groups]
    seated = {learner for group in places for learner in group}
    for learner in learners:
        smallest = min(places, key=len)
        if learner not in seated and (capacity is None or len(smallest) < capacity):
            smallest.append(learner)
    return places


def sessions_of_cohort(db: Session, cohort_id: int) -> tuple[Meeting, ...]:
    """Return the published sessions of a cohort that are not cancelled, in order of time."""
    rows = db.execute(
        select(LiveSession, func.count(Seat.enrolment_id))
        .outerjoin(Seat, Seat.live_session_id == LiveSession.id)
        .where(LiveSession.cohort_id == cohort_id, LiveSession.cancelled_at.is_(None))
        .group_by(LiveSession.id)
        .order_by(LiveSession.starts_at, LiveSession.id)
    ).all()
    groups = {
        row.number: max(other.group for other, _ in rows if other.number == row.number) for row, _ in rows
    }
    return tuple(
        Meeting(row.number, row.group, groups[row.number], row.starts_at, row.ends_at, invited)
        for row, invited in rows
    )


def _shown(plan: Plan) -> ShownPlan:
    impossible = plan.status is PlanStatus.IMPOSSIBLE
    return ShownPlan(
        id=plan.id,
        status=plan.status,
        request=read_request(plan.request),
        requested_at=plan.requested_at,
        proposal=read_proposal(plan.result) if plan.result and not impossible else None,
        impossible=Impossible(**plan.result) if plan.result and impossible else None,
    )


def _learners(db: Session, cohort_id: int) -> list[int]:
    query = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.role == Role.LEARNER.value)
    return list(db.scalars(query.order_by(Enrolment.id)))


def _published(
    db: Session, cohort_id: int, now: datetime
) -> tuple[list[LiveSession], dict[tuple[int, int], LiveSession]]:
    """Return the sessions that have begun, and those to come by number and group."""
    rows = db.scalars(select(LiveSession).where(LiveSession.cohort_id == cohort_id)).all()
    past = [row for row in rows if row.starts_at <= now and row.cancelled_at is None]
    coming = {(row.number, row.group): row for row in rows if row not in past}
    return past, coming


def _added(db: Session, cohort_id: int, number: int, group: int) -> LiveSession:
    row = LiveSession(cohort_id=cohort_id, number=number, group=group, uid=f"{uuid4()}@klimop", sequence=-1)
    db.add(row)
    return row


def _move(row: LiveSession, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if (row.starts_at, row.ends_at, row.cancelled_at) != (starts_at, ends_at, None):
        row.starts_at, row.ends_at, row.cancelled_at = starts_at, ends_at, None
        row.sequence, row.changed_at = row.sequence + 1, now


def _seat(db: Session, row: LiveSession, invited: Sequence[int]) -> None:
    db.flush()
    db.execute(delete(Seat).where(Seat.live_session_id == row.id))
    db.add_all(
        Seat(live_session_id=row.id, enrolment_id=learner, status=SeatStatus.INVITED) for learner in invited
    )
