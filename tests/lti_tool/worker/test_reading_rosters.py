"""Rosters of real platforms: paged, with differences and groups, and of one that tells nothing."""

from sqlalchemy import select

from lti_tool import clock
from lti_tool.demo.courses import MANAGEMENT
from lti_tool.demo.people import PEOPLE, Kind
from lti_tool.demo.rolls import Status
from lti_tool.services.courses import rosters
from lti_tool.storage.models import Enrolment, Person, Roster
from lti_tool.worker.platforms import read_rosters
from tests.lti_tool.web.world import FACILITATION, MODULE, World
from tests.lti_tool.worker.marks import enrolment, make_due, registration


def _studying(slug: str, kind: Kind) -> list[str]:
    return [person.sub for person in PEOPLE if person.institution.slug == slug and person.kind is kind]


def _enrolled(world: World, slug: str) -> dict[str, Enrolment]:
    with world.database.read() as db:
        rows = db.execute(
            select(Person.subject, Enrolment)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(Person.registration_id == registration(db, slug).id, Enrolment.role == "learner")
        ).tuples()
        return dict(rows.all())


def _roster(world: World, slug: str) -> Roster:
    with world.database.read() as db:
        context_id = enrolment(db, slug, "11").context_id
        return db.scalars(select(Roster).where(Roster.context_id == context_id)).one()


def test_everyone_on_all_pages_of_a_roster_is_enrolled(world: World) -> None:
    first, *others = _studying("thomas-more", Kind.LEARNER)
    assert others
    world.visit("thomas-more", first, FACILITATION)
    read_rosters(world.workshop)
    found = _enrolled(world, "thomas-more")
    assert found[first].launched_at is not None
    assert [(found[sub].launched_at, found[sub].left_at) for sub in others] == [(None, None)] * len(others)


def test_who_leaves_and_returns_is_known_by_the_differences(world: World) -> None:
    world.visit("odisee", "11", MODULE)
    read_rosters(world.workshop)
    roster = _roster(world, "odisee")
    assert (roster.failure, bool(roster.differences_url)) == (None, True)
    for status, has_left in ((Status.DELETED, True), (Status.ACTIVE, False)):
        world.campus.rolls.change("odisee", MANAGEMENT.id, "12", status)
        make_due(world, Roster)
        read_rosters(world.workshop)
        assert (_enrolled(world, "odisee")["12"].left_at is not None) is has_left


def test_who_leaves_is_known_when_a_teacher_asks(world: World) -> None:
    world.visit("ucll", "11", MODULE)
    read_rosters(world.workshop)
    world.campus.rolls.change("ucll", MANAGEMENT.id, "12", Status.DELETED)
    with world.database.begin() as db:
        here = enrolment(db, "ucll", "11")
        rosters.sync_now(db, here.cohort_id, clock.now(), context_id=here.context_id)
    read_rosters(world.workshop)
    assert _enrolled(world, "ucll")["12"].left_at is not None


def test_groups_are_read_with_the_roster(world: World) -> None:
    world.visit("luca", "11", MODULE)
    read_rosters(world.workshop)
    groups = [row.groups for row in _enrolled(world, "luca").values()]
    assert groups
    assert all(len(names) == 1 for names in groups)


def test_an_lms_without_a_roster_has_those_who_launch(world: World) -> None:
    world.visit("vives", "11", MODULE)
    read_rosters(world.workshop)
    with world.database.read() as db:
        context_id = enrolment(db, "vives", "11").context_id
        assert db.scalars(select(Roster).where(Roster.context_id == context_id)).all() == []


def test_a_platform_that_does_not_answer_loses_nobody(world: World) -> None:
    world.visit("ku-leuven", "11", MODULE)
    read_rosters(world.workshop)
    world.campus.store.close_services("ku-leuven")
    make_due(world, Roster)
    read_rosters(world.workshop)
    world.campus.store.open_services("ku-leuven")
    roster = _roster(world, "ku-leuven")
    assert (roster.failure, roster.due_at is not None) == ("status 503", True)
    assert all(row.left_at is None for row in _enrolled(world, "ku-leuven").values())
