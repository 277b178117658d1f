"""A cohort of two institutions that studies a module of three units, a week each, from 1 March 2027 on."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.document import to_document
from content.module import Offset
from lti_tool.lti.roles import Role
from lti_tool.storage.models import (
    Cohort,
    Context,
    Deployment,
    Enrolment,
    Institution,
    ModuleVersion,
    Partner,
    Person,
    Progress,
    QuizAttempt,
    ResourceLink,
)
from tests.content.examples import module, page, quiz, single, unit
from tests.lti_tool.services.cohort import add_cohort

START = date(2027, 3, 1)
# The second unit is open, the first was due yesterday.
NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
UCLL, VIVES, LUCA = 1, 2, 3
MODULE = module(
    units=tuple(
        unit(
            f"unit{number}",
            activities=(
                page(f"read{number}"),
                quiz(f"check{number}", graded=True, questions=(single(points=2),)),
            ),
            release=Offset(7 * number - 7),
            due=Offset(7 * number),
        )
        for number in (1, 2, 3)
    )
)


def add_class(db: Session) -> None:
    """Add cohort 1 with a teacher (enrolment 1) and learners 2 and 3 of UCLL, and learner 4 of VIVES."""
    add_cohort(db, learners=3)
    version = db.get_one(ModuleVersion, 1)
    version.document, version.digest = to_document(MODULE), "three units"
    db.get_one(Cohort, 1).starts_on = START
    db.add(Institution(id=VIVES, slug="vives", name="VIVES", locale="nl"))
    db.add(Institution(id=LUCA, slug="luca", name="LUCA", locale="nl"))
    db.add(Deployment(id=1, registration_id=1, deployment_id="1", institution_id=UCLL, seen_at=NOW))
    db.flush()
    db.add(Context(id=1, deployment_id=1, context_id="c", title="Zorg"))
    db.add_all(Partner(cohort_id=1, institution_id=institution) for institution in (UCLL, VIVES))
    db.flush()
    db.add(ResourceLink(id=1, context_id=1, link_id="l", cohort_id=1))
    for enrolment in db.scalars(select(Enrolment)):
        enrolment.context_id = 1
        db.get_one(Person, enrolment.person_id).name = f"{Role(enrolment.role).value} {enrolment.id}"
    db.get_one(Enrolment, 4).institution_id = VIVES
    db.flush()


def do(db: Session, enrolment_id: int, *activities: str, share: float | None = None) -> None:
    """Let a learner have done activities, an hour ago; a quiz with a share of its points."""
    for activity in activities:
        db.add(
            Progress(
                enrolment_id=enrolment_id,
                activity_id=activity,
                started_at=NOW - timedelta(hours=1),
                completed_at=NOW - timedelta(hours=1),
                updated_at=NOW - timedelta(hours=1),
                position=0,
                watched=[],
                best_share=share,
            )
        )
        if share is not None:
            db.add(_attempt(enrolment_id, activity, share))
    db.flush()


def _attempt(enrolment_id: int, activity: str, share: float) -> QuizAttempt:
    return QuizAttempt(
        enrolment_id=enrolment_id,
        activity_id=activity,
        ticket=activity,
        answers={},
        points=2 * share,
        maximum=2,
        submitted_at=NOW - timedelta(hours=1),
    )
