"""Cohorts that a teacher may place: seen by owner and colleague, never by a stranger."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import delete, func, select

from lti_tool.services.placements.joining import (
    NewCohort,
    NoCohortError,
    OpenCohort,
    Teacher,
    join,
    known_institutions,
    open_cohorts,
    slug_of,
    start,
)
from lti_tool.services.study.publishing import find_published
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, Enrolment, Grading, Person
from tests.lti_tool.services.placements.courses import (
    MONDAY,
    NOW,
    add_teachers,
    management_module,
    publish_library,
)

MODULE = management_module().id
FINE = {
    "name": "Voorjaar 2027",
    "starts_on": MONDAY,
    "weeks": 6,
    "institutions": ("ucll", "vives"),
    "grading": Grading.UNITS,
    "maximum": 20.0,
}
NEW = NewCohort(**FINE)  # type: ignore[arg-type]


class World:
    """A cohort that UCLL started and shares with VIVES, and not with LUCA."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.begin() as db:
            self.version_id, _other = publish_library(db)
            self.teachers = add_teachers(db)
        self.slug = slug_of(management_module(), self.owner.visit_id, "ticket")
        self.cohort_id = self.start()

    @property
    def owner(self) -> Teacher:
        return self.teachers["ucll"]

    def start(self, new: NewCohort = NEW) -> int:
        with self.database.begin() as db:
            return start(db, self.owner, find_published(db, self.version_id), new, slug=self.slug, now=NOW)

    def seen_by(self, slug: str) -> tuple[OpenCohort, ...]:
        with self.database.read() as db:
            return open_cohorts(db, self.teachers[slug], module_id=MODULE)

    def enrolments(self) -> list[tuple[int, int, bool]]:
        """Return (person, institution, is of the team) of everyone in the cohort."""
        with self.database.read() as db:
            rows = db.scalars(select(Enrolment).order_by(Enrolment.person_id)).all()
        return [(row.person_id, row.institution_id, row.team_since is not None) for row in rows]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def _shown(world: World, *, leads: bool) -> OpenCohort:
    return OpenCohort(
        slug=world.slug,
        name="Voorjaar 2027",
        version_id=world.version_id,
        starts_on=MONDAY,
        weeks=6,
        grading=Grading.UNITS,
        maximum=20.0,
        institutions=("UCLL", "VIVES"),
        team=("Teacher of ucll",),
        leads=leads,
        learners=0,
    )


def test_owner_and_colleague_see_a_cohort_and_a_stranger_does_not(world: World) -> None:
    assert world.seen_by("ucll") == (_shown(world, leads=True),)
    assert world.seen_by("vives") == (_shown(world, leads=False),)
    assert world.seen_by("luca") == ()


def test_who_starts_a_cohort_founds_its_team(world: World) -> None:
    assert world.enrolments() == [(1, 1, True)]


def test_two_clicks_on_one_page_start_one_cohort(world: World) -> None:
    world.slug = slug_of(management_module(), world.owner.visit_id, "another ticket")
    with ThreadPoolExecutor(2) as threads:
        ids = {click.result() for click in [threads.submit(world.start) for _click in range(2)]}
    assert len(ids) == 1
    with world.database.read() as db:
        assert db.scalar(select(func.count()).select_from(Cohort)) == 2


def test_a_slug_tells_the_module_and_is_of_one_visit(world: World) -> None:
    module = management_module()
    slugs = {
        slug_of(module, teacher.visit_id, ticket)
        for teacher in world.teachers.values()
        for ticket in ("a", "b")
    }
    assert len(slugs) == 6
    assert all(slug.startswith("leading-care-innovation-") for slug in slugs)


def test_a_colleague_who_joins_waits_to_be_let_in(world: World) -> None:
    for _twice in range(2):
        with world.database.begin() as db:
            assert join(db, world.teachers["vives"], world.slug, NOW) == world.cohort_id
    assert world.enrolments() == [(1, 1, True), (2, 2, False)]


def test_the_first_who_joins_a_cohort_that_nobody_leads_leads_it(world: World) -> None:
    with world.database.begin() as db:
        db.execute(delete(Enrolment))
        join(db, world.teachers["vives"], world.slug, NOW)
    assert world.enrolments() == [(2, 2, True)]


def test_of_two_who_join_at_once_a_cohort_that_nobody_leads_one_leads_it(world: World) -> None:
    with world.database.begin() as db:
        db.execute(delete(Enrolment))

    def come() -> None:
        with world.database.begin() as db:
            join(db, world.owner, world.slug, NOW)

    with ThreadPoolExecutor(1) as colleague:
        with world.database.begin() as db:
            join(db, world.teachers["vives"], world.slug, NOW)
            db.flush()
            joined = colleague.submit(come)
            sleep(0.3)
        joined.result(10)
    assert world.enrolments() == [(1, 1, False), (2, 2, True)]


def test_a_stranger_joins_nothing(world: World) -> None:
    with pytest.raises(NoCohortError), world.database.begin() as db:
        join(db, world.teachers["luca"], world.slug, NOW)
    assert world.enrolments() == [(1, 1, True)]


def test_a_closed_cohort_is_neither_seen_nor_joined(world: World) -> None:
    with world.database.begin() as db:
        db.get_one(Cohort, world.cohort_id).closed_at = NOW
    assert world.seen_by("ucll") == ()
    with pytest.raises(NoCohortError), world.database.begin() as db:
        join(db, world.owner, world.slug, NOW)


def test_learners_who_left_do_not_count(world: World) -> None:
    with world.database.begin() as db:
        for number, left_at in ((11, None), (12, NOW)):
            db.add(Person(id=number, registration_id=1, subject=str(number)))
            db.flush()
            db.add(
                Enrolment(
                    cohort_id=world.cohort_id,
                    person_id=number,
                    institution_id=1,
                    role="learner",
                    left_at=left_at,
                )
            )
    assert [cohort.learners for cohort in world.seen_by("vives")] == [1]


def test_institutions_are_known_by_name(world: World) -> None:
    with world.database.read() as db:
        assert known_institutions(db) == (("luca", "LUCA"), ("ucll", "UCLL"), ("vives", "VIVES"))


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"starts_on": NOW.date()},
        {"weeks": 0},
        {"weeks": 53},
        {"maximum": 0.0},
        {"maximum": 1001.0},
        {"institutions": ()},
    ],
)
def test_what_no_cohort_can_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"name|Monday|weeks|maximum|institution"):
        NewCohort(**FINE | change)  # type: ignore[arg-type]
