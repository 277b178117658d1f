"""What a change of a cohort's arrangement brings about, worked out before it is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.module import Unit
from content.progress import Score, States, score
from content.schedule import DueDate, NoDueDate, Schedule, overdue
from lti_tool.lti.roles import Role
from lti_tool.services.cohorts.configuring import Arrangement
from lti_tool.services.cohorts.consequences import (
    CatchingUp,
    Closing,
    Consequence,
    DueAdded,
    DueDropped,
    DueMoved,
    FallingBehind,
    GradingChanged,
    Invited,
    LeftOut,
    MaximumChanged,
    Numbers,
    Opening,
    OpeningMoved,
    PassMarkChanged,
    Renamed,
    SessionsStay,
    Shift,
)
from lti_tool.services.gradebooks.columns import GRADED_VIEWS
from lti_tool.services.study.learning import studies_of
from lti_tool.storage.models import (
    Context,
    Deployment,
    Enrolment,
    Grading,
    Institution,
    LiveSession,
    ResourceLink,
)
from lti_tool.zone import ZONE


@dataclass(frozen=True)
class _Change:
    """What is arranged and what is wanted, and how far each learner is who has not left."""

    cohort_id: int
    before: Arrangement
    after: Arrangement
    learners: tuple[States, ...]
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    @property
    def units(self) -> tuple[tuple[int, Unit], ...]:
        return tuple(enumerate(self.before.schedule.module.units, start=1))

    @property
    def schedules(self) -> tuple[Schedule, Schedule]:
        return self.before.schedule, self.after.schedule


def foresee(
    db: Session, cohort_id: int, before: Arrangement, after: Arrangement, now: datetime
) -> tuple[Consequence, ...]:
    """Return what changes for whom when a cohort is arranged otherwise; nothing for what stays as it is."""
    change = _Change(cohort_id, before, after, _learners(db, cohort_id), now)
    return (
        *([Renamed(after.name)] if after.name != before.name else ()),
        *_openings(change),
        *_opened_and_closed(change),
        *_due_dates(change),
        *_lateness(change),
        *_sessions(db, change),
        *_pass_mark(change),
        *_gradebooks(db, change),
        *_institutions(db, change),
    )


def _learners(db: Session, cohort_id: int) -> tuple[States, ...]:
    ids = db.scalars(
        select(Enrolment.id).where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.role == Role.LEARNER.value,
            Enrolment.left_at.is_(None),
        )
    ).all()
    studies = studies_of(db, ids)
    return tuple(studies[id].states if id in studies else {} for id in ids)


def _openings(change: _Change) -> Iterator[Consequence]:
    before, after = change.schedules
    for units, shift in _moved(change, lambda unit: (after.opens(unit) - before.opens(unit)).days):
        yield OpeningMoved(units, shift, len(change.learners))


def _opened_and_closed(change: _Change) -> Iterator[Consequence]:
    before, after = change.schedules
    was_open = {number for number, unit in change.units if before.is_open(unit, change.today)}
    will_be_open = {number for number, unit in change.units if after.is_open(unit, change.today)}
    if closing := tuple(sorted(was_open - will_be_open)):
        inside = {
            activity.id for number, unit in change.units if number in closing for activity in unit.activities
        }
        begun = sum(not inside.isdisjoint(states) for states in change.learners)
        yield Closing(closing, len(change.learners), begun)
    if opening := tuple(sorted(will_be_open - was_open)):
        yield Opening(opening, len(change.learners))


def _due_dates(change: _Change) -> Iterator[Consequence]:
    before, after = change.schedules
    for units, shift in _moved(change, lambda unit: _days(before.due(unit), after.due(unit))):
        yield DueMoved(units, shift)
    if added := _due_only_in(after, before, change):
        yield DueAdded(added)
    if dropped := _due_only_in(before, after, change):
        yield DueDropped(dropped)


def _lateness(change: _Change) -> Iterator[Consequence]:
    late = [
        [bool(overdue(schedule, states, change.today)) for schedule in change.schedules]
        for states in change.learners
    ]
    if falling := late.count([False, True]):
        yield FallingBehind(falling)
    if catching_up := late.count([True, False]):
        yield CatchingUp(catching_up)


def _sessions(db: Session, change: _Change) -> Iterator[Consequence]:
    before, after = change.schedules
    if (before.starts_on, before.last_day) == (after.starts_on, after.last_day):
        return
    planned = db.scalar(
        select(func.count()).where(
            LiveSession.cohort_id == change.cohort_id,
            LiveSession.starts_at > change.now,
            LiveSession.cancelled_at.is_(None),
        )
    )
    if planned:
        yield SessionsStay(planned)


def _pass_mark(change: _Change) -> Iterator[Consequence]:
    before, after = change.before.pass_share, change.after.pass_share
    if before == after:
        return
    reached = [score(change.before.schedule.module, states) for states in change.learners]
    shares = [one.share for one in reached if isinstance(one, Score)]
    passed = [(_passes(share, before), _passes(share, after)) for share in shares]
    yield PassMarkChanged(after, passed.count((False, True)), passed.count((True, False)))


def _gradebooks(db: Session, change: _Change) -> Iterator[Consequence]:
    before, after = change.before, change.after
    courses = db.scalar(
        select(func.count(func.distinct(ResourceLink.context_id))).where(
            ResourceLink.cohort_id == change.cohort_id, ResourceLink.opens.in_(GRADED_VIEWS)
        )
    )
    if before.grading is not after.grading:
        yield GradingChanged(before.grading, after.grading, courses or 0)
    elif before.maximum != after.maximum and after.grading is not Grading.NOTHING:
        yield MaximumChanged(after.maximum, courses or 0)


def _institutions(db: Session, change: _Change) -> Iterator[Consequence]:
    before, after = change.before.institutions, change.after.institutions
    names = dict(db.execute(select(Institution.slug, Institution.name)).tuples().all())
    if invited := after - before:
        yield Invited(tuple(sorted(names[slug] for slug in invited)))
    if left_out := before - after:
        yield LeftOut(tuple(sorted(names[slug] for slug in left_out)), _links(db, change.cohort_id, left_out))


def _links(db: Session, cohort_id: int, slugs: frozenset[str]) -> int:
    links = (
        select(func.count())
        .select_from(ResourceLink)
        .join(Context, ResourceLink.context_id == Context.id)
        .join(Deployment, Context.deployment_id == Deployment.id)
        .join(Institution, Deployment.institution_id == Institution.id)
        .where(ResourceLink.cohort_id == cohort_id, Institution.slug.in_(slugs))
    )
    return db.scalar(links) or 0


def _moved(change: _Change, days_of: Callable[[Unit], int]) -> Iterator[tuple[Numbers, Shift]]:
    """Yield the units that move later and by how much, then those that move earlier."""
    days = {number: days_of(unit) for number, unit in change.units}
    for direction in (1, -1):
        moves = {number: moved for number, moved in days.items() if moved * direction > 0}
        if moves:
            yield tuple(moves), (min(moves.values(), key=abs), max(moves.values(), key=abs))


def _days(before: DueDate, after: DueDate) -> int:
    if isinstance(before, NoDueDate) or isinstance(after, NoDueDate):
        return 0
    return (after - before).days


def _due_only_in(one: Schedule, other: Schedule, change: _Change) -> Numbers:
    return tuple(
        number
        for number, unit in change.units
        if one.due(unit) is not NoDueDate.NONE and other.due(unit) is NoDueDate.NONE
    )


def _passes(share: float, pass_share: float | None) -> bool:
    return pass_share is not None and share >= pass_share
