"""What a launch leaves behind: who came, through which link, into which cohort."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import (
    ContextClaim,
    GradesClaim,
    Launch,
    MessageType,
    PersonClaims,
    ResourceLinkClaim,
)
from lti_tool.lti.refusals import LaunchRefusedError
from lti_tool.lti.roles import Role
from lti_tool.services.grading import Delivery
from lti_tool.services.launching import enter
from lti_tool.storage.database import Database
from lti_tool.storage.models import (
    Cohort,
    Context,
    Deployment,
    Enrolment,
    Institution,
    Partner,
    Person,
    Programme,
    ResourceLink,
    Score,
    Visit,
)
from tests.lti_tool.services.cohorts import module_version, registration

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COLUMN = GradesClaim("", "https://lms.example/items/7", frozenset())
LAUNCH = Launch(
    registration_id=1,
    deployment_id="1",
    message_type=MessageType.RESOURCE_LINK,
    target_link_uri="https://klimop.example/",
    subject="4",
    person=PersonClaims("An Peeters", "", "", ""),
    role=Role.LEARNER,
    context=ContextClaim("2", "HIM", "Innovation"),
    resource_link=ResourceLinkClaim("1", "Care"),
    deep_linking=None,
    custom={"cohort": "autumn"},
    grades=None,
    roster_url="",
    locale="nl",
    document_target="",
    return_url="",
    platform_family="",
)


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A registration whose institution takes part in "autumn" and "spring", but not in "closed"."""
    with database.begin() as db:
        for rows in (
            [Institution(id=1, slug="ucll", name="UCLL", locale="nl"), Programme(id="him", document={})],
            [registration(), module_version()],
            [Deployment(id=1, registration_id=1, deployment_id="1", institution_id=1)],
            [_cohort(1, "autumn"), _cohort(2, "spring"), _cohort(3, "closed")],
            [Partner(cohort_id=1, institution_id=1), Partner(cohort_id=2, institution_id=1)],
        ):
            db.add_all(rows)
            db.flush()
        yield db


def _cohort(id: int, slug: str) -> Cohort:
    return Cohort(id=id, slug=slug, name=slug, module_version_id=1, starts_on=date(2026, 9, 21))


def enrolments(db: Session) -> list[tuple[int, str, str | None, str | None]]:
    query = select(Enrolment.cohort_id, Enrolment.role, Enrolment.employer, Enrolment.line_item_url)
    return [(*row,) for row in db.execute(query.order_by(Enrolment.id))]


def cohort_of_the_link(db: Session) -> int | None:
    return db.execute(select(ResourceLink.cohort_id)).scalar_one()


def test_launching_again_adds_only_a_visit(db: Session) -> None:
    enter(db, LAUNCH, NOW)
    enter(db, LAUNCH, NOW)
    models = (Context, ResourceLink, Person, Enrolment, Visit)
    counts = [db.scalar(select(func.count()).select_from(model)) for model in models]
    assert counts == [1, 1, 1, 1, 2]


def test_a_second_person_finds_the_course_and_its_link_there(db: Session) -> None:
    enter(db, LAUNCH, NOW)
    enter(db, replace(LAUNCH, subject="5", role=Role.TEACHER), NOW)
    assert enrolments(db) == [(1, "learner", None, None), (1, "teacher", None, None)]
    assert db.scalar(select(func.count()).select_from(ResourceLink)) == 1


def test_new_names_of_people_and_courses_are_taken_over(db: Session) -> None:
    enter(db, LAUNCH, NOW)
    renamed = replace(
        LAUNCH, person=PersonClaims("", "An", "Jans", ""), context=ContextClaim("2", "", "Care")
    )
    enter(db, renamed, NOW)
    assert db.scalars(select(Person.name)).all() == ["An Jans"]
    assert db.scalars(select(Context.title)).all() == ["Care"]


def test_a_link_that_names_no_cohort_keeps_its_own(db: Session) -> None:
    enter(db, LAUNCH, NOW)
    enter(db, replace(LAUNCH, custom={}, role=Role.TEACHER), NOW)
    assert cohort_of_the_link(db) == 1
    assert enrolments(db) == [(1, "teacher", None, None)]


def test_a_link_to_another_cohort_enrols_there_and_keeps_the_first_enrolment(db: Session) -> None:
    enter(db, LAUNCH, NOW)
    enter(db, replace(LAUNCH, custom={"cohort": "spring"}), NOW)
    assert cohort_of_the_link(db) == 2
    assert enrolments(db) == [(1, "learner", None, None), (2, "learner", None, None)]


@pytest.mark.parametrize("slug", ["closed", "unheard-of"])
def test_a_cohort_without_the_institution_does_not_open(db: Session, slug: str) -> None:
    enter(db, LAUNCH, NOW)
    enter(db, replace(LAUNCH, subject="5", custom={"cohort": slug}), NOW)
    assert cohort_of_the_link(db) is None
    assert enrolments(db) == [(1, "learner", None, None)]


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.ADMINISTRATOR])
def test_who_only_looks_is_not_enrolled(db: Session, role: Role) -> None:
    enter(db, replace(LAUNCH, role=role), NOW)
    assert enrolments(db) == []


def test_an_employer_is_kept_until_another_is_named(db: Session) -> None:
    for custom in ({"employer": " Zorgnet "}, {}, {"employer": " "}):
        enter(db, replace(LAUNCH, custom=LAUNCH.custom | custom), NOW)  # type: ignore[operator]
        assert enrolments(db) == [(1, "learner", "Zorgnet", None)]
    enter(db, replace(LAUNCH, custom={"employer": "OCMW"}), NOW)
    assert enrolments(db) == [(1, "learner", "OCMW", None)]


def test_a_score_without_a_column_is_due_again_when_a_column_appears(db: Session) -> None:
    enter(db, LAUNCH, NOW)
    score = Score(
        enrolment_id=db.execute(select(Enrolment.id)).scalar_one(),
        share=0.5,
        complete=False,
        changed_at=NOW,
        refusal=Delivery.NO_COLUMN.value,
    )
    db.add(score)
    enter(db, replace(LAUNCH, grades=COLUMN), NOW)
    assert (score.refusal, score.due_at) == (None, NOW)
    assert enrolments(db) == [(1, "learner", None, COLUMN.line_item_url)]
    score.due_at = None
    enter(db, replace(LAUNCH, grades=COLUMN), NOW)
    assert score.due_at is None


def test_a_message_that_opens_no_page_leaves_nothing(db: Session) -> None:
    with pytest.raises(LaunchRefusedError):
        enter(db, replace(LAUNCH, message_type=MessageType.DEEP_LINKING, resource_link=None), NOW)
    assert db.scalar(select(func.count()).select_from(Context)) == 0
