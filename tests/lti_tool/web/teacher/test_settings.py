"""The settings of a cohort: a change is shown before it is made, and undoes no colleague's unseen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from content.schedule import Chosen
from lti_tool import clock
from lti_tool.services.cohorts.configuring import Arrangement, arrange, find_arrangement
from lti_tool.storage.models import Cohort, Grading
from tests.lti_tool.web.world import MODULE, Page, World

FIRST_UNIT, SECOND_UNIT = "why-innovations-stall", "a-team-that-dares-to-learn"
Fields = dict[str, object]


class _Fields(HTMLParser):
    """What the form about settings would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._is_inside = str(values.get("action")).endswith("/settings")
        chosen = values.get("type") not in ("radio", "checkbox") or "checked" in values
        if tag == "input" and self._is_inside and chosen:
            self.sent.setdefault(str(values["name"]), []).append(values.get("value") or "")


def _fields(html: str) -> Fields:
    parser = _Fields()
    parser.feed(html)
    return {name: values if len(values) > 1 else values[0] for name, values in parser.sent.items()}


@pytest.fixture(scope="module")
def first(world: World) -> Arrangement:
    return _arranged(world)


@pytest.fixture
def page(world: World, first: Arrangement) -> Iterator[Page]:
    """The page of someone of the team; afterwards everything is arranged as it was."""
    yield world.visit("ku-leuven", "3", MODULE)
    current = _arranged(world)
    with world.database.begin() as db:
        arrange(db, _cohort(world), first, seen=current.fingerprint, now=clock.now())


def _cohort(world: World) -> int:
    with world.database.read() as db:
        return db.scalars(select(Cohort.id).where(Cohort.slug == "management-autumn")).one()


def _arranged(world: World) -> Arrangement:
    cohort_id = _cohort(world)
    with world.database.read() as db:
        return find_arrangement(db, cohort_id)


def _filled(page: Page, **changes: object) -> Fields:
    return _fields(page.get("/settings").text) | changes


def _day(arrangement: Arrangement, days: int) -> str:
    return (arrangement.schedule.starts_on + timedelta(days)).isoformat()


def test_the_form_as_it_stands_changes_nothing(world: World, page: Page, first: Arrangement) -> None:
    answer = page.post("/settings", _filled(page, do="look"))
    assert "Er verandert niets." in answer.text
    page.post("/settings", _filled(page, do="save"))
    assert _arranged(world) == first


def test_a_change_is_shown_first_and_saved_from_there(world: World, page: Page, first: Arrangement) -> None:
    shown = page.post("/settings", _filled(page, starts_on=_day(first, 9), due_dates="no", do="look"))
    assert shown.status_code == 200
    assert "Leereenheden 1, 2, 3, 4, 5 en 6 openen 1 week later, voor 24 deelnemers." in shown.text
    assert "hebben geen einddatum meer." in shown.text
    assert shown.text.count('class="bar-after"') == 6
    assert _arranged(world) == first
    saved = page.post("/settings", _fields(shown.text) | {"do": "save"})
    assert "Je wijzigingen zijn bewaard." in saved.text
    start = first.schedule.starts_on + timedelta(weeks=1)
    assert _arranged(world).schedule == replace(first.schedule, starts_on=start, has_due_dates=False)


def test_everything_of_a_cohort_can_be_changed(world: World, page: Page, first: Arrangement) -> None:
    changes: Fields = {
        "name": "Voorjaar",
        "weeks": "8",
        "unlocking": "at_once",
        f"opens-{SECOND_UNIT}": _day(first, 21),
        f"due-{SECOND_UNIT}": _day(first, 30),
        "pass_mark": "12,5",
        "maximum": "25",
        "grading": "units",
    }
    page.post("/settings", _filled(page, **changes, do="save"))
    opens, due = (date.fromisoformat(_day(first, days)) for days in (21, 30))
    assert _arranged(world) == replace(
        first,
        name="Voorjaar",
        schedule=replace(
            first.schedule, weeks=8, unlocks_weekly=False, chosen={SECOND_UNIT: Chosen(opens=opens, due=due)}
        ),
        pass_share=0.5,
        maximum=25.0,
        grading=Grading.UNITS,
    )
    assert _fields(page.get("/settings").text).items() >= {**changes, "pass_mark": "12.5"}.items()


def test_one_can_go_back_from_what_is_shown_and_nothing_typed_is_lost(
    world: World, page: Page, first: Arrangement
) -> None:
    shown = page.post("/settings", _filled(page, name="Voorjaar", do="look"))
    form = page.post("/settings", _fields(shown.text) | {"do": "edit"})
    assert _fields(form.text)["name"] == "Voorjaar"
    assert _arranged(world) == first


def test_a_colleagues_change_meanwhile_is_told_and_not_undone_unseen(world: World, page: Page) -> None:
    mine = _filled(page, weeks="10", do="save")
    colleague = world.visit("odisee", "3", MODULE)
    colleague.post("/settings", _filled(colleague, name="Najaar B", do="save"))
    answer = page.post("/settings", mine)
    assert answer.status_code == 409
    assert "Een collega heeft de instellingen intussen veranderd." in answer.text
    assert "De cyclus heet “Najaar”." in answer.text
    assert (_arranged(world).name, _arranged(world).schedule.weeks) == ("Najaar B", None)
    page.post("/settings", _fields(answer.text) | {"do": "save"})
    assert (_arranged(world).name, _arranged(world).schedule.weeks) == ("Najaar", 10)


def test_looking_with_an_old_form_tells_of_the_colleague_too(world: World, page: Page) -> None:
    mine = _filled(page, weeks="10", do="look")
    page.post("/settings", _filled(page, name="Najaar B", do="save"))
    back = page.post("/settings", mine | {"do": "edit"}).text
    for form in (mine, _fields(back) | {"do": "look"}):
        assert "Een collega heeft" in page.post("/settings", form).text
    assert "Een collega heeft" not in page.post("/settings", _filled(page, weeks="10", do="look")).text


def test_institutions_with_learners_cannot_be_left_out(world: World, page: Page, first: Arrangement) -> None:
    fields = _filled(page, name="Voorjaar", do="save")
    assert "institutions" not in fields  # all six have learners
    page.post("/settings", fields | {"institutions": "nowhere"})
    assert _arranged(world) == replace(first, name="Voorjaar")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "Geef een naam van hoogstens 100 tekens."),
        ("name", "a" * 101, "Geef een naam van hoogstens 100 tekens."),
        ("name", "a\x00b", "Geef een naam van hoogstens 100 tekens."),
        ("starts_on", "", "Geef een datum."),
        ("starts_on", "9999-12-31", "Kies een dag binnen de twee jaar."),
        ("weeks", "0", "Geef een geheel getal van 1 tot 52."),
        ("weeks", "53", "Geef een geheel getal van 1 tot 52."),
        ("unlocking", "never", "Kies een van deze mogelijkheden."),
        ("due_dates", "", "Kies een van deze mogelijkheden."),
        ("grading", "everything", "Kies een van deze mogelijkheden."),
        ("maximum", "", "Geef een getal zoals 10 of 12,5."),
        ("maximum", "1e3", "Geef een getal zoals 10 of 12,5."),
        ("maximum", "0", "Geef een getal van 1 tot 1000."),
        ("pass_mark", "-1", "Geef een getal zoals 10 of 12,5."),
        ("pass_mark", "101", "mag niet hoger zijn dan het maximum van een score."),
        (f"opens-{FIRST_UNIT}", "tomorrow", "Geef een datum."),
        (f"opens-{FIRST_UNIT}", "0001-01-01", "Kies een dag binnen twee jaar van de start."),
        (f"due-{FIRST_UNIT}", "2020-01-01", "Kies een dag binnen twee jaar van de start."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_not_saved(
    world: World, page: Page, first: Arrangement, field: str, typed: str, said: str
) -> None:
    for button in ("look", "save", "edit"):
        answer = page.post("/settings", _filled(page, **{field: typed}, do=button))
        assert (answer.status_code, said in answer.text) == (422, True)
        assert f'id="f-{field}-error"' in answer.text or f'href="#f-{field}"' in answer.text
    assert _arranged(world) == first


@pytest.mark.parametrize("dates", [{"opens": 20}, {"due": -1}, {"opens": 9, "due": 8}])
def test_no_unit_is_due_before_it_opens(
    world: World, page: Page, first: Arrangement, dates: dict[str, int]
) -> None:
    typed: Fields = {f"{kind}-{FIRST_UNIT}": _day(first, days) for kind, days in dates.items()}
    answer = page.post("/settings", _filled(page, **typed, do="look"))
    if dates == {"opens": 20}:  # its due date moves along
        assert answer.status_code == 200
    else:
        assert (answer.status_code, "klaar moeten zijn voor ze opent" in answer.text) == (422, True)
    assert _arranged(world) == first
