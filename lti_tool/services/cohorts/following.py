"""A cohort as its teachers follow it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from content import progress, schedule
from content.progress import Score, Tally
from lti_tool.lti.roles import Role
from lti_tool.services.study.learning import NOTHING_STUDIED, Course, Study, studies_of
from lti_tool.storage.models import Enrolment, Institution, Person, Progress


class Need(StrEnum):
    """Why a learner may need someone."""

    BEHIND = "behind"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, kw_only=True)
class FollowedLearner:
    """One learner of a cohort; `mark` is the share earned so far, None before the first graded quiz.

    `behind` is how many units were due and are not complete; `has_launched` is false for someone whom only
    the LMS's list of members names.
    """

    name: str | None
    institution: str
    employer: str | None
    groups: tuple[str, ...]
    tally: Tally
    behind: int
    has_launched: bool
    has_left: bool
    last_seen: datetime | None
    mark: float | None

    def needs(self, need: Need) -> bool:
        return self.behind > 0 if need is Need.BEHIND else not self.has_launched


@dataclass(frozen=True)
class Followed:
    """The learners of a cohort, and apart from them those who left its courses and do not count."""

    learners: tuple[FollowedLearner, ...]
    left: tuple[FollowedLearner, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(sorted({group for learner in self.learners for group in learner.groups}))

    @property
    def institutions(self) -> tuple[str, ...]:
        return tuple(sorted({learner.institution for learner in self.learners}))

    def count(self, need: Need | str) -> int:
        return sum(learner.needs(Need(need)) for learner in self.learners)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which learners to show: those in whom every word is found, of a group, an institution, with a need."""

    words: str = ""
    group: str = ""
    institution: str = ""
    need: Need | None = None

    @property
    def narrows(self) -> bool:
        return self != Wanted()

    def among(self, learners: Iterable[FollowedLearner]) -> tuple[FollowedLearner, ...]:
        return tuple(learner for learner in learners if self._fits(learner))

    def _fits(self, learner: FollowedLearner) -> bool:
        about = " ".join((learner.name or "", learner.employer or "", *learner.groups)).casefold()
        return (
            all(word in about for word in self.words.casefold().split())
            and self.group in ("", *learner.groups)
            and self.institution in ("", learner.institution)
            and (self.need is None or learner.needs(self.need))
        )


def follow(db: Session, course: Course, today: date, *, institution_id: int | None = None) -> Followed:
    """Return the learners of a cohort, or only those of one institution; who needs someone most is first."""
    rows = db.execute(_learners(course.cohort_id, institution_id)).all()
    studies = studies_of(db, [enrolment.id for enrolment, *_ in rows])
    followed = sorted(
        (
            _followed(course, enrolment, studies.get(enrolment.id, NOTHING_STUDIED), today, *about)
            for enrolment, *about in rows
        ),
        key=lambda learner: (-learner.behind, learner.tally.done),
    )
    return Followed(
        learners=tuple(learner for learner in followed if not learner.has_left),
        left=tuple(learner for learner in followed if learner.has_left),
    )


def _learners(
    cohort_id: int, institution_id: int | None
) -> Select[tuple[Enrolment, str | None, str, datetime | None]]:
    seen = (
        select(Progress.enrolment_id, func.max(Progress.updated_at).label("at"))
        .group_by(Progress.enrolment_id)
        .subquery()
    )
    query = (
        select(Enrolment, Person.name, Institution.name, seen.c.at)
        .join(Person, Enrolment.person_id == Person.id)
        .join(Institution, Enrolment.institution_id == Institution.id)
        .outerjoin(seen, seen.c.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.role == Role.LEARNER.value)
        .order_by(Person.name, Enrolment.id)
    )
    return query if institution_id is None else query.where(Enrolment.institution_id == institution_id)


def _followed(
    course: Course,
    enrolment: Enrolment,
    study: Study,
    today: date,
    name: str | None,
    institution: str,
    last_seen: datetime | None,
) -> FollowedLearner:
    reached = progress.score(course.module, study.states)
    return FollowedLearner(
        name=name,
        institution=institution,
        employer=enrolment.employer,
        groups=tuple(sorted(enrolment.groups)),
        tally=progress.tally(course.module, study.states),
        behind=len(schedule.overdue(course.schedule, study.states, today)),
        has_launched=enrolment.launched_at is not None,
        has_left=enrolment.left_at is not None,
        last_seen=last_seen,
        mark=reached.share if isinstance(reached, Score) else None,
    )
