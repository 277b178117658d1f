"""A cohort as its team leads it: who sees whom, who lets whom in, how it ends. Owner, colleague, stranger."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.storage.models import Cohort, Enrolment, Person
from tests.lti_tool.web.world import FACILITATION, MODULE, World

OWN, ELSEWHERE = "Nadia El Amrani", "Ilse Degroote"
TEAM, ASSISTANT = ("ku-leuven", "3"), ("ku-leuven", "5")
STRANGERS = [("ku-leuven", "11"), ("ku-leuven", "2"), ("ucll", "6")]  # learner, administrator, observer
FOR_THE_TEAM = ["/settings", "/plans/new"]


@pytest.fixture(scope="module", autouse=True)
def _founded(world: World) -> None:
    """A cohort that was started on the command line is led by the first teacher who comes."""
    world.visit(*TEAM, FACILITATION)


def test_the_team_sees_the_learners_of_every_institution(world: World) -> None:
    page = world.visit(*TEAM, MODULE)
    assert [name in page.response.text for name in (OWN, ELSEWHERE)] == [True, True]
    for path in FOR_THE_TEAM:
        assert page.get(path).status_code == 200


def test_a_teacher_outside_the_team_sees_her_own_learners_and_what_she_may_not(world: World) -> None:
    page = world.visit(*ASSISTANT, MODULE)
    assert [name in page.response.text for name in (OWN, ELSEWHERE)] == [True, False]
    assert "Je ziet de deelnemers van KU Leuven." in page.response.text
    assert "Geert Claessens" not in page.response.text  # a teacher of another institution
    for path in [*FOR_THE_TEAM, "/plans/1", "/plans/1/progress"]:
        assert page.get(path).status_code == 403
    for path in ("/settings", "/close", "/plans", "/plans/1/publish", f"/team/{_enrolment(world)}"):
        assert page.post(path, {}).status_code == 403


def test_she_finds_nobody_of_another_institution_by_asking(world: World) -> None:
    page = world.visit(*ASSISTANT, MODULE)
    for question in ("?q=Ilse", "?institution=UCLL", "?need=behind", "?need=nonsense"):
        assert ELSEWHERE not in page.get(f"/cohort{question}").text


@pytest.mark.parametrize("who", STRANGERS)
def test_who_does_not_teach_gets_none_of_it(world: World, who: tuple[str, str]) -> None:
    page = world.visit(*who, MODULE)
    for path in ["/cohort", "/ended", *FOR_THE_TEAM]:
        assert page.get(path).status_code == 403
    for path in ("/settings", "/close", "/ended/1/reopen", f"/team/{_enrolment(world)}"):
        assert page.post(path, {}).status_code == 403
    assert ELSEWHERE not in page.response.text


def test_the_team_lets_a_colleague_in(world: World) -> None:
    colleague = world.visit(*ASSISTANT, FACILITATION)
    owner = world.visit(*TEAM, FACILITATION)
    assert "1 docent vraagt om bij je team te komen." in owner.response.text
    answer = owner.post(f"/team/{_enrolment(world, 'facilitation-autumn')}", {})
    assert "Je collega zit nu in het team." in answer.text
    assert colleague.get("/settings").status_code == 200
    with world.database.begin() as db:
        _assistant(db, "facilitation-autumn").team_since = None


def test_only_who_asks_is_let_in(world: World) -> None:
    owner = world.visit(*TEAM, MODULE)
    with world.database.read() as db:
        learner = db.scalars(select(Enrolment.id).where(Enrolment.role == "learner")).first()
    world.visit(*ASSISTANT, FACILITATION)
    for enrolment_id in (learner, _enrolment(world, "facilitation-autumn"), 2**31, 2**70):
        assert owner.post(f"/team/{enrolment_id}", {}).status_code == 404


def test_learners_are_found_by_name_employer_and_need(world: World) -> None:
    page = world.visit(*TEAM, MODULE)
    found = page.get("/cohort?q=scheldekant+nadia").text
    assert [name in found for name in (OWN, ELSEWHERE)] == [True, False]
    assert "Niemand gevonden" in page.get("/cohort?q=nobody-of-this-name").text
    assert OWN not in page.get("/cohort?institution=UCLL").text


def test_a_cohort_that_ended_opens_for_nobody_until_its_team_opens_it_again(world: World) -> None:
    learner = world.visit("vives", "21", FACILITATION)
    stranger = world.visit(*ASSISTANT, FACILITATION)
    owner = world.visit(*TEAM, FACILITATION)
    ended = owner.post("/close", {})
    assert "De cyclus is beëindigd." in ended.text
    assert "Deze cyclus is beëindigd" in learner.get("/").text
    for page in (learner, stranger):
        assert page.get("/").status_code == 404
    assert owner.get("/cohort").url.endswith("/ended")
    assert world.visit("vives", "22", FACILITATION).response.status_code == 404
    cohort_id = _cohort(world)
    assert stranger.post(f"/ended/{cohort_id}/reopen", {}).status_code == 404
    assert owner.post("/ended/2147483648/reopen", {}).status_code == 404
    assert "De cyclus is weer open." in owner.post(f"/ended/{cohort_id}/reopen", {}).text
    assert learner.get("/").status_code == 200
    assert world.visit("vives", "22", FACILITATION).response.status_code == 200


def test_the_way_back_to_the_course_is_on_every_page(world: World) -> None:
    page = world.visit(*TEAM, MODULE)
    for path in ("/cohort", "/", "/settings"):
        assert "Terug naar je cursus" in page.get(path).text


def _enrolment(world: World, cohort: str = "management-autumn") -> int:
    """Return the enrolment of KU Leuven's assistant, who has launched."""
    world.visit(*ASSISTANT, MODULE if cohort == "management-autumn" else FACILITATION)
    with world.database.read() as db:
        return _assistant(db, cohort).id


def _assistant(db: Session, cohort: str) -> Enrolment:
    return db.scalars(
        select(Enrolment)
        .join(Person, Enrolment.person_id == Person.id)
        .join(Cohort, Enrolment.cohort_id == Cohort.id)
        .where(Person.name == "Silke Daems", Cohort.slug == cohort)
    ).one()


def _cohort(world: World) -> int:
    with world.database.read() as db:
        return db.scalars(select(Cohort.id).where(Cohort.slug == "facilitation-autumn")).one()
