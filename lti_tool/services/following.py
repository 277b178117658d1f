"""A cohort as its teachers follow it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content import progress
from content.progress import Tally
from lti_tool.lti.roles import Role
from lti_tool.services.learning import NOTHING_STUDIED, Course, studies_of
from lti_tool.storage.models import Enrolment, Institution, Person, Progress, Registration, Score


@dataclass(frozen=True)
class FollowedLearner:
    """One learner of a cohort; `mark` is the share earned so far, None before the first graded quiz."""

    name: str | None
    institution: str
    employer: str | None
    tally: Tally
    last_seen: datetime | None
    mark: float | None


def learners_of(db: Session, course: Course) -> tuple[FollowedLearner, ...]:
    """Return the learners of a cohort, those who did least first, for they may need someone."""
    seen = (
        select(Progress.enrolment_id, func.max(Progress.updated_at).label("at"))
        .group_by(Progress.enrolment_id)
        .subquery()
    )
    rows = db.execute(
        select(Enrolment.id, Enrolment.employer, Person.name, Institution.name, Score.share, seen.c.at)
        .join(Person, Enrolment.person_id == Person.id)
        .join(Registration, Person.registration_id == Registration.id)
        .join(Institution, Registration.institution_id == Institution.id)
        .outerjoin(Score, Score.enrolment_id == Enrolment.id)
        .outerjoin(seen, seen.c.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == course.cohort_id, Enrolment.role == Role.LEARNER.value)
        .order_by(Person.name, Enrolment.id)
    ).all()
    studies = studies_of(db, [row[0] for row in rows])
    learners = [
        FollowedLearner(
            name=name,
            institution=institution,
            employer=employer,
            tally=progress.tally(course.module, studies.get(enrolment_id, NOTHING_STUDIED).states),
            last_seen=last_seen,
            mark=mark,
        )
        for enrolment_id, employer, name, institution, mark, last_seen in rows
    ]
    return tuple(sorted(learners, key=lambda learner: learner.tally.done))
