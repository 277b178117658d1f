"""An operator looks after the learning platforms: what needs her comes first, all pages are accessible."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.services.platforms import operating, registering
from lti_tool.storage.models import Institution, Registration
from tests.browser.tour import Tour, keep_picture, launch, violations
from tests.lti_tool.web.world import MODULE, World

pytestmark = pytest.mark.browser

MANAGEMENT, LINK = "Health Innovation Management", "Innovatie leiden"
STRANGE = "a8f5-0912:another-tenant"


def test_an_operator_finds_what_needs_her_and_does_it(world: World, tour: Tour) -> None:
    _let_things_happen(world)
    page = tour.person("ucll", "Sabine Vrancken")
    frame = launch(page, MANAGEMENT, LINK)
    expect(frame.get_by_role("heading", name="2 leerplatformen hebben je nodig")).to_be_visible()
    keep_picture(page, frame, "admin-home")
    assert violations(frame) == []

    frame.get_by_role("link", name=re.compile("^VIVES")).click()
    expect(frame.get_by_text(STRANGE)).to_be_visible()
    keep_picture(page, frame, "admin-platform-waiting")
    assert violations(frame) == []
    frame.get_by_role("button", name="Goedkeuren").click()
    expect(frame.get_by_text("Goedgekeurd: vanaf nu komen de launches binnen.")).to_be_visible()
    frame.get_by_role("button", name="Dit leerplatform testen").click()
    expect(frame.get_by_text("1 bruikbare sleutel")).to_be_visible()
    keep_picture(page, frame, "admin-platform-tested")
    assert violations(frame) == []

    frame.get_by_role("link", name="Leerplatformen").click()
    expect(frame.get_by_role("heading", name="1 leerplatform heeft je nodig")).to_be_visible()
    frame.get_by_role("link", name=re.compile("^LUCA")).click()
    expect(frame.get_by_text("ondertekend met een sleutel").first).to_be_visible()
    keep_picture(page, frame, "admin-platform-refused")
    assert violations(frame) == []


def test_an_operator_invites_adds_and_rotates(world: World, tour: Tour) -> None:
    page = tour.person("ucll", "Sabine Vrancken")
    frame = launch(page, MANAGEMENT, LINK)
    frame.get_by_role("link", name="Een instelling toevoegen").click()
    frame.get_by_label("Naam", exact=True).fill("Hogeschool PXL")
    frame.get_by_label("Korte naam").fill("pxl")
    assert violations(frame) == []
    keep_picture(page, frame, "admin-institution")
    frame.get_by_role("button", name="Bewaren").click()
    expect(frame.get_by_role("heading", name="Hogeschool PXL")).to_be_visible()

    frame.get_by_role("button", name="Het leerplatform uitnodigen").click()
    expect(frame.get_by_label("Registratieadres")).to_have_value(re.compile(r"/lti/register\?invite=."))
    keep_picture(page, frame, "admin-invited")
    assert violations(frame) == []
    frame.get_by_role("link", name="Uitnodigingen").click()
    expect(frame.get_by_text(re.compile("^Open tot"))).to_be_visible()
    keep_picture(page, frame, "admin-invitations")
    assert violations(frame) == []

    frame.get_by_role("link", name="Leerplatformen").click()
    frame.get_by_role("link", name="De sleutels bekijken").click()
    frame.get_by_role("button", name="Een nieuwe sleutel maken").click()
    expect(frame.get_by_text("Een nieuwe sleutel is onderweg")).to_be_visible()
    keep_picture(page, frame, "admin-keys")
    assert violations(frame) == []


def _let_things_happen(world: World) -> None:
    """Let a deployment wait at one LMS, another be refused for days, and a stranger knock."""
    now = clock.now()
    world.visit("vives", "11", MODULE)
    with world.database.begin() as db:
        found = dict(db.execute(select(Institution.slug, Registration.id).join(Registration)).tuples().all())
        registering.note_deployment(db, found["vives"], STRANGE, now, approve=False)
        for days in (9, 3, 3, 3, 1, 0, 0):
            details = {"kid": "2021-09-01", "jwks_url": "https://lms.example/jwks"}
            operating.note_refusal(db, "unknown_key", details, found["luca"], now - timedelta(days=days))
        operating.note_refusal(db, "unknown_issuer", {"issuer": "https://lms.elsewhere.example"}, None, now)
