"""Whatever is typed into an address or a form gets a page that says so, never a crash."""

import pytest

from lti_tool.web.learner.sent import MAX_REPORT_BYTES
from tests.lti_tool.web.world import LIVE, MODULE, World

TIMEOUT = 20


@pytest.mark.parametrize(
    "path",
    [
        "/plans/2147483648",
        "/plans/99999999999999999999",
        "/plans/99999999999999999999/progress",
        "/plans/new?plan=99999999999999999999",
        "/plans/0",
    ],
)
def test_a_number_that_no_plan_can_have(world: World, path: str) -> None:
    assert world.visit("ku-leuven", "3", MODULE).get(path).status_code == 404


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "soon", "2026-W01-1", "\0"])
def test_a_week_that_is_not_held_shows_one_that_is(world: World, week: str) -> None:
    page = world.visit("ku-leuven", "11", LIVE)
    assert page.http.get(f"{page.home}/agenda", params={"week": week}, timeout=TIMEOUT).status_code == 200


@pytest.mark.parametrize("visit", ["%00", "x" * 3000, "..%2f..", "%ff%fe"])
def test_a_visit_that_never_was(world: World, visit: str) -> None:
    page = world.visit("ku-leuven", "11", LIVE)
    answer = page.http.get(f"{world.settings.base_url}/s/{visit}/", timeout=TIMEOUT)
    assert answer.status_code in (401, 404)


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b"{" * 60_000, b"\xff\xfe", b"", b"null", b"1" * (MAX_REPORT_BYTES + 1)]
)
def test_a_report_of_watching_that_is_none(world: World, body: bytes) -> None:
    page = world.visit("ku-leuven", "11", MODULE)
    headers = {"X-CSRF-Token": page.token, "Content-Type": "application/json"}
    address = f"{page.home}/activities/why-innovations-stall-video/watched"
    answer = page.http.post(address, data=body, headers=headers, timeout=TIMEOUT)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("ticket", ["", "\0", "x" * 65, "a b", "é"])
def test_a_ticket_that_no_form_gave(world: World, ticket: str) -> None:
    page = world.visit("ku-leuven", "11", MODULE)
    assert page.post("/activities/unit-1-check/attempts", {"ticket": ticket}).status_code == 400


@pytest.mark.parametrize(
    "address", ["\0", "https://" + "x" * 70_000, "https://[", "http://1.2.3.4\\@x/", "é"]
)
def test_an_agenda_address_that_is_none(world: World, address: str) -> None:
    page = world.visit("ku-leuven", "12", LIVE)
    assert page.post("/agenda/add/other", {"address": address}).status_code == 422


@pytest.mark.parametrize("value", ["9" * 5000, "-1", "1.5", "²", "\0", "1e3"])
def test_a_number_of_sessions_that_is_none(world: World, value: str) -> None:
    page = world.visit("ku-leuven", "3", MODULE)
    answer = page.post("/plans", {"sessions": value})
    assert answer.status_code == 422
    assert 'href="#f-sessions"' in answer.text


@pytest.mark.parametrize("day", ["9999-12-31", "2500-01-01", "0001-01-01", "2027-02-30"])
def test_a_day_on_which_nothing_can_be_planned(world: World, day: str) -> None:
    page = world.visit("ku-leuven", "3", MODULE)
    answer = page.post("/plans", {"first_day": day, "last_day": day})
    assert answer.status_code == 422
    assert 'href="#f-first_day"' in answer.text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/s/other/", "OWN/\r\nx", "OWN/\0"]
)
def test_the_choice_of_language_leads_back_into_the_visit(world: World, back: str) -> None:
    page = world.visit("ku-leuven", "11", MODULE)
    own = page.home.removeprefix(world.settings.base_url)
    form = {"csrf_token": page.token, "lang": "nl"}
    answer = page.http.post(
        f"{page.home}/language",
        params={"next": back.replace("OWN", own)},
        data=form,
        timeout=TIMEOUT,
        allow_redirects=False,
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{own}/"


def test_a_module_without_live_sessions_is_not_planned(world: World) -> None:
    page = world.visit("ku-leuven", "3", "3")
    assert page.get("/plans/new").status_code == 404
    assert page.post("/plans", {}).status_code == 404


def test_an_administrator_who_tries_the_live_link_sees_the_module(world: World) -> None:
    page = world.visit("ku-leuven", "2", LIVE)
    assert page.response.status_code == 200
    assert page.response.url.endswith("/")


def test_the_results_of_a_quiz_throw_away_the_answers_that_were_kept(world: World) -> None:
    page = world.visit("ku-leuven", "13", MODULE)
    form = page.get("/activities/unit-1-check").text
    draft = form.split('data-draft="')[1].split('"')[0]
    results = page.post("/activities/unit-1-check/attempts", {"ticket": "first"}).text
    assert f'data-draft-done="{draft}"' in results
