"""A teacher places a module from inside her LMS, and looks at it as learners will; axe finds nothing to say."""

import re

import pytest
from playwright.sync_api import Frame, Page, ViewportSize, expect

from tests.browser.tour import DESKTOP, PHONE, Scheme, Tour, keep_picture, violations
from tests.lti_tool.web.world import World

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
