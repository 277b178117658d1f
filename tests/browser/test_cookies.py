"""Inside the frame of another site, in a browser that blocks third-party cookies."""

import pytest
from playwright.sync_api import expect

from tests.browser.tour import Tour, launch

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
