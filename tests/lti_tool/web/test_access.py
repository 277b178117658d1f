"""Who may do what: owner, colleague, stranger."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.storage.models import Cohort, Institution, Partner, Plan, PlanStatus
from tests.lti_tool.web.world import FACILITATION, LIVE, MODULE, World

LEARNERS_PAGES = ["/", "/live", "/agenda", "/calendar", "/calendar/qr.svg", "/mark"]
TEACHERS_PAGES = ["/cohort", "/plans/new", "/plans/1", "/plans/1/progress"]


@pytest.mark.parametrize("path", TEACHERS_PAGES)
def test_a_learner_opens_no_teachers_page(world: World, path: str) -> None:
    page = world.visit("ku-leuven", "11", MODULE)
    assert page.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/live", "/calendar", "/calendar/qr.svg", "/mark"])
def test_a_teacher_has_no_learners_own_pages(world: World, path: str) -> None:
    page = world.visit("ku-leuven", "3", MODULE)
    assert page.get(path).status_code == 403


@pytest.mark.parametrize("path", [*TEACHERS_PAGES, "/live", "/agenda", "/calendar", "/mark"])
def test_an_administrator_only_looks_at_the_module(world: World, path: str) -> None:
    page = world.visit("ku-leuven", "2", MODULE)
    assert page.get("/").status_code == 200
    assert page.get(path).status_code == 403


def test_an_administrator_leaves_no_trace(world: World) -> None:
    page = world.visit("ku-leuven", "2", MODULE)
    assert page.post("/activities/spread-is-a-decision/read", {}).status_code == 403


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/activities/spread-is-a-decision/read", "12"),
        ("/agenda/add/other", "12"),
        ("/agenda/upload", "12"),
        ("/agenda/forget", "12"),
        ("/agenda/preferences", "12"),
        ("/agenda/week", "12"),
        ("/agenda/week/exceptions", "12"),
        ("/agenda/week/exceptions/remove", "12"),
        ("/agenda/sources/1", "12"),
        ("/agenda/sources/1/read", "12"),
        ("/agenda/sources/1/delete", "12"),
        ("/calendar/replace", "12"),
        ("/language", "12"),
        ("/plans", "3"),
        ("/plans/1/publish", "3"),
    ],
)
@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_its_token_is_refused(world: World, path: str, who: str, token: str) -> None:
    page = world.visit("ku-leuven", who, MODULE)
    assert page.post(path, {"csrf_token": token}).status_code == 403


def test_a_token_of_another_visit_is_refused(world: World) -> None:
    mine = world.visit("ku-leuven", "12", MODULE)
    other = world.visit("ku-leuven", "13", MODULE)
    assert mine.post("/language", {"csrf_token": other.token, "lang": "en"}).status_code == 403


def test_a_plan_of_another_cohort_is_as_good_as_none(world: World) -> None:
    owner = world.visit("ku-leuven", "3", MODULE)
    colleague = world.visit("odisee", "3", MODULE)
    stranger = world.visit("ku-leuven", "3", FACILITATION)
    asked = owner.post("/plans", _wishes())
    number = asked.url.rsplit("/", 1)[1]
    assert owner.get(f"/plans/{number}").status_code == 200
    assert colleague.get(f"/plans/{number}").status_code == 200
    for path in (f"/plans/{number}", f"/plans/{number}/progress"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/plans/{number}/publish", {}).status_code == 404
    with world.database.read() as db:
        assert db.get_one(Plan, int(number)).status is PlanStatus.REQUESTED


def test_a_cohort_opens_only_to_its_own_institutions(world: World) -> None:
    with world.database.begin() as db:
        cohort = db.scalars(select(Cohort).where(Cohort.slug == "management-autumn")).one()
        partners = db.scalars(select(Partner).where(Partner.cohort_id == cohort.id)).all()
        gone = partners[-1]
        institution_id = gone.institution_id
        db.delete(gone)
    page = world.visit("luca", "11", LIVE)
    assert page.response.status_code == 404
    with world.database.begin() as db:
        db.add(Partner(cohort_id=cohort.id, institution_id=institution_id))
    assert world.visit("luca", "11", LIVE).response.status_code == 200


def test_an_institution_that_was_left_out_has_no_say_from_then_on(world: World) -> None:
    page = world.visit("vives", "3", MODULE)
    assert page.get("/settings").status_code == 200
    with world.database.begin() as db:
        cohort = db.scalars(select(Cohort).where(Cohort.slug == "management-autumn")).one()
        vives = select(Institution.id).where(Institution.slug == "vives").scalar_subquery()
        gone = db.scalars(select(Partner).filter_by(cohort_id=cohort.id, institution_id=vives)).one()
        institution_id = gone.institution_id
        db.delete(gone)
    for path in ("/cohort", "/gradebook"):
        assert page.get(path).url.endswith("/link")
    assert page.get("/settings").status_code == 403
    assert page.post("/close", {}).status_code == 403
    with world.database.begin() as db:
        db.add(Partner(cohort_id=cohort.id, institution_id=institution_id))
    assert page.get("/settings").status_code == 200


def test_what_no_database_holds_is_nonsense_and_no_crash(world: World) -> None:
    page = world.visit("ku-leuven", "3", MODULE)
    assert page.get("/place/overview/a%00b").status_code in (400, 404)
    assert page.post("/link", {"cohort": "a\0b"}).status_code in (200, 400)


def test_an_unknown_visit_is_over(world: World) -> None:
    page = world.visit("ku-leuven", "12", MODULE)
    answer = page.http.get(f"{world.settings.base_url}/s/made-up/", timeout=20)
    assert answer.status_code == 401


def _wishes() -> dict[str, object]:
    first = clock.now().date() + timedelta(days=20)
    return {
        "sessions": "2",
        "minutes": "90",
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=40)).isoformat(),
        "days": ["1", "3"],
        "hours_from": "09:00",
        "hours_until": "17:00",
        "on_campus": "online",
        "days_apart": "7",
        "groups": "1",
        "capacity": "",
    }
