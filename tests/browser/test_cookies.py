"""Inside the frame of another site, in browsers that block third-party cookies, or all cookies in frames."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.conftest import FLAGS
from tests.browser.tour import Tour, launch, log_in
from tests.lti_tool.web.world import World

pytestmark = pytest.mark.browser

TITLE = "Leading innovation"  # LUCA School of Arts launches in English


def test_the_block_is_on_and_the_launch_works_all_the_same(tour: Tour) -> None:
    page = tour.person("luca", "Zoë Meulemans")
    frame = launch(page, "Health Innovation Management", "Innovatie leiden")
    kept = frame.evaluate(
        "() => { document.cookie = 'probe=1; SameSite=None; Secure'; return document.cookie }"
    )
    assert kept == ""
    cookies = [cookie for cookie in page.context.cookies() if cookie["name"] == "klimop_visit"]
    assert [(cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [
        (True, True, "None")
    ]
    assert cookies[0]["partitionKey"] == "http://localhost"


def test_reloading_the_frame_and_going_back_stay_in_the_visit(tour: Tour) -> None:
    page = tour.person("luca", "Dirk Van Hoecke")
    frame = launch(page, "Health Innovation Management", "Innovatie leiden")
    frame.evaluate("location.reload()")
    expect(frame.locator("h1")).to_contain_text(TITLE)
    frame.locator("a.activity-title").first.click()
    expect(frame.locator("article h1")).to_be_visible()
    frame.evaluate("history.back()")
    expect(frame.locator("h1")).to_contain_text(TITLE)


def test_in_a_window_of_its_own_it_works_too(tour: Tour) -> None:
    page = tour.person("luca", "Samira Haddad")
    page.get_by_role("link", name="Health Innovation Management").click()
    page.get_by_role("link", name="Innovatie leiden").click()
    with page.context.expect_page() as opened:
        page.locator("a[target=_blank]").click()
    expect(opened.value.locator("h1")).to_contain_text(TITLE)


# A browser that keeps no cookie at all, not even a partitioned one, for Klimop in another site's frame


def test_the_platforms_storage_takes_the_place_of_cookies(
    playwright: Playwright, world: World, tmp_path: Path
) -> None:
    with browser_without_cookies_in_frames(playwright, world, tmp_path) as context:
        page = log_in(context, world, "thomas-more", "Rachid Bouzid")
        frame = launch(page, "Health Innovation Management", "Innovatie leiden")
        expect(frame.locator("h1")).to_contain_text("Innovatie leiden")
        assert [cookie for cookie in context.cookies() if cookie["domain"] == "127.0.0.1"] == []
        frame.locator("a.activity-title").first.click()
        expect(frame.locator("article h1")).to_be_visible()
        frame.get_by_role("button", name="Gelezen, ga verder").click()
        expect(frame.locator("h1")).to_be_visible()


def test_without_storage_one_click_opens_a_window_where_cookies_are_ours(
    playwright: Playwright, world: World, tmp_path: Path
) -> None:
    with browser_without_cookies_in_frames(playwright, world, tmp_path) as context:
        page = log_in(context, world, "ku-leuven", "Griet Hoornaert")
        page.get_by_role("link", name="Health Innovation Management").click()
        page.get_by_role("link", name="Innovatie leiden").click()
        with context.expect_page() as opened:
            page.frame_locator("iframe[data-tool]").get_by_role("link", name="Klimop openen").click()
        expect(opened.value.locator("h1")).to_contain_text("Innovatie leiden")
        assert "klimop_visit" in {cookie["name"] for cookie in context.cookies()}


@contextmanager
def browser_without_cookies_in_frames(
    playwright: Playwright, world: World, folder: Path
) -> Iterator[BrowserContext]:
    """A fresh profile whose owner blocks Klimop's cookies wherever the campus is what she visits."""
    preferences = folder / "Default" / "Preferences"
    preferences.parent.mkdir()
    pair = f"{world.settings.base_url},{world.campus.settings.base_url}"
    blocked = {"cookies": {pair: {"setting": 2}}}
    preferences.write_text(json.dumps({"profile": {"content_settings": {"exceptions": blocked}}}))
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=shutil.which("chromium"), headless=True, args=FLAGS, locale="nl-BE"
    )
    yield context
    context.close()
