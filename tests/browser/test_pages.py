"""Every page, on phone and desktop, in Dutch and English, light and dark: axe finds nothing to say."""

from datetime import date

import pytest
from playwright.sync_api import Frame, Page, ViewportSize

from lti_tool import clock
from tests.browser.tour import DESKTOP, PHONE, Scheme, Tour, keep_picture, launch, violations
from tests.lti_tool.web.world import World

pytestmark = pytest.mark.browser

MANAGEMENT, MODULE, LIVE = "Health Innovation Management", "Innovatie leiden", "Live sessies"
LOOKS = [
    pytest.param("nl", "light", PHONE, id="phone, Dutch, light"),
    pytest.param("en", "dark", PHONE, id="phone, English, dark"),
    pytest.param("en", "light", DESKTOP, id="desktop, English, light"),
    pytest.param("nl", "dark", DESKTOP, id="desktop, Dutch, dark"),
]
LEARNERS_PAGES = [
    "/",
    "/programme",
    "/live",
    "/agenda",
    "/calendar",
    "/activities/spread-is-a-decision",
    "/activities/why-innovations-stall-video",
    "/activities/unit-1-check",
    "/activities/nowhere",
]


def _choose(frame: Frame, language: str) -> None:
    if frame.locator("html").get_attribute("lang") != language:
        with frame.page.expect_event("framenavigated"):
            frame.locator(f"form.languages button[value={language}]").click()
        frame.wait_for_load_state()


def _inspect(page: Page, frame: Frame, path: str, name: str) -> list[str]:
    home = "/".join(frame.url.split("/")[:5])
    frame.goto(f"{home}{path}")
    keep_picture(page, frame, name)
    found = violations(frame)
    if frame.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("the page is wider than the screen")
    return [f"{path}: {violation}" for violation in found]


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_the_learners_pages(tour: Tour, language: str, scheme: Scheme, size: ViewportSize) -> None:
    page = tour.person("ku-leuven", "Tomasz Kowalczyk", size=size, scheme=scheme)
    frame = launch(page, MANAGEMENT, LIVE)
    _choose(frame, language)
    found = [
        violation
        for number, path in enumerate(LEARNERS_PAGES)
        for violation in _inspect(page, frame, path, f"learner-{number}-{language}-{scheme}")
    ]
    assert found == []


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_the_teachers_pages(
    world: World, tour: Tour, language: str, scheme: Scheme, size: ViewportSize
) -> None:
    page = tour.person("ucll", "Geert Claessens", size=size, scheme=scheme)
    frame = launch(page, MANAGEMENT, MODULE)
    _choose(frame, language)
    found = _inspect(page, frame, "/cohort", f"teacher-cohort-{language}-{scheme}")
    found += _inspect(page, frame, "/plans/new", f"teacher-wishes-{language}-{scheme}")
    for wishes in ("possible", "impossible"):
        frame.goto("/".join(frame.url.split("/")[:5]) + "/plans/new")
        if wishes == "impossible":
            holiday = date(clock.now().year + 1, 7, 21).isoformat()
            frame.locator("#f-sessions").fill("1")
            frame.locator("#f-first_day").fill(holiday)
            frame.locator("#f-last_day").fill(holiday)
        else:
            frame.locator("#f-sessions").fill("2")
        with page.expect_event("framenavigated"):
            frame.locator("form.form button.button-primary").click()
        frame.wait_for_load_state()
        path = "/" + "/".join(frame.url.split("/")[5:])
        found += _inspect(page, frame, path, f"teacher-{wishes}-asked-{language}-{scheme}")
        world.work()
        found += _inspect(page, frame, path, f"teacher-{wishes}-{language}-{scheme}")
    assert found == []


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_the_style_guide(world: World, tour: Tour, language: str, scheme: Scheme, size: ViewportSize) -> None:
    page = tour.person("ku-leuven", "Tomasz Kowalczyk", size=size, locale=language, scheme=scheme)
    page.goto(f"{world.settings.base_url}/design")
    assert violations(page) == []


def test_a_refused_launch_has_a_page_like_any_other(world: World, tour: Tour) -> None:
    page = tour.person("ku-leuven", "Tomasz Kowalczyk", size=PHONE)
    page.goto(f"{world.settings.base_url}/lti/login?iss=https://nowhere.example&login_hint=1")
    assert violations(page) == []
