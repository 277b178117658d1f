"""Connecting an agenda over HTTP: what is right is shown at once, what is wrong is told and not kept."""

from contextlib import ExitStack

import pytest

from lti_tool.services.agendas.sources import MOST_AGENDAS
from lti_tool.storage.models import Agenda
from lti_tool.web.agenda import turns
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.web.agenda.files import agendas_of, campus_address, weekly
from tests.lti_tool.web.world import LIVE, Page, World
from tests.platform.serving import free_port


def agendas(world: World, name: str) -> list[Agenda]:
    with world.database.read() as db:
        return list(db.scalars(agendas_of(name)))


def upload(page: Page, file: bytes, **fields: object) -> str:
    answer = page.post("/agenda/upload", fields, files={"file": ("agenda.ics", file, "text/calendar")})
    assert answer.status_code == 200
    return answer.text


def test_a_connected_agenda_is_shown_at_once(world: World) -> None:
    page = world.visit("ku-leuven", "11", LIVE)
    fields = {"address": campus_address(world, "ku-leuven", "11"), "label": "Afdeling 3"}
    shown = page.post("/agenda/add/outlook", fields)
    assert shown.status_code == 200
    assert 'class="block busy"' in shown.text
    assert "Afdeling 3" in shown.text
    [agenda] = agendas(world, "Nadia El Amrani")
    assert agenda.read_at is not None
    assert agenda.address is not None
    assert b"agendas" not in agenda.address


def test_someone_may_connect_several(world: World) -> None:
    page = world.visit("odisee", "11", LIVE)
    upload(page, weekly(begin="0700", end="0800"))
    shown = upload(page, weekly(begin="2000", end="2100"))
    assert "7:00–8:00" in shown
    assert "20:00–21:00" in shown
    assert shown.count('class="card source"') == 3


def test_an_uploaded_file_is_read_and_not_kept(world: World) -> None:
    shown = upload(world.visit("ku-leuven", "12", LIVE), weekly())
    assert "9:00–10:30" in shown
    assert "Jan" not in shown


@pytest.mark.parametrize(
    ("lines", "switch", "is_busy"),
    [
        (("TRANSP:TRANSPARENT",), "", False),
        (("TRANSP:TRANSPARENT",), "treat_all_as_busy", True),
        (("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",), "", True),
        (("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",), "ignore_all_day", False),
    ],
)
def test_an_owner_says_how_it_counts(
    world: World, lines: tuple[str, ...], switch: str, is_busy: bool
) -> None:
    page = world.visit("vives", "11", LIVE)
    page.post("/agenda/forget", {})
    shown = upload(page, weekly(*lines), **({switch: "1"} if switch else {}))
    assert ("9:00–10:30" in shown) is is_busy


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"address": ""}, "adres van een agenda"),
        ({"address": "not an address"}, "adres van een agenda"),
        ({"address": "ftp://example.org/x.ics"}, "adres van een agenda"),
        ({"address": "http://127.0.0.1/x.ics"}, "gesloten netwerk"),
        ({"address": "https://example.org/x.ics", "mail": "an at example"}, "mailadres"),
        ({"address": "https://example.org/x.ics", "mail": "zoë@example.be"}, "mailadres"),
        ({"address": "https://example.org/x.ics", "mail": "an@example..be"}, "mailadres"),
        ({"address": "https://agenda.invalid/x.ics"}, "geen server met deze naam"),
        ({"address": "https://example.org/x.ics", "label": "x" * 61}, "60 tekens"),
    ],
)
def test_what_is_wrong_is_told_beside_what_was_typed(
    world: World, data: dict[str, object], words: str
) -> None:
    page = world.visit("ucll", "11", LIVE)
    before = agendas(world, "Ilse Degroote")
    answer = page.post("/agenda/add/other", data)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert words in answer.text
    assert f'value="{data["address"]}"' in answer.text
    assert len(agendas(world, "Ilse Degroote")) == len(before)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=404), "je deelt hem niet meer"),
        (Reply(content=b"<!doctype html><title>Log in"), "aanmelden"),
        (Reply(content=b"Dag"), "geen agendabestand"),
    ],
)
def test_an_address_that_gives_no_calendar_is_not_kept(
    world: World, server: LocalServer, reply: Reply, words: str
) -> None:
    page = world.visit("ucll", "13", LIVE)
    address = server.answer("/a.ics", reply).replace("127.0.0.1", "localhost")
    answer = page.post("/agenda/add/other", {"address": address, "do": "keep"})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="keep"' not in answer.text


def test_a_server_that_is_down_may_be_up_tomorrow_so_its_owner_chooses(world: World) -> None:
    page = world.visit("thomas-more", "11", LIVE)
    page.post("/agenda/forget", {})
    address = f"http://localhost:{free_port()}/a.ics"
    asked = page.post("/agenda/add/other", {"address": address})
    assert asked.status_code == 422
    assert 'value="keep"' in asked.text
    kept = page.post("/agenda/add/other", {"address": address, "do": "keep"})
    assert kept.status_code == 200
    assert "Niet leesbaar" in kept.text


def test_nobody_connects_without_end(world: World) -> None:
    page = world.visit("luca", "12", LIVE)
    page.post("/agenda/forget", {})
    for _ in range(MOST_AGENDAS):
        upload(page, weekly())
    answer = page.post("/agenda/upload", {}, files={"file": ("a.ics", weekly(), "text/calendar")})
    assert answer.status_code == 422
    assert str(MOST_AGENDAS) in answer.text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"<!doctype html><title>Log in", "webpagina"),
        (b"", "leeg"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "halverwege"),
    ],
)
def test_a_file_that_is_no_calendar_is_told(world: World, file: bytes, words: str) -> None:
    page = world.visit("ucll", "11", LIVE)
    answer = page.post("/agenda/upload", {}, files={"file": ("x.ics", file, "text/calendar")})
    assert answer.status_code == 422
    assert words in answer.text


def test_no_file_is_told_too(world: World) -> None:
    assert world.visit("ucll", "11", LIVE).post("/agenda/upload", {}).status_code == 422


def test_there_is_help_for_each_program_and_no_other(world: World) -> None:
    page = world.visit("ucll", "11", LIVE)
    for program in ("outlook", "google", "apple", "nextcloud"):
        assert page.get(f"/agenda/add/{program}").text.count('role="img"') >= 2
    assert page.get("/agenda/add/abacus").status_code == 404


def test_an_address_is_connected_once(world: World) -> None:
    page = world.visit("thomas-more", "12", LIVE)
    again = page.post("/agenda/add/other", {"address": campus_address(world, "thomas-more", "12")})
    assert again.status_code == 422
    assert "al gekoppeld" in again.text


def test_launches_keep_their_threads_while_many_connect(world: World) -> None:
    page = world.visit("thomas-more", "13", LIVE)
    address = campus_address(world, "thomas-more", "14")
    with ExitStack() as others:
        for _ in range(turns.AT_ONCE):
            others.enter_context(turns.in_turn())
        asked = page.post("/agenda/add/other", {"address": address})
        uploaded = page.post("/agenda/upload", {}, files={"file": ("a.ics", weekly(), "text/calendar")})
    assert (asked.status_code, uploaded.status_code) == (503, 422)
    assert f'value="{address}"' in asked.text
    assert "over een minuut" in asked.text
    assert "over een minuut" in uploaded.text
    assert page.post("/agenda/add/other", {"address": address}).status_code == 200


def test_an_address_that_cannot_be_opened_any_more_breaks_no_page(world: World) -> None:
    page = world.visit("thomas-more", "14", LIVE)
    with world.database.begin() as db:
        agenda = db.scalars(agendas_of("Joris Wuyts")).one()
        agenda.address = b"encrypted with another secret key"
    assert page.get("/agenda").status_code == 200
    assert page.get("/agenda/export").status_code == 200
    assert page.get(f"/agenda/sources/{agenda.id}").status_code == 200
    assert "Geef het nog eens" in page.post(f"/agenda/sources/{agenda.id}/read", {}).text
    fields = {"address": campus_address(world, "thomas-more", "14")}
    assert "Geef het nog eens" not in page.post(f"/agenda/sources/{agenda.id}", fields).text


def test_who_has_as_many_as_can_be_cannot_paint_one_more(world: World) -> None:
    page = world.visit("luca", "13", LIVE)
    page.post("/agenda/forget", {})
    for _ in range(MOST_AGENDAS):
        upload(page, weekly())
    for path in ("/agenda/week", "/agenda/week/exceptions/remove"):
        answer = page.post(path, {f"day-{number}": "" for number in range(7)})
        assert answer.status_code == 200
        assert "Delete one first." in answer.text
