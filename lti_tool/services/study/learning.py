"""Studying: what a learner finds, opens and finishes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.activity import Activity, Page, Quiz, Video
from content.module import Module, Unit
from content.progress import States, Tally, tally
from content.quiz import Answers, Marked, mark
from content.schedule import Chosen, Schedule
from content.spans import Span
from content.state import Stage, State, attempted, opened, read, watched
from lti_tool.lti.roles import Role
from lti_tool.services.gradebooks import grading
from lti_tool.services.study.publishing import Published, find_published
from lti_tool.storage.models import Cohort, Context, Enrolment, ModuleVersion, Progress, QuizAttempt
from lti_tool.storage.rows import find_or_add


class NotPlacedError(Exception):
    """The link that was launched opens no cohort (any more)."""


class CohortEndedError(NotPlacedError):
    """The cohort is closed: what was done in it is kept, and nothing of it opens."""


class NotEnrolledError(Exception):
    """The visitor looks at a cohort without taking part in it."""


class NoActivityError(Exception):
    """The module has no activity of this id, or none of this kind."""


class NotOpenYetError(Exception):
    """The activity is of a unit that opens later."""

    def __init__(self, unit: Unit, opens: date) -> None:
        super().__init__(unit.id, opens)
        self.unit, self.opens = unit, opens


@dataclass(frozen=True)
class PassMark:
    """The share of the points from which a learner passes, and what marks are out of."""

    share: float
    maximum: float

    @property
    def points(self) -> float:
        return round(self.share * self.maximum, 2)


@dataclass(frozen=True)
class Course:
    """A cohort, the version of the module that it studies, and when; `pass_mark` is None for none."""

    cohort_id: int
    name: str
    published: Published
    schedule: Schedule
    pass_mark: PassMark | None = None

    @property
    def module(self) -> Module:
        return self.published.module

    @property
    def starts_on(self) -> date:
        return self.schedule.starts_on

    def activity(self, activity_id: str) -> Activity:
        for activity in self.module.activities:
            if activity.id == activity_id:
                return activity
        raise NoActivityError(activity_id)

    def unit_of(self, activity: Activity) -> Unit:
        return next(unit for unit in self.module.units if activity in unit.activities)

    def open_units(self, today: date) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.module.units if self.schedule.is_open(unit, today))


@dataclass(frozen=True)
class Study:
    """How far one enrolment is; `last` is the activity opened last, empty before the first."""

    states: States
    last: str


NOTHING_STUDIED = Study({}, "")


@dataclass(frozen=True)
class Taken:
    """A module that someone studies, in which cohort and through which course of an LMS."""

    module_id: str
    cohort: str
    context: str
    tally: Tally


@dataclass(frozen=True)
class Attempt:
    """An attempt at a quiz as it was handed in and marked."""

    number: int
    marked: Marked


def find_course(db: Session, cohort_id: int | None) -> Course:
    """Return the cohort with its module; raise `NotPlacedError` where there is none, or it has ended."""
    cohort = _find_cohort(db, cohort_id)
    if cohort.closed_at is not None:
        raise CohortEndedError
    return course_of(db, cohort)


def find_any_course(db: Session, cohort_id: int | None) -> Course:
    """Return the cohort with its module, ended or not; raise `NotPlacedError` where there is none."""
    return course_of(db, _find_cohort(db, cohort_id))


def course_of(db: Session, cohort: Cohort) -> Course:
    """Return what a cohort studies, and when."""
    published = find_published(db, cohort.module_version_id)
    return Course(
        cohort_id=cohort.id,
        name=cohort.name,
        published=published,
        schedule=_schedule(published.module, cohort),
        pass_mark=None if cohort.pass_share is None else PassMark(cohort.pass_share, cohort.maximum),
    )


def find_enrolment(db: Session, cohort_id: int | None, person_id: int) -> int:
    """Return a person's enrolment in a cohort; raise `NotEnrolledError` where there is none."""
    found = db.scalar(
        select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id)
    )
    if found is None:
        raise NotEnrolledError
    return found


def require_open(course: Course, activity: Activity, today: date) -> None:
    """Raise `NotOpenYetError` for an activity of a unit that opens later."""
    unit = course.unit_of(activity)
    if not course.schedule.is_open(unit, today):
        raise NotOpenYetError(unit, course.schedule.opens(unit))


def taken_by(db: Session, person_id: int, programme_id: str) -> tuple[Taken, ...]:
    """Return what a learner studies of a programme in cohorts that have not ended, the first one first."""
    rows = db.execute(
        select(Enrolment.id, Cohort, Context.title)
        .join(Cohort, Enrolment.cohort_id == Cohort.id)
        .join(ModuleVersion, Cohort.module_version_id == ModuleVersion.id)
        .outerjoin(Context, Enrolment.context_id == Context.id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.role == Role.LEARNER.value,
            ModuleVersion.programme_id == programme_id,
            Cohort.closed_at.is_(None),
        )
        .order_by(Cohort.starts_on, Cohort.id)
    ).all()
    studies = studies_of(db, [enrolment_id for enrolment_id, *_ in rows])
    taken = []
    for enrolment_id, cohort, context in rows:
        module = find_published(db, cohort.module_version_id).module
        study = studies.get(enrolment_id, NOTHING_STUDIED)
        taken.append(Taken(module.id, cohort.name, context or "", tally(module, study.states)))
    return tuple(taken)


def study_of(db: Session, enrolment_id: int) -> Study:
    """Return how far an enrolment is in its module."""
    return studies_of(db, [enrolment_id]).get(enrolment_id, NOTHING_STUDIED)


def studies_of(db: Session, enrolment_ids: Iterable[int]) -> dict[int, Study]:
    """Return how far each enrolment is that has opened anything, in two queries."""
    ids = list(enrolment_ids)
    attempts = {
        (enrolment_id, activity_id): number
        for enrolment_id, activity_id, number in db.execute(
            select(QuizAttempt.enrolment_id, QuizAttempt.activity_id, func.count())
            .where(QuizAttempt.enrolment_id.in_(ids))
            .group_by(QuizAttempt.enrolment_id, QuizAttempt.activity_id)
        )
    }
    rows = db.scalars(
        select(Progress)
        .where(Progress.enrolment_id.in_(ids))
        .order_by(Progress.enrolment_id, Progress.updated_at, Progress.activity_id)
    )
    studies: dict[int, Study] = {}
    for row in rows:
        states = dict(studies.get(row.enrolment_id, NOTHING_STUDIED).states)
        states[row.activity_id] = _state(row, attempts.get((row.enrolment_id, row.activity_id), 0))
        studies[row.enrolment_id] = Study(states, row.activity_id)
    return studies


def open_activity(db: Session, enrolment_id: int, activity: Activity, now: datetime) -> State:
    """Note that an activity was opened, and return its state."""
    row = _progress(db, enrolment_id, activity, now)
    state = opened(_state(row, _attempts(db, enrolment_id, activity)))
    _write(row, state, now)
    return state


def finish_reading(db: Session, enrolment_id: int, page: Activity, now: datetime) -> None:
    """Mark a page as read; twice is as good as once."""
    if not isinstance(page, Page):
        raise NoActivityError(page.id)
    row = _progress(db, enrolment_id, page, now)
    _write(row, read(_state(row, 0)), now)


def record_watching(
    db: Session,
    enrolment_id: int,
    video: Activity,
    spans: Iterable[Span],
    *,
    position: float,
    duration: float,
    now: datetime,
) -> State:
    """Add what was watched of a video; reports may come late, twice or in any order."""
    if not isinstance(video, Video):
        raise NoActivityError(video.id)
    row = _progress(db, enrolment_id, video, now)
    state = watched(video, _state(row, 0), spans, position=position, duration=duration)
    _write(row, state, now)
    return state


def hand_in_quiz(
    db: Session,
    enrolment_id: int,
    quiz: Activity,
    answers: Answers,
    *,
    ticket: str,
    now: datetime,
) -> None:
    """Mark and keep an attempt, and queue what it earned; the same ticket twice is one attempt.

    Raises `NoAttemptsLeftError` and what `content.quiz.mark` raises.
    """
    if not isinstance(quiz, Quiz):
        raise NoActivityError(quiz.id)
    _hold(db, enrolment_id)
    row = _progress(db, enrolment_id, quiz, now)
    if _is_handed_in(db, enrolment_id, ticket):
        return
    marked = mark(quiz, answers)
    state = attempted(quiz, _state(row, _attempts(db, enrolment_id, quiz)), marked)
    db.add(
        QuizAttempt(
            enrolment_id=enrolment_id,
            activity_id=quiz.id,
            ticket=ticket,
            answers={question: list(given) for question, given in answers.items()},
            points=marked.points,
            maximum=marked.maximum,
            submitted_at=now,
        )
    )
    _write(row, state, now)
    db.flush()
    grading.queue_scores(db, enrolment_id, now)


def last_attempt(db: Session, enrolment_id: int, quiz: Quiz) -> Attempt | None:
    """Return the latest attempt, marked again from its answers; None before the first."""
    rows = db.scalars(
        select(QuizAttempt)
        .where(QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.activity_id == quiz.id)
        .order_by(QuizAttempt.id)
    ).all()
    if not rows:
        return None
    answers = {question: tuple(given) for question, given in rows[-1].answers.items()}
    return Attempt(len(rows), mark(quiz, answers))


def _find_cohort(db: Session, cohort_id: int | None) -> Cohort:
    cohort = db.get(Cohort, cohort_id) if cohort_id is not None else None
    if cohort is None:
        raise NotPlacedError
    return cohort


def _schedule(module: Module, cohort: Cohort) -> Schedule:
    return Schedule(
        module=module,
        starts_on=cohort.starts_on,
        weeks=cohort.weeks,
        unlocks_weekly=cohort.unlocks_weekly,
        has_due_dates=cohort.has_due_dates,
        chosen={
            unit_id: Chosen(**{name: date.fromisoformat(day) for name, day in dates.items()})
            for unit_id, dates in cohort.dates.items()
        },
    )


def _hold(db: Session, enrolment_id: int) -> None:
    """Let one transaction at a time change what an enrolment earned: the score is worked out of all of it."""
    db.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True))


def _is_handed_in(db: Session, enrolment_id: int, ticket: str) -> bool:
    query = select(QuizAttempt.id).where(
        QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.ticket == ticket
    )
    return db.scalar(query) is not None


def _attempts(db: Session, enrolment_id: int, activity: Activity) -> int:
    query = select(func.count()).where(
        QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.activity_id == activity.id
    )
    return db.scalar(query) or 0


def _progress(db: Session, enrolment_id: int, activity: Activity, now: datetime) -> Progress:
    """Return the row, locked, so that two tabs change it one after the other."""
    keys = {"enrolment_id": enrolment_id, "activity_id": activity.id}
    find_or_add(db, Progress, keys=keys, started_at=now, updated_at=now, position=0.0, watched=[])
    query = select(Progress).filter_by(**keys).with_for_update()
    return db.execute(query, execution_options={"populate_existing": True}).scalar_one()


def _state(row: Progress, attempts: int) -> State:
    return State(
        stage=Stage.DONE if row.completed_at else Stage.STARTED,
        position=row.position,
        watched=tuple(Span(start, end) for start, end in row.watched),
        attempts=attempts,
        best=row.best_share or 0.0,
    )


def _write(row: Progress, state: State, now: datetime) -> None:
    row.updated_at = now
    row.position = state.position
    row.watched = [[span.start, span.end] for span in state.watched]
    row.best_share = state.best
    if state.stage is Stage.DONE and row.completed_at is None:
        row.completed_at = now
