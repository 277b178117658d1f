"""An administrator plugs Klimop into her LMS with one address, and a teacher's launch comes through it."""

import re

import pytest
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.services.platforms.inviting import invite, registration_url
from lti_tool.services.platforms.registering import approve_deployment
from lti_tool.storage.models import Deployment, Registration
from tests.browser.tour import Tour, keep_picture, violations
from tests.lti_tool.web.world import World

pytestmark = pytest.mark.browser

MANAGEMENT = "Health Innovation Management"


def address(world: World, institution: str = "") -> str:
    """Return a new registration address."""
    with world.database.begin() as db:
        token = invite(db, institution=institution, now=clock.now())
    return registration_url(world.settings.base_url, token)


def open_tool(tour: Tour, slug: str, administrator: str, url: str) -> tuple[Page, Frame]:
    """Paste an address in an LMS; return its page and the frame in which Klimop stands."""
    page = tour.person(slug, administrator)
    page.goto(f"{tour.world.campus.settings.base_url}/{slug}/admin")
    page.get_by_label("Registratie-adres van de tool").fill(url)
    page.get_by_role("button", name="Openen").click()
    expect(page.frame_locator("iframe[data-registration]").locator("h1")).to_be_visible()
    return page, next(frame for frame in page.frames if "/lti/" in frame.url)


def choose_content(tour: Tour, slug: str, teacher: str) -> Page:
    """Open the picker from a course: a launch with the LMS's latest registration."""
    page = tour.person(slug, teacher)
    page.get_by_role("link", name=MANAGEMENT).click()
    page.get_by_role("link", name="Inhoud toevoegen").click()
    return page


def test_one_address_plugs_a_moodle_in(world: World, tour: Tour) -> None:
    page, frame = open_tool(tour, "ucll", "Sabine Vrancken", address(world, "ucll"))
    expect(frame.locator("h1")).to_contain_text("Klimop aansluiten op")
    keep_picture(page, frame, "registration")
    assert violations(frame) == []
    frame.get_by_role("button", name="Klimop registreren").click()
    expect(frame.locator("h1")).to_have_text("Klimop is aangesloten")
    expect(frame.get_by_text("Ontbreekt")).to_have_count(0)
    keep_picture(page, frame, "registered")
    assert violations(frame) == []
    frame.get_by_role("button", name="Klaar").click()
    expect(page.get_by_text("De tool is toegevoegd.")).to_be_visible()
    teacher = choose_content(tour, "ucll", "Geert Claessens")
    expect(teacher.frame_locator("iframe[data-tool]").locator("header.topbar")).to_be_visible()
    assert any("/s/" in frame.url for frame in teacher.frames)


def test_a_canvas_tells_its_deployment_with_the_first_launch(world: World, tour: Tour) -> None:
    _, frame = open_tool(tour, "thomas-more", "Tine Hermans", address(world))
    frame.get_by_label("Voor welke instelling?").select_option("Thomas More")
    frame.get_by_role("button", name="Klimop registreren").click()
    expect(frame.get_by_text(re.compile("keurt het Klimop-team ze goed"))).to_be_visible()
    teacher = choose_content(tour, "thomas-more", "Luc Geerts")
    inside = teacher.frame_locator("iframe[data-tool]")
    expect(inside.locator("h1")).to_have_text("Klimop is nog niet goed aangesloten")
    with world.database.begin() as db:
        latest = select(Deployment.id).join(Registration).order_by(Registration.id.desc()).limit(1)
        approve_deployment(db, db.execute(latest).scalar_one(), clock.now())
    teacher.reload()
    expect(inside.locator("header.topbar")).to_be_visible()
    expect(inside.get_by_text("Klimop is nog niet goed aangesloten")).to_have_count(0)


def test_in_a_window_of_its_own_done_reaches_the_lms_too(world: World, tour: Tour) -> None:
    page, _ = open_tool(tour, "luca", "Nele Rombouts", address(world, "luca"))
    with page.context.expect_page() as opened:
        page.locator("a[target=_blank]").click()
    opened.value.get_by_role("button", name="Klimop registreren").click()
    opened.value.get_by_role("button", name="Klaar").click()
    expect(page.get_by_text("De tool is toegevoegd.")).to_be_visible()


def test_by_hand_every_value_can_be_selected_without_a_clipboard(world: World, tour: Tour) -> None:
    page = tour.person("odisee", "Mehdi Tahiri")
    page.goto(f"{world.settings.base_url}/lti/setup/moodle")
    field = page.get_by_label("Initiate login URL")
    expect(field).to_have_value(f"{world.settings.base_url}/lti/login")
    field.press("Control+a")
    assert page.evaluate("getSelection().toString()") == f"{world.settings.base_url}/lti/login"
    for family in ("", "/moodle", "/canvas", "/blackboard", "/brightspace", "/sakai", "/other"):
        page.goto(f"{world.settings.base_url}/lti/setup{family}")
        assert violations(page) == []
