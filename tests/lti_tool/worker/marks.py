"""Learners of the campus who earn marks, and the rows that the worker has to do with."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from content.progress import graded_quizzes
from lti_tool import clock
from lti_tool.services.gradebooks import grading
from lti_tool.services.gradebooks.grading import Delivery
from lti_tool.services.study.learning import find_course
from lti_tool.storage.models import Enrolment, Institution, LineItem, Person, Registration, Roster, Score
from tests.lti_tool.services.gradebook import hand_in
from tests.lti_tool.web.world import World

HALF, FULL = 0.5, 1.0


def earn(world: World, slug: str, sub: str, share: float) -> int:
    """Let a learner who has launched do the first graded quiz; return her enrolment."""
    with world.database.begin() as db:
        found = enrolment(db, slug, sub)
        quiz, *_ = graded_quizzes(find_course(db, found.cohort_id).module)
        hand_in(db, quiz, share, clock.now(), enrolment_id=found.id)
        return found.id


def enrolment(db: Session, slug: str, sub: str) -> Enrolment:
    query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
    return db.scalars(
        query.where(Person.registration_id == registration(db, slug).id, Person.subject == sub)
    ).one()


def registration(db: Session, slug: str) -> Registration:
    query = select(Registration).join(Institution, Institution.id == Registration.institution_id)
    return db.scalars(query.where(Institution.slug == slug)).one()


def delivery(world: World, enrolment_id: int) -> Delivery:
    with world.database.read() as db:
        mark = grading.mark_of(db, enrolment_id)
    assert mark is not None
    return mark.delivery


def columns(db: Session, slug: str, sub: str) -> list[LineItem]:
    """Return the columns of the course that a learner is in."""
    context_id = enrolment(db, slug, sub).context_id
    return list(
        db.scalars(select(LineItem).where(LineItem.context_id == context_id).order_by(LineItem.unit_id))
    )


def make_due(world: World, model: type[LineItem] | type[Roster] | type[Score]) -> None:
    """Let the time of every such row have come, also of those that a dead worker holds."""
    with world.database.begin() as db:
        db.execute(update(model).values(due_at=clock.now(), leased_until=None))
