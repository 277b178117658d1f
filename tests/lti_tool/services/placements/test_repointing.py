"""Links that lead nowhere: why, what to choose, and how they lead somewhere again."""

import pytest

from lti_tool.services.cohorts import running
from lti_tool.services.placements.joining import Teacher
from lti_tool.services.placements.placing import Piece
from lti_tool.services.placements.repointing import Aim, NoLinkError, Reason, look_at_link, repoint
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, Enrolment, Opens, ResourceLink, Visit
from tests.lti_tool.services.placements.courses import MANAGEMENT, MONDAY, NOW, add_teachers, publish_library

MODULE = Piece(Opens.MODULE)


NAMED = {
    "opens": "module",
    "cohort": "autumn",
    "module": "leading-care-innovation",
    "programme": "",
    "unit": "",
}


class World:
    """UCLL's link and two more of its course open nothing; they name a cohort of UCLL and VIVES."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.begin() as db:
            self.version_id, _other = publish_library(db)
            self.teachers = add_teachers(db)
        self.old = self.start("autumn", "ucll", "vives")
        self.set_link(1, named=NAMED)
        with database.begin() as db:
            live, unit = {"opens": "live"}, {"opens": "unit", "unit": "week-1"}
            for number, change in ((11, live), (12, unit)):
                db.add(ResourceLink(id=number, context_id=1, link_id=str(number), named=NAMED | change))

    @property
    def teacher(self) -> Teacher:
        return self.teachers["ucll"]

    def start(self, slug: str, *institutions: str) -> int:
        with self.database.begin() as db:
            return running.start_cohort(
                db,
                slug=slug,
                name=slug.title(),
                module_version_id=self.version_id,
                starts_on=MONDAY,
                institutions=institutions,
            )

    def set_link(self, number: int, **values: object) -> None:
        with self.database.begin() as db:
            link = db.get_one(ResourceLink, number)
            for name, value in values.items():
                setattr(link, name, value)

    def open_visit(self, cohort_id: int | None) -> None:
        with self.database.begin() as db:
            db.get_one(Visit, self.teacher.visit_id).cohort_id = cohort_id

    def close(self, cohort_id: int) -> None:
        with self.database.begin() as db:
            running.close_cohort(db, cohort_id, NOW)

    def reason(self, slug: str = "ucll") -> Reason:
        with self.database.read() as db:
            return look_at_link(db, self.teachers[slug]).reason

    def links(self) -> dict[int, tuple[Opens, str, int | None, bool]]:
        with self.database.read() as db:
            links = [db.get_one(ResourceLink, number) for number in (1, 11, 12)]
        return {link.id: (link.opens, link.unit_id, link.cohort_id, link.is_repointed) for link in links}


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_a_link_that_opens_its_cohort_needs_no_reason(world: World) -> None:
    world.set_link(1, cohort_id=world.old, named={})
    world.open_visit(world.old)
    assert world.reason() is Reason.OPENS


def test_a_link_to_an_open_cohort_that_opened_nothing_was_copied(world: World) -> None:
    assert world.reason() is Reason.COPIED


def test_a_cohort_that_ended_is_told_also_to_who_was_in_it(world: World) -> None:
    world.close(world.old)
    assert world.reason() is Reason.CLOSED
    world.set_link(1, cohort_id=world.old, named={})
    world.open_visit(world.old)
    assert world.reason() is Reason.CLOSED


def test_a_cohort_of_others_is_not_shared(world: World) -> None:
    world.set_link(3, named=NAMED)
    assert world.reason("luca") is Reason.NOT_SHARED


def test_a_cohort_that_is_gone_leaves_its_module(world: World) -> None:
    world.set_link(2, named=NAMED | {"cohort": "nowhere"})
    assert world.reason("vives") is Reason.GONE
    with world.database.read() as db:
        state = look_at_link(db, world.teachers["vives"])
    assert [published.version_id for published in state.suggested] == [world.version_id]
    assert state.earlier is None


def test_a_module_that_is_gone_too_leaves_nothing_to_suggest(world: World) -> None:
    world.set_link(2, named=NAMED | {"cohort": "nowhere", "module": "nowhere"})
    with world.database.read() as db:
        assert look_at_link(db, world.teachers["vives"]).suggested == ()


def test_a_link_that_tells_nothing_was_placed_without_a_cohort(world: World) -> None:
    assert world.reason("vives") is Reason.UNTOLD


def test_the_same_module_and_the_old_cohort_are_suggested_first(world: World) -> None:
    with world.database.read() as db:
        state = look_at_link(db, world.teacher)
    assert [published.version_id for published in state.suggested] == [world.version_id]
    assert state.earlier is not None
    assert state.earlier.slug == "autumn"
    assert (state.title, state.piece, state.siblings) == ("Innovatie", MODULE, 2)


def test_a_link_that_tells_nothing_suggests_what_the_teacher_teaches(world: World) -> None:
    with world.database.begin() as db:
        db.add(Enrolment(cohort_id=world.old, person_id=2, institution_id=2, role="teacher"))
        db.flush()
        state = look_at_link(db, world.teachers["vives"])
    assert state.earlier is not None
    assert state.earlier.slug == "autumn"


def test_a_stranger_is_offered_no_cohort_of_others(world: World) -> None:
    world.set_link(3, named=NAMED)
    with world.database.read() as db:
        assert look_at_link(db, world.teachers["luca"]).earlier is None


def test_a_repointed_link_opens_what_its_teacher_chose(world: World) -> None:
    new = world.start("spring", "ucll")
    with world.database.begin() as db:
        repoint(db, world.teacher, Aim(Piece(Opens.LIVE), new), siblings_too=False, now=NOW)
        assert db.get_one(Visit, world.teacher.visit_id).cohort_id == new
    assert world.links() == {
        1: (Opens.LIVE, "", new, True),
        11: (Opens.MODULE, "", None, False),
        12: (Opens.MODULE, "", None, False),
    }
    assert world.reason() is Reason.OPENS


def test_siblings_go_along_and_keep_what_they_were_for(world: World) -> None:
    new = world.start("spring", "ucll")
    with world.database.begin() as db:
        repoint(db, world.teacher, Aim(MODULE, new), siblings_too=True, now=NOW)
    assert world.links() == {
        1: (Opens.MODULE, "", new, True),
        11: (Opens.LIVE, "", new, True),
        12: (Opens.UNIT, "week-1", new, True),
    }


def test_the_others_of_a_course_that_works_stay_as_they_are(world: World) -> None:
    new = world.start("spring", "ucll")
    world.set_link(11, opens=Opens.LIVE, cohort_id=world.old, named={})
    with world.database.begin() as db:
        repoint(db, world.teacher, Aim(MODULE, new), siblings_too=True, now=NOW)
    assert world.links()[11] == (Opens.LIVE, "", world.old, False)


def test_a_link_can_be_pointed_at_a_programme(world: World) -> None:
    with world.database.begin() as db:
        aim = Aim(Piece(Opens.PROGRAMME), programme_id=MANAGEMENT.name)
        repoint(db, world.teacher, aim, siblings_too=True, now=NOW)
        link = db.get_one(ResourceLink, 1)
        assert (link.opens, link.programme_id, link.cohort_id) == (Opens.PROGRAMME, MANAGEMENT.name, None)
    assert world.reason() is Reason.OPENS
    assert world.links()[11] == (Opens.MODULE, "", None, False)


def test_a_visit_without_a_link_has_none_to_point(world: World) -> None:
    with world.database.begin() as db:
        db.get_one(Visit, world.teacher.visit_id).link_id = None
        with pytest.raises(NoLinkError):
            look_at_link(db, world.teacher)
        with pytest.raises(NoLinkError):
            repoint(db, world.teacher, Aim(MODULE, world.old), siblings_too=False, now=NOW)


@pytest.mark.parametrize(("cohort_id", "programme_id"), [(None, None), (1, "him")])
def test_a_link_opens_a_cohort_or_a_programme(cohort_id: int | None, programme_id: str | None) -> None:
    with pytest.raises(ValueError, match="cohort"):
        Aim(MODULE, cohort_id, programme_id)


def test_the_cohort_itself_is_left_alone(world: World) -> None:
    world.close(world.old)
    new = world.start("spring", "ucll")
    with world.database.begin() as db:
        repoint(db, world.teacher, Aim(MODULE, new), siblings_too=True, now=NOW)
        assert db.get_one(Cohort, world.old).closed_at == NOW
