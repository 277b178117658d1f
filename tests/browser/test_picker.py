"""A teacher places a module from inside her LMS, and looks at it as learners will; axe finds no fault."""

import re

import pytest
from playwright.sync_api import Frame, Page, ViewportSize, expect

from tests.browser.tour import DESKTOP, PHONE, Scheme, Tour, keep_picture, launch, violations

pytestmark = pytest.mark.browser

COURSE = "Health Innovation Management"
TITLE = "Innovatie leiden in zorg en welzijn"
LOOKS = [
    pytest.param("nl", "light", PHONE, id="phone, Dutch, light"),
    pytest.param("en", "dark", DESKTOP, id="desktop, English, dark"),
]


def _open_picker(page: Page) -> Frame:
    page.get_by_role("link", name=COURSE).click()
    page.get_by_role("link", name=re.compile("Inhoud toevoegen|Add content")).click()
    expect(page.frame_locator("iframe[data-tool]").locator("header.topbar")).to_be_visible()
    found = next(frame for frame in page.frames if "/s/" in frame.url)
    found.wait_for_load_state()
    return found


def _follow(page: Page, frame: Frame, selector: str) -> None:
    with page.expect_event("framenavigated"):
        frame.locator(selector).last.click()
    frame.wait_for_load_state()


def _inspect(page: Page, frame: Frame, name: str) -> list[str]:
    keep_picture(page, frame, name)
    found = violations(frame)
    if frame.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("the page is wider than the screen")
    return [f"{name}: {violation}" for violation in found]


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_the_pickers_pages(tour: Tour, language: str, scheme: Scheme, size: ViewportSize) -> None:
    page = tour.person("ucll", "Geert Claessens", size=size, scheme=scheme)
    frame = _open_picker(page)
    if frame.locator("html").get_attribute("lang") != language:
        _follow(page, frame, f"form.languages button[value={language}]")
        frame.goto("/".join(frame.url.split("/")[:5]) + "/place")
    found = _inspect(page, frame, f"picker-choose-{language}-{scheme}")
    _follow(page, frame, ".card a.button-primary")
    found += _inspect(page, frame, f"picker-configure-{language}-{scheme}")
    frame.locator('input[name="cohort"][value="new"]').check()
    frame.locator("#f-starts_on").fill("2027-02-10")
    found += _inspect(page, frame, f"picker-start-{language}-{scheme}")
    _follow(page, frame, ".placing button.button-primary")
    found += _inspect(page, frame, f"picker-check-{language}-{scheme}")
    home = "/".join(frame.url.split("/")[:5])
    frame.goto(f"{home}/place/1/check?what=&cohort=new")
    found += _inspect(page, frame, f"picker-wrong-{language}-{scheme}")
    for name, path in (("module", ""), ("page", "activities/spread-is-a-decision")):
        frame.goto(f"{home}/preview/1/{path}")
        found += _inspect(page, frame, f"picker-preview-{name}-{language}-{scheme}")
    assert found == []


def test_what_a_teacher_chose_is_in_her_course_after_one_more_click(tour: Tour) -> None:
    page = tour.person("vives", "Carine Deprez")
    frame = _open_picker(page)
    _follow(page, frame, ".card a.button-primary")
    frame.locator('input[name="cohort"][value="new"]').check()
    _follow(page, frame, ".placing button.button-primary")
    frame.get_by_role("button", name="Plaats in je cursus").click()
    expect(page.get_by_text("Geplaatst: 2")).to_be_visible()
    expect(page.get_by_role("link", name=f"Live sessies: {TITLE}")).to_be_visible()


def test_the_search_finds_while_one_types(tour: Tour) -> None:
    page = tour.person("ku-leuven", "Katrien Van Aerschot")
    frame = _open_picker(page)
    frame.get_by_role("searchbox").fill("pdsa")
    expect(frame.locator("#results h3")).to_have_text([TITLE])
    frame.get_by_role("searchbox").fill("zeppelin")
    expect(frame.get_by_text("Niets gevonden")).to_be_visible()


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_the_page_of_a_link(tour: Tour, language: str, scheme: Scheme, size: ViewportSize) -> None:
    page = tour.person("ucll", "Geert Claessens", size=size, scheme=scheme, locale=language)
    frame = launch(page, COURSE, TITLE)
    frame.goto("/".join(frame.url.split("/")[:5]) + "/link")
    assert _inspect(page, frame, f"link-{language}-{scheme}") == []
