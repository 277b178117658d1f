"""Someone's work agenda: connected, changed, deleted; painted by mouse, keys and finger; and her wishes."""

import re
import socket
from datetime import date, timedelta

import pytest
from playwright.sync_api import Frame, Locator, Page, ViewportSize, expect

from lti_tool import clock
from lti_tool.demo.people import PEOPLE
from lti_tool.zone import ZONE
from tests.browser.tour import DESKTOP, PHONE, Scheme, Tour, keep_picture, launch, violations
from tests.lti_tool.web.world import World

pytestmark = pytest.mark.browser

COURSE, LINK = "Health Innovation Management", "Live sessies"
LOOKS = [
    pytest.param("nl", "light", PHONE, id="phone, Dutch, light"),
    pytest.param("en", "dark", PHONE, id="phone, English, dark"),
    pytest.param("en", "light", DESKTOP, id="desktop, English, light"),
    pytest.param("nl", "dark", DESKTOP, id="desktop, Dutch, dark"),
]
PAGES = [
    "/agenda",
    "/agenda/add",
    *(f"/agenda/add/{program}" for program in ("outlook", "google", "apple", "nextcloud", "other")),
    "/agenda/upload",
    "/agenda/week",
    "/agenda/preferences",
]
FREE = ["De hele dag vrij"]
NOTHING = [""] * 7
# The LMS gives the frame the height of its page a moment after it has loaded or changed.
STILL = """() => new Promise(resolve => {
    let timer = setTimeout(resolve, 250);
    addEventListener("resize", () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, 250);
    });
})"""


def test_a_manager_connects_her_agenda_changes_how_it_counts_and_deletes_it(world: World, tour: Tour) -> None:
    page = tour.person("ku-leuven", "Nadia El Amrani", size=PHONE)
    frame = launch(page, COURSE, LINK)
    _press(frame.get_by_role("link", name="Je agenda koppelen"))
    expect(_question(frame)).to_be_visible()
    found = _look(page, frame, "empty")
    _press(frame.get_by_role("link", name="Outlook"))
    expect(frame.get_by_role("heading", name="1. Zoek het adres")).to_be_visible()
    expect(frame.get_by_role("img", name=re.compile("^Tekening van"))).to_have_count(2)
    frame.get_by_label("Adres van je agenda").fill(_agenda_of(world, "Nadia El Amrani"))
    _press(frame.get_by_role("button", name="Koppelen", exact=True))
    expect(frame.get_by_text("Je agenda is gekoppeld.")).to_be_visible()
    expect(frame.get_by_role("img", name=re.compile("^Je week zoals Klimop ze ziet"))).to_be_visible()
    source = frame.get_by_role("article")
    expect(source).to_contain_text("In orde")
    found += _look(page, frame, "connected")
    _press(source.get_by_role("link", name="Wijzigen"))
    frame.get_by_label("Alles erin telt als bezet").check()
    _press(frame.get_by_role("button", name="Bewaren"))
    expect(source).to_contain_text("Alles erin telt als bezet.")
    _press(source.get_by_text("Verwijderen", exact=True))
    found += _look(page, frame, "deleting")
    _press(source.get_by_role("button", name="Deze agenda verwijderen"))
    expect(_question(frame)).to_be_visible()
    assert found == []


def test_a_wrong_address_says_what_to_do_and_stays_where_it_was_typed(world: World, tour: Tour) -> None:
    page = tour.person("ku-leuven", "Griet Hoornaert", size=PHONE)
    frame = _open(page, "/agenda/add/google")
    home_page = f"{world.campus.settings.base_url}/"
    field = frame.get_by_label("Adres van je agenda")
    field.fill(home_page)
    _press(frame.get_by_role("button", name="Koppelen", exact=True))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("werkt zonder aanmelden"))
    expect(field).to_have_value(home_page)
    expect(_keep_anyway(frame)).to_have_count(0)
    assert _look(page, frame, "wrong-address") == []


def test_an_address_whose_server_is_silent_may_be_kept_to_try_again(tour: Tour) -> None:
    page = tour.person("vives", "Lieselot Verhaeghe", size=PHONE)
    frame = _open(page, "/agenda/add/other")
    frame.get_by_label("Adres van je agenda").fill(f"http://localhost:{_closed_port()}/rooster.ics")
    frame.get_by_label("Jouw naam ervoor").fill("Nachtdiensten")
    _press(frame.get_by_role("button", name="Koppelen", exact=True))
    expect(_keep_anyway(frame)).to_be_visible()
    found = _look(page, frame, "silent-server")
    _press(_keep_anyway(frame))
    source = frame.get_by_role("article", name="Nachtdiensten")
    expect(source).to_contain_text("Niet te lezen sinds")
    found += _look(page, frame, "failing")
    assert found == []


def test_a_mouse_paints_a_week_that_klimop_then_sees(tour: Tour) -> None:
    page = tour.person("ku-leuven", "Wim Vandeputte")
    frame = launch(page, COURSE, LINK)
    _press(frame.get_by_role("link", name="Je agenda koppelen"))
    _press(frame.get_by_role("link", name="Kleur je week in"))
    _settle(frame)
    for expected in (["9:00-17:00"] * 2 + [""] * 5, NOTHING):
        _drag(page, _cell(frame, 0, 9), _cell(frame, 1, 16.5))
        assert _texts(frame) == expected
    _press(frame.get_by_role("button", name="Maak ongedaan"))
    frame.get_by_role("radio", name="Misschien").check()
    _drag(page, _cell(frame, 1, 15), _cell(frame, 1, 18.5))
    assert _texts(frame) == ["9:00-17:00", "9:00-15:00, 15:00-19:00?", "", "", "", "", ""]
    found = _look(page, frame, "painted")
    _press(frame.get_by_role("button", name="Mijn week bewaren"))
    expect(frame.get_by_text("Je week is bewaard.")).to_be_visible()
    _press(frame.get_by_role("link", name="Je werkagenda"))
    painted = {"ma": ["9:00–17:00 Bezet"], "di": ["9:00–15:00 Bezet", "15:00–19:00 Misschien bezet"]}
    assert _week_in_words(frame) == _free_week() | painted
    found += _look(page, frame, "painted-overview")
    assert found == []


def test_the_keyboard_paints_and_it_is_said(tour: Tour) -> None:
    page = tour.person("ucll", "Ilse Degroote")
    frame = _open(page, "/agenda/week")
    _settle(frame)
    frame.get_by_role("radio", name="Bezet").focus()
    for key in ("Tab", "Tab", "Space", "Shift+ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    assert _texts(frame) == ["8:00-9:00", "8:00-9:00", "", "", "", "", ""]
    said = "maandag tot dinsdag, telkens 8:00 tot 9:00, bezet"
    expect(frame.locator("#announcer")).to_have_text(said)
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert _texts(frame) == ["8:00-9:00", "8:00-9:30", "", "", "", "", ""]


def test_a_finger_scrolls_until_it_has_been_held(tour: Tour) -> None:
    page = tour.person("odisee", "Sofie Lauwers", size=PHONE, touch=True)
    frame = _open(page, "/agenda/week")
    _settle(frame)
    _cell(frame, 3, 15).scroll_into_view_if_needed()
    finger = Finger(page)
    before = _scrolled(page)
    finger.press(_cell(frame, 3, 9), hold=True)
    finger.drag_to(_cell(frame, 4, 12.5))
    finger.lift()
    painted = ["", "", "", "9:00-13:00", "9:00-13:00", "", ""]
    assert (_texts(frame), _scrolled(page)) == (painted, before)
    finger.press(_cell(frame, 1, 14), hold=False)
    finger.drag_to(_cell(frame, 1, 9))
    finger.lift()
    assert _texts(frame) == painted
    assert _scrolled(page) > before + 50
    _cell(frame, 6, 10).tap()
    painted[6] = "10:00-10:30"
    assert _texts(frame) == painted
    frame.get_by_role("button", name="Mijn week bewaren").tap()
    expect(frame.get_by_text("Je week is bewaard.")).to_be_visible()
    assert _texts(frame) == painted


def test_what_is_typed_is_drawn_and_painted_on(tour: Tour) -> None:
    page = tour.person("odisee", "Koen Ver Elst")
    frame = _open(page, "/agenda/week")
    _settle(frame)
    _press(frame.get_by_text("Typ de uren liever"))
    _field(frame, "Zondag").fill("21-7?")
    _field(frame, "Zondag").blur()
    expect(_cell(frame, 0, 6.5)).to_have_attribute("data-state", "tentative")  # Monday morning
    expect(frame.get_by_role("button", name="Nachturen")).to_have_attribute("aria-expanded", "true")
    _field(frame, "Zaterdag").fill("overdag")
    _drag(page, _cell(frame, 2, 9), _cell(frame, 2, 9.5))
    expect(_field(frame, "Zaterdag")).to_have_accessible_description(re.compile("“overdag”"))
    assert _texts(frame) == ["0:00-7:00?", "", "9:00-10:00", "", "", "overdag", "21:00-24:00?"]
    _press(frame.get_by_role("button", name="Mijn week bewaren"))
    expect(_field(frame, "Zaterdag")).to_have_attribute("aria-invalid", "true")
    assert _texts(frame) == ["0:00-7:00?", "", "9:00-10:00", "", "", "overdag", "21:00-24:00?"]
    assert _look(page, frame, "unreadable-hours") == []


@pytest.mark.parametrize("touch", [pytest.param(False, id="mouse"), pytest.param(True, id="finger")])
def test_a_night_that_is_typed_last_is_saved_by_one_press(tour: Tour, touch: bool) -> None:
    page = tour.person("ucll", "Yusuf Demir", size=PHONE, touch=touch)
    frame = _open(page, "/agenda/week")
    _settle(frame)
    _press(frame.get_by_text("Typ de uren liever"))
    _field(frame, "Maandag").fill("21-7")  # the drawing grows by its night when the field is left
    save = frame.get_by_role("button", name="Mijn week bewaren")
    save.evaluate(STILL)
    (save.tap if touch else save.click)()
    expect(frame.get_by_text("Je week is bewaard.")).to_be_visible()
    assert _texts(frame) == ["21:00-24:00", "0:00-7:00", "", "", "", "", ""]


def test_a_day_that_is_otherwise_is_added_and_removed(tour: Tour) -> None:
    page = tour.person("thomas-more", "Annelies Boeckx", size=PHONE)
    frame = _open(page, "/agenda")
    _delete_everything(frame)
    _save_week(frame, ["8:00-16:00"] * 5)
    monday = _this_monday() + timedelta(weeks=1)
    _press(frame.get_by_text("Dagen toevoegen"))
    frame.get_by_label("Eerste dag").fill(monday.isoformat())
    frame.get_by_label("Uren waarop je dan bezet bent").fill("13-22u")
    _press(frame.get_by_role("button", name="Toevoegen"))
    expect(frame.get_by_text("De uitzondering is toegevoegd.")).to_be_visible()
    expect(frame.get_by_role("listitem").filter(has_text="13:00-22:00")).to_be_visible()
    found = _look(page, frame, "exception")
    usual = {day: ["8:00–16:00 Bezet"] for day in ("ma", "di", "wo", "do", "vr")}
    frame.goto(f"{_home(frame)}/agenda?week={monday}")
    assert _week_in_words(frame) == _free_week() | usual | {"ma": ["13:00–22:00 Bezet"]}
    frame.goto(f"{_home(frame)}/agenda/week")
    _press(frame.get_by_role("button", name=re.compile("^Verwijderen")))
    expect(frame.get_by_text("De uitzondering is verwijderd.")).to_be_visible()
    frame.goto(f"{_home(frame)}/agenda?week={monday}")
    assert _week_in_words(frame) == _free_week() | usual
    assert found == []


def test_wishes_are_kept_and_drawn(tour: Tour) -> None:
    page = tour.person("ucll", "Marleen Coppieters", size=PHONE)
    frame = _open(page, "/agenda")
    _delete_everything(frame)
    _save_week(frame, ["13-17", "", "21-7"])
    frame.goto(f"{_home(frame)}/agenda")
    assert _legend(frame) == ["Bezet", "Rust na een nachtdienst"]
    _fill_wishes(frame)
    found = _look(page, frame, "wishes")
    _press(frame.get_by_role("button", name="Bewaren"))
    expect(frame.get_by_text("Je wensen zijn bewaard.")).to_be_visible()
    assert _legend(frame) == [
        "Bezet",
        "Rust na een nachtdienst",
        "Te dicht voor een sessie op de campus",
        "Buiten je wensen",
    ]
    found += _look(page, frame, "wishes-overview")
    frame.goto(f"{_home(frame)}/agenda/preferences")
    expect(frame.get_by_label(re.compile("^Van"))).to_have_value("08:00")
    expect(frame.get_by_label(re.compile("^Tot"))).to_have_value("20:00")
    expect(frame.get_by_label("Zondag")).to_be_checked()
    expect(frame.get_by_label("Rust na een nachtdienst")).to_have_value("9")
    expect(frame.get_by_label("De weg naar de campus")).to_have_value("45")
    assert found == []


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_the_agendas_pages(tour: Tour, language: str, scheme: Scheme, size: ViewportSize) -> None:
    page = tour.person("ku-leuven", "Tomasz Kowalczyk", size=size, scheme=scheme)
    frame = _open(page, "/agenda")
    _choose(frame, language)
    home = _home(frame)
    source = frame.locator("a[href*='/agenda/sources/']").get_attribute("href") or ""
    found = []
    for path in (*PAGES, source[source.index("/agenda/") :]):
        frame.goto(f"{home}{path}")
        name = f"page{path.removeprefix('/agenda').replace('/', '-')}-{language}-{scheme}"
        found += [f"{path}: {trouble}" for trouble in _look(page, frame, name)]
    assert found == []


def _open(page: Page, path: str) -> Frame:
    """Launch the live sessions, and go from there to a page."""
    frame = launch(page, COURSE, LINK)
    frame.goto(f"{_home(frame)}{path}")
    return frame


def _choose(frame: Frame, language: str) -> None:
    if frame.locator("html").get_attribute("lang") != language:
        with frame.page.expect_event("framenavigated"):
            frame.locator(f"form.languages button[value={language}]").click()
        frame.wait_for_load_state()


def _home(frame: Frame) -> str:
    return "/".join(frame.url.split("/")[:5])


def _look(page: Page, frame: Frame, name: str) -> list[str]:
    """Keep a picture of a page, and return what is wrong with it."""
    keep_picture(page, frame, f"agenda-{name}")
    found = [f"{name}: {violation}" for violation in violations(frame)]
    if frame.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{name} is wider than the screen")
    return found


def _agenda_of(world: World, name: str) -> str:
    person = next(person for person in PEOPLE if person.name == name)
    return f"{world.campus.settings.base_url}/agendas/{person.slug}.ics"


def _closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        port: int = listener.getsockname()[1]
    return port


def _question(frame: Frame) -> Locator:
    """Return the heading of a page on which no agenda is connected yet."""
    return frame.get_by_role("heading", name="Welke agenda gebruik je op het werk?")


def _keep_anyway(frame: Frame) -> Locator:
    return frame.get_by_role("button", name="Bewaar het en probeer later opnieuw")


def _delete_everything(frame: Frame) -> None:
    _press(frame.get_by_role("group").get_by_text("Alles verwijderen").first)
    _press(frame.get_by_role("button", name="Alles verwijderen"))
    expect(frame.get_by_text("Alles is verwijderd.")).to_be_visible()


def _save_week(frame: Frame, texts: list[str]) -> None:
    """Type a week's hours, from Monday on, and save them."""
    frame.goto(f"{_home(frame)}/agenda/week")
    _settle(frame)
    _press(frame.get_by_text("Typ de uren liever"))
    for number, text in enumerate(texts):
        frame.locator(f"#f-day-{number}").fill(text)
    _press(frame.get_by_role("button", name="Mijn week bewaren"))
    expect(frame.get_by_text("Je week is bewaard.")).to_be_visible()


def _fill_wishes(frame: Frame) -> None:
    frame.goto(f"{_home(frame)}/agenda/preferences")
    frame.get_by_label(re.compile("^Van")).fill("08:00")
    frame.get_by_label(re.compile("^Tot")).fill("20:00")
    frame.get_by_label("Zondag").check()
    frame.get_by_label("Rust na een nachtdienst").fill("9")
    frame.get_by_label("De weg naar de campus").fill("45")
    frame.get_by_label("De weg terug").fill("45")


def _this_monday() -> date:
    today = clock.now().astimezone(ZONE).date()
    return today - timedelta(days=today.weekday())


def _week_in_words(frame: Frame) -> dict[str, list[str]]:
    """Return what is told of each day beside the drawn week."""
    _press(frame.get_by_text("Deze week in woorden"))
    days = frame.locator(".week-words > div").all()
    return {day.locator("dt").inner_text()[:2]: day.locator("dd").all_inner_texts() for day in days}


def _free_week() -> dict[str, list[str]]:
    return dict.fromkeys(("ma", "di", "wo", "do", "vr", "za", "zo"), FREE)


def _legend(frame: Frame) -> list[str]:
    return frame.locator(".week-legend li").all_inner_texts()


def _press(place: Locator) -> None:
    """Press a button or a link once nothing moves any more."""
    place.evaluate(STILL)
    place.click()


def _settle(frame: Frame) -> None:
    """Wait until the week can be painted, and nothing moves any more."""
    expect(frame.locator("[data-painter][data-ready]")).to_be_visible()
    frame.evaluate(STILL)


def _cell(frame: Frame, day: int, hour: float) -> Locator:
    return frame.locator(f"[data-cell='{day}-{int(2 * hour)}']")


def _field(frame: Frame, day: str) -> Locator:
    return frame.get_by_role("textbox", name=day)


def _texts(frame: Frame) -> list[str]:
    return [frame.locator(f"#f-day-{day}").input_value() for day in range(7)]


def _centre(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, first: Locator, last: Locator) -> None:
    """Drag a mouse from one cell to another; both must fit on the screen."""
    last.evaluate(STILL)
    last.scroll_into_view_if_needed()
    page.mouse.move(*_centre(first))
    page.mouse.down()
    page.mouse.move(*_centre(last), steps=5)
    page.mouse.up()


def _scrolled(page: Page) -> float:
    return float(page.evaluate("scrollY"))


class Finger:
    """One finger on a screen; the browser itself tells whether it scrolls."""

    def __init__(self, page: Page) -> None:
        self._page, self._session = page, page.context.new_cdp_session(page)
        self._place = (0.0, 0.0)

    def press(self, place: Locator, *, hold: bool) -> None:
        self._place = _centre(place)
        self._touch("touchStart", self._place)
        self._page.wait_for_timeout(400 if hold else 0)

    def drag_to(self, place: Locator) -> None:
        (x, y), (to_x, to_y) = self._place, _centre(place)
        for step in range(1, 13):
            self._touch("touchMove", (x + (to_x - x) * step / 12, y + (to_y - y) * step / 12))
            self._page.wait_for_timeout(16)

    def lift(self) -> None:
        self._touch("touchEnd")
        self._page.wait_for_timeout(600)  # for a scroll that goes on by itself

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
