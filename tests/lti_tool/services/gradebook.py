"""A small cohort with a module of two graded quizzes, in a course that has a gradebook."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from content.activity import Quiz
from content.document import to_document
from lti_tool.services.gradebooks import grading
from lti_tool.storage.models import (
    Context,
    Deployment,
    Enrolment,
    LineItem,
    ModuleVersion,
    Opens,
    Partner,
    Progress,
    QuizAttempt,
    Registration,
    ResourceLink,
)
from tests.content.examples import module, page, quiz, single, true_false, unit
from tests.lti_tool.services.cohort import NOW, add_cohort

LMS = "https://lms.example"
# "check" is worth 2 points, "exam" 6.
CHECK = quiz("check", graded=True, questions=(single(points=2),))
EXAM = quiz("exam", graded=True, questions=(single(points=3), true_false(points=3)))
MODULE = module(
    units=(
        unit("first", activities=(page("read"), CHECK)),
        unit("second", activities=(page("more"), EXAM)),
    )
)
LEARNER = 2
COURSE = 1


def add_gradebook(db: Session, *, learners: int = 1, lms: str = LMS) -> None:
    """Add the cohort, with course 1 in which link 1 opens its module; no column is known yet."""
    add_cohort(db, learners=learners)
    version = db.get_one(ModuleVersion, 1)
    version.document, version.digest = to_document(MODULE), "two graded quizzes"
    platform = db.get_one(Registration, 1)
    platform.token_url = f"{lms}/token"
    for row in (
        Partner(cohort_id=1, institution_id=1),
        Deployment(
            id=1, registration_id=1, deployment_id="1", institution_id=1, seen_at=NOW, approved_at=NOW
        ),
        Context(id=COURSE, deployment_id=1, context_id="c", title="Course", line_items_url=f"{lms}/items"),
        ResourceLink(id=1, context_id=COURSE, link_id="l", opens=Opens.MODULE, cohort_id=1),
    ):
        db.add(row)
        db.flush()
    for enrolment in db.scalars(select(Enrolment)):
        enrolment.context_id = COURSE
    db.flush()
    _count_on(db)


def _count_on(db: Session) -> None:
    """Let PostgreSQL give ids beyond those that were given by hand."""
    if db.get_bind().dialect.name == "postgresql":
        for table in ("person", "enrolment", "context"):
            db.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000)"))


def add_column(
    db: Session, *, unit_id: str = "", url: str | None = f"{LMS}/items/1", is_ours: bool = False
) -> LineItem:
    column = LineItem(context_id=COURSE, cohort_id=1, unit_id=unit_id, url=url, is_ours=is_ours)
    db.add(column)
    db.flush()
    return column


def hand_in(db: Session, activity: Quiz, share: float, now: datetime, *, enrolment_id: int = LEARNER) -> None:
    """Let a learner have attempted a quiz, and queue what that earned."""
    key = {"enrolment_id": enrolment_id, "activity_id": activity.id}
    row = db.get(Progress, key) or Progress(**key, started_at=now, updated_at=now, position=0, watched=[])
    row.best_share = max(share, row.best_share or 0)
    db.add(row)
    db.flush()
    attempts = db.query(QuizAttempt).filter_by(**key).count()
    points, maximum = share * activity.maximum, activity.maximum
    db.add(
        QuizAttempt(
            **key,
            ticket=f"{activity.id}-{attempts}",
            answers={},
            points=points,
            maximum=maximum,
            submitted_at=now,
        )
    )
    db.flush()
    grading.queue_scores(db, enrolment_id, now)
