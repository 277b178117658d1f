"""The outbox page: the team sees every course, a colleague outside it her own, and a learner nothing."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.courses import MANAGEMENT
from lti_tool.services.gradebooks.grading import Delivery, delivery_of
from lti_tool.storage.models import LineItem, Roster, Score
from lti_tool.worker.platforms import read_rosters, send_scores, tend_columns
from tests.lti_tool.web.world import MODULE, World
from tests.lti_tool.worker.marks import HALF, columns, earn, enrolment, make_due

COLUMN = MANAGEMENT.line_items[0].id
TEACHER = "3"
REFUSED, DIFFERING = "Nadia El Amrani", "Ilse Degroote"


@pytest.fixture(autouse=True)
def _outside_the_team(world: World) -> None:
    """UCLL's teacher is not of the team (any more)."""
    with world.database.begin() as db:
        enrolment(db, "ucll", TEACHER).team_since = None


@pytest.fixture
def marks(world: World) -> dict[str, int]:
    """A refused mark at KU Leuven, whose teacher is in the team, and a differing one at UCLL; their ids."""
    for slug in ("ku-leuven", "ucll"):
        world.visit(slug, "11", MODULE)
    enrolments = {slug: earn(world, slug, "11", HALF) for slug in ("ku-leuven", "ucll")}
    world.campus.store.override("ucll", COLUMN, "11", None)
    with world.database.begin() as db:
        db.execute(update(Score).values(sent_at=None, refusal=None, due_at=clock.now(), leased_until=None))
    send_scores(world.workshop)
    world.campus.store.override("ucll", COLUMN, "11", 14)
    make_due(world, LineItem)
    tend_columns(world.workshop)
    with world.database.begin() as db:
        rows = {slug: _score(db, enrolment_id) for slug, enrolment_id in enrolments.items()}
        rows["ku-leuven"].refusal = "404"
        return {slug: row.id for slug, row in rows.items()}


def _score(db: Session, enrolment_id: int) -> Score:
    return db.scalars(select(Score).where(Score.enrolment_id == enrolment_id)).one()


def _deliveries(world: World, marks: dict[str, int]) -> dict[str, Delivery]:
    with world.database.read() as db:
        return {slug: delivery_of(db.get_one(Score, score_id)) for slug, score_id in marks.items()}


def test_the_team_sees_what_was_refused_and_what_differs_in_every_course(
    world: World, marks: dict[str, int]
) -> None:
    page = world.visit("ku-leuven", TEACHER, MODULE).get("/gradebook").text
    assert REFUSED in page
    assert "De kolom staat niet meer in het puntenboek." in page
    assert DIFFERING in page
    assert "Het puntenboek zegt 70, wij stuurden 50." in page


def test_a_colleague_outside_the_team_sees_her_own_course_only(world: World, marks: dict[str, int]) -> None:
    page = world.visit("ucll", TEACHER, MODULE).get("/gradebook").text
    assert (DIFFERING in page, REFUSED in page) == (True, False)


@pytest.mark.parametrize("path", ["/gradebook", "/gradebook/progress", "/rosters"])
def test_a_learner_sees_nothing_of_it(world: World, path: str) -> None:
    assert world.visit("luca", "12", MODULE).get(path).status_code == 403


def test_a_learner_sends_nothing_again(world: World, marks: dict[str, int]) -> None:
    page = world.visit("ku-leuven", "11", MODULE)
    paths = ("/gradebook/send-again", f"/gradebook/{marks['ku-leuven']}/send-again", "/rosters/sync")
    assert [page.post(path, {}).status_code for path in paths] == [403, 403, 403]


def test_one_mark_is_sent_again(world: World, marks: dict[str, int]) -> None:
    page = world.visit("ku-leuven", TEACHER, MODULE)
    answer = page.post(f"/gradebook/{marks['ku-leuven']}/send-again", {})
    assert "De scores zijn opnieuw onderweg." in answer.text
    assert _deliveries(world, marks) == {"ku-leuven": Delivery.WAITING, "ucll": Delivery.DIFFERING}


def test_a_colleague_sends_again_what_is_of_her_own_course_only(world: World, marks: dict[str, int]) -> None:
    page = world.visit("ucll", TEACHER, MODULE)
    paths = [f"/gradebook/{number}/send-again" for number in (marks["ku-leuven"], 2**31, 999_999)]
    assert [page.post(path, {}).status_code for path in paths] == [404, 404, 404]
    page.post("/gradebook/send-again", {})
    assert _deliveries(world, marks) == {"ku-leuven": Delivery.REFUSED, "ucll": Delivery.WAITING}


def test_the_team_sends_all_again(world: World, marks: dict[str, int]) -> None:
    world.visit("ku-leuven", TEACHER, MODULE).post("/gradebook/send-again", {})
    assert set(_deliveries(world, marks).values()) == {Delivery.WAITING}


def test_the_page_asks_again_while_marks_are_on_their_way(world: World, marks: dict[str, int]) -> None:
    page = world.visit("ku-leuven", TEACHER, MODULE)
    with world.database.begin() as db:
        db.get_one(Score, marks["ucll"]).sent_at = None
        db.get_one(Score, marks["ucll"]).due_at = clock.now()
    assert page.get("/gradebook/progress").status_code == 202
    send_scores(world.workshop)
    assert page.get("/gradebook/progress").status_code == 200


def test_a_long_list_can_be_searched(world: World, marks: dict[str, int]) -> None:
    page = world.visit("ku-leuven", TEACHER, MODULE)
    shown = {
        query: [name in page.get(f"/gradebook?{query}").text for name in (REFUSED, DIFFERING)]
        for query in ("state=refused", "state=differing", "name=ilse", "state=sent", "state=nonsense")
    }
    assert shown == {
        "state=refused": [True, False],
        "state=differing": [False, True],
        "name=ilse": [False, True],
        "state=sent": [False, False],
        "state=nonsense": [True, True],
    }


def test_a_teacher_has_her_own_roster_read_and_the_team_all_of_them(world: World) -> None:
    for slug in ("ku-leuven", "ucll"):
        world.visit(slug, "11", MODULE)
    read_rosters(world.workshop)
    visits = {slug: world.visit(slug, TEACHER, MODULE) for slug in ("ucll", "ku-leuven")}
    due = {}
    for slug, page in visits.items():
        assert page.post("/rosters/sync", {}).status_code == 200
        assert page.get("/rosters").status_code == 202
        with world.database.read() as db:
            due[slug] = len(db.scalars(select(Roster).where(Roster.due_at <= clock.now())).all())
        read_rosters(world.workshop)
        assert page.get("/rosters").status_code == 200
    with world.database.read() as db:
        everyone = len(db.scalars(select(Roster)).all())
    assert due == {"ucll": 1, "ku-leuven": everyone}


def test_a_column_that_is_being_made_is_shown_so(world: World, marks: dict[str, int]) -> None:
    with world.database.begin() as db:
        [claimed] = columns(db, "ucll", "11")
        making = LineItem(
            context_id=claimed.context_id, cohort_id=claimed.cohort_id, unit_id="", is_ours=True
        )
        db.add(making)
    assert "Wordt gemaakt" in world.visit("ucll", TEACHER, MODULE).get("/gradebook").text
    with world.database.begin() as db:
        db.delete(db.get_one(LineItem, making.id))
