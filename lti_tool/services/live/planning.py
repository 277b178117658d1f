"""Planning live sessions: a teacher asks, the worker works it out, the teacher publishes.

The solver takes seconds, so working a plan out is three steps; only the outer two touch the database:
`claim_plan` and `read_task`, then `services.solving.work_out`, then `record_plan`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from content.module import LiveShare, Mode, Module
from lti_tool.lti.roles import Role
from lti_tool.services.agendas.busy_time import BusyTime, busy_times
from lti_tool.services.live.proposal import (
    Impossible,
    Proposal,
    ProposedGroup,
    proposal_document,
    read_proposal,
    read_request,
    request_document,
)
from lti_tool.services.study.learning import Course
from lti_tool.storage import work
from lti_tool.storage.models import Cohort, Enrolment, LiveSession, Plan, PlanStatus, Seat, SeatStatus
from scheduling.demand import Demand, Request, ask, propose
from scheduling.slots import horizon

PLANNING_LEASE = timedelta(minutes=5)
# People in care know their shifts some weeks ahead.
NOTICE = timedelta(days=14)
# Who left the course keeps her seat for when she returns, and takes nobody's place.
SEATED = and_(Enrolment.id == Seat.enrolment_id, Enrolment.left_at.is_(None))


class NoPlanFoundError(Exception):
    """This cohort has no such plan."""


class NotADraftError(Exception):
    """The plan is not a draft (any more), so there is nothing to publish."""


class TimesPassedError(Exception):
    """The draft is so old that some of its times have passed."""


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
    def without_place(self) -> int:
        """Return how many learners the groups of a session have no place for."""
        if self.request.capacity is None or self.proposal is None:
            return 0
        return max(0, self.proposal.learners - self.request.capacity * self.request.groups)

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
    last_day = course.schedule.last_day
    weeks = (last_day - first_day).days // 7 + 1
    on_campus = live.mode is Mode.CAMPUS
    return ask(_demand(course.module, live, weeks), first_day=first_day, on_campus=on_campus)


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


def claim_plan(db: Session, now: datetime) -> int | None:
    """Take the plan in hand that was asked for first; None if none is due."""
    plan = work.claim(db, Plan, now, lease=PLANNING_LEASE)
    return None if plan is None else plan.id


def read_task(db: Session, plan_id: int, now: datetime) -> Task:
    """Return what the solver needs to work out a plan."""
    plan = db.get_one(Plan, plan_id)
    request = read_request(plan.request)
    known = busy_times(
        db,
        plan.cohort_id,
        horizon(request),
        zone=ZoneInfo(request.zone),
        now=now,
        on_campus=request.on_campus,
    )
    return Task(
        plan_id=plan.id,
        request=request,
        learners={learner: known.get(learner) for learner in _learners(db, plan.cohort_id)},
        hosts=[known[plan.host_id]] if plan.host_id in known else [],
    )


def record_plan(db: Session, plan_id: int, found: Proposal | Impossible) -> None:
    """Keep what the solver found, unless someone else's result is there already."""
    plan = db.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
    if plan.status is not PlanStatus.REQUESTED:
        return
    if isinstance(found, Proposal):
        plan.status, plan.result = PlanStatus.DRAFT, proposal_document(found)
    else:
        plan.status, plan.result = PlanStatus.IMPOSSIBLE, asdict(found)
    work.finish(plan, due_at=None)


def fail_plan(db: Session, plan_id: int) -> None:
    """Give up on a plan that cannot be worked out; its teacher is told."""
    plan = db.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
    if plan.status is PlanStatus.REQUESTED:
        plan.status = PlanStatus.FAILED
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
    """Make the draft's times the cohort's live sessions.

    Raises `NotADraftError` where it is none, `TimesPassedError` where a time of it lies in the past. Sessions
    keep their identity: a number and group that was published before moves to its new time, and what the plan
    has no place for is cancelled. Sessions that have begun stay as they are, with all their groups.
    """
    cohort_id = db.get_one(Plan, plan_id).cohort_id
    # One publication of a cohort at a time, whichever plan it is of.
    db.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())
    plan = db.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
    shown = _shown(plan)
    if plan.status is not PlanStatus.DRAFT or shown.proposal is None:
        raise NotADraftError
    if any(group.start <= now for session in shown.proposal.sessions for group in session.groups):
        raise TimesPassedError
    begun, coming = _published(db, plan.cohort_id, now)
    learners = _learners(db, plan.cohort_id)
    for number, session in enumerate(shown.proposal.sessions, start=max(begun, default=0) + 1):
        places = invite(learners, session.groups, capacity=shown.request.capacity)
        for group, (proposed, invited) in enumerate(zip(session.groups, places, strict=True), start=1):
            row = coming.pop((number, group), None) or _added(db, plan.cohort_id, number, group)
            row.capacity = shown.request.capacity
            _move(row, proposed.start, proposed.start + shown.request.duration, now)
            db.flush()
            db.execute(delete(Seat).where(Seat.live_session_id == row.id))
            _seat(db, row, invited)
    for row in coming.values():
        if row.cancelled_at is None:
            row.cancelled_at = row.changed_at = now
            row.sequence += 1
    plan.status = PlanStatus.PUBLISHED


def has_sessions_ahead(db: Session, cohort_id: int, now: datetime) -> bool:
    """Return whether there are live sessions in which a newcomer could get a place."""
    query = select(LiveSession.id).where(
        LiveSession.cohort_id == cohort_id, LiveSession.starts_at > now, LiveSession.cancelled_at.is_(None)
    )
    return db.scalar(query.limit(1)) is not None


def seat_newcomer(db: Session, enrolment: Enrolment, now: datetime) -> None:
    """Give someone who enrols after publication a place in each coming session, where most are left.

    Who has a place in one of a session's groups keeps that.
    """
    seated = select(LiveSession.number).join(Seat).where(Seat.enrolment_id == enrolment.id)
    taken = func.count(Enrolment.id)
    rows = db.execute(
        select(LiveSession, taken)
        .outerjoin(Seat, Seat.live_session_id == LiveSession.id)
        .outerjoin(Enrolment, SEATED)
        .where(
            LiveSession.cohort_id == enrolment.cohort_id,
            LiveSession.starts_at > now,
            LiveSession.cancelled_at.is_(None),
            LiveSession.number.not_in(seated),
        )
        .group_by(LiveSession.id)
        .order_by(LiveSession.number, taken, LiveSession.group)
    ).all()
    emptiest = {row.number: (row, count) for row, count in reversed(rows)}
    for row, count in emptiest.values():
        if row.capacity is None or count < row.capacity:
            _seat(db, row, [enrolment.id])


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
        select(LiveSession, func.count(Enrolment.id))
        .outerjoin(Seat, Seat.live_session_id == LiveSession.id)
        .outerjoin(Enrolment, SEATED)
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
    query = select(Enrolment.id).where(
        Enrolment.cohort_id == cohort_id,
        Enrolment.role == Role.LEARNER.value,
        Enrolment.left_at.is_(None),
    )
    return list(db.scalars(query.order_by(Enrolment.id)))


def _demand(module: Module, live: LiveShare, weeks: int) -> Demand:
    """Return what the module needs live, in `weeks` or, where these are too few, in the module's own."""
    for room in (weeks, module.weeks):
        try:
            return propose(module.study_hours, live.share, live.session_minutes, room)
        except ValueError:
            continue
    raise ValueError("the module has more live sessions than days")


def _published(
    db: Session, cohort_id: int, now: datetime
) -> tuple[set[int], dict[tuple[int, int], LiveSession]]:
    """Return the numbers of the sessions that have begun, and the rows of the others by number and group."""
    rows = db.scalars(select(LiveSession).where(LiveSession.cohort_id == cohort_id)).all()
    begun = {row.number for row in rows if row.starts_at <= now and row.cancelled_at is None}
    return begun, {(row.number, row.group): row for row in rows if row.number not in begun}


def _added(db: Session, cohort_id: int, number: int, group: int) -> LiveSession:
    row = LiveSession(cohort_id=cohort_id, number=number, group=group, uid=f"{uuid4()}@klimop", sequence=-1)
    db.add(row)
    return row


def _move(row: LiveSession, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if (row.starts_at, row.ends_at, row.cancelled_at) != (starts_at, ends_at, None):
        row.starts_at, row.ends_at, row.cancelled_at = starts_at, ends_at, None
        row.sequence, row.changed_at = row.sequence + 1, now


def _seat(db: Session, row: LiveSession, invited: Sequence[int]) -> None:
    db.add_all(
        Seat(live_session_id=row.id, enrolment_id=learner, status=SeatStatus.INVITED) for learner in invited
    )
