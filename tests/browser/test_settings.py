"""A team changes its cohort by keyboard and mouse, sees first what changes, ends it and opens it again."""

import pytest
from playwright.sync_api import Frame, ViewportSize, expect

from tests.browser.tour import DESKTOP, PHONE, Scheme, Tour, keep_picture, launch, violations

pytestmark = pytest.mark.browser

COURSE, LINK = "Health Innovation Management", "Innovatie leiden"
LOOKS = [
    pytest.param("light", PHONE, id="phone, light"),
    pytest.param("dark", DESKTOP, id="desktop, dark"),
]


def _home(frame: Frame) -> str:
    return "/".join(frame.url.split("/")[:5])


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_a_team_changes_ends_and_reopens_its_cohort(tour: Tour, scheme: Scheme, size: ViewportSize) -> None:
    page = tour.person("ucll", "Geert Claessens", scheme=scheme, size=size)
    frame = launch(page, COURSE, LINK)
    found: list[str] = []

    def inspect(name: str) -> None:
        keep_picture(page, frame, f"settings-{name}-{scheme}")
        found.extend(f"{name}: {violation}" for violation in violations(frame))
        if frame.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name} is wider than the screen")

    inspect("cohort")
    frame.get_by_role("link", name="Instellingen").click()
    frame.get_by_text("Andere datums voor één leereenheid").click()
    inspect("form")
    frame.get_by_label("Aantal weken").fill("18")
    frame.get_by_label("Geslaagd vanaf").fill("1000")
    frame.get_by_role("button", name="Bekijk wat verandert").click()
    expect(frame.get_by_role("alert")).to_be_visible()
    inspect("errors")
    frame.get_by_label("Geslaagd vanaf").fill("12")
    frame.get_by_role("button", name="Bekijk wat verandert").click()
    expect(frame.get_by_role("heading", name="De leereenheden in de tijd")).to_be_visible()
    inspect("preview")
    frame.get_by_role("button", name="Nog iets anders veranderen").click()
    expect(frame.get_by_label("Aantal weken")).to_have_value("18")
    frame.goto(f"{_home(frame)}/settings")
    expect(frame.get_by_label("Aantal weken")).to_have_value("12")
    frame.get_by_text("Ja, ik wil ze beëindigen").click()
    frame.get_by_role("button", name="Nu beëindigen").click()
    expect(frame.get_by_text("De cyclus is beëindigd.")).to_be_visible()
    inspect("ended")
    frame.get_by_role("button", name="Weer openen").click()
    expect(frame.get_by_text("De cyclus is weer open.")).to_be_visible()
    assert found == []


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_the_pages_of_a_unit_and_of_one_that_is_locked(
    tour: Tour, scheme: Scheme, size: ViewportSize
) -> None:
    page = tour.person("ku-leuven", "Griet Hoornaert", scheme=scheme, size=size)
    frame = launch(page, COURSE, LINK)
    home = _home(frame)
    found: list[str] = []
    for number, path in enumerate(
        [
            "/?unit=why-innovations-stall",
            "/?unit=measuring-to-learn",
            "/activities/unit-4-check",
            "/programme",
        ]
    ):
        frame.goto(f"{home}{path}")
        keep_picture(page, frame, f"unit-{number}-{scheme}")
        found += [f"{path}: {violation}" for violation in violations(frame)]
    assert found == []
