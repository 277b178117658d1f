"""The outbox page in a browser: readable on a phone, without a fault that axe finds, and alive."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from lti_tool.demo.courses import MANAGEMENT
from lti_tool.storage.models import LineItem, Score
from lti_tool.worker.platforms import send_scores, tend_columns
from tests.browser.tour import PHONE, Tour, keep_picture, launch, violations
from tests.lti_tool.web.world import MODULE, World
from tests.lti_tool.worker.marks import HALF, earn, make_due

COURSE, LINK = MANAGEMENT.title, MANAGEMENT.links[0].title
COLUMN = MANAGEMENT.line_items[0].id


@pytest.fixture(scope="module")
def marks(world: World) -> dict[str, int]:
    """One mark sent, one differing, one refused and one waiting; the enrolments by the learner's number."""
    for sub in ("11", "12", "13", "14"):
        world.visit("ku-leuven", sub, MODULE)
    found = {sub: earn(world, "ku-leuven", sub, HALF) for sub in ("11", "12", "13", "14")}
    send_scores(world.workshop)
    world.campus.store.override("ku-leuven", COLUMN, "12", 14)
    make_due(world, LineItem)
    tend_columns(world.workshop)
    with world.database.begin() as db:
        refused = update(Score).where(Score.enrolment_id == found["13"])
        db.execute(refused.values(sent_at=None, refusal="404"))
    return found


def test_a_teacher_finds_what_did_not_arrive_and_sends_it_again(
    world: World, tour: Tour, marks: dict[str, int]
) -> None:
    page = tour.person("ku-leuven", "Katrien Van Aerschot")
    frame = launch(page, COURSE, LINK)
    frame.goto(frame.url.replace("/cohort", "/gradebook"))
    keep_picture(page, frame, "gradebook")
    assert violations(frame) == []
    row = frame.get_by_role("row", name="Griet Hoornaert")
    expect(row).to_contain_text("De kolom staat niet meer in het puntenboek.")
    row.get_by_role("button", name="Stuur opnieuw").click()
    expect(frame.get_by_role("status").first).to_contain_text("De scores zijn opnieuw onderweg.")
    expect(frame.get_by_text("Scores versturen").first).to_be_visible()
    keep_picture(page, frame, "gradebook-sending")
    send_scores(world.workshop)
    expect(frame.get_by_text("Scores versturen")).to_have_count(0)


def test_the_page_fits_a_phone(tour: Tour, marks: dict[str, int]) -> None:
    page = tour.person("ku-leuven", "Katrien Van Aerschot", size=PHONE)
    frame = launch(page, COURSE, LINK)
    frame.goto(frame.url.replace("/cohort", "/gradebook"))
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(frame) == []
