"""What is held of an agenda over HTTP: changed, read again, taken along and deleted, by its owner alone."""

import json

import pytest
from sqlalchemy import select

from lti_tool.storage.models import Agenda, AgendaPreferences, Person
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.web.agenda.files import agendas_of, weekly
from tests.lti_tool.web.world import LIVE, MODULE, Page, World

FILE = {"file": ("agenda.ics", weekly(), "text/calendar")}


def only(world: World, name: str) -> Agenda:
    with world.database.read() as db:
        return db.scalars(agendas_of(name)).one()


def connected(world: World, server: LocalServer, slug: str, sub: str, *replies: Reply) -> Page:
    """Return the page of someone with one agenda, which the server gives."""
    page = world.visit(slug, sub, LIVE)
    page.post("/agenda/forget", {})
    server.answer("/a.ics", *(replies or [Reply(content=weekly())]))
    assert page.post("/agenda/add/other", {"address": on(server, "/a.ics")}).status_code == 200
    return page


def on(server: LocalServer, path: str) -> str:
    """Return an address on the server by the name of its host that may be reached."""
    return f"http://localhost:{server.port}{path}"


def test_a_change_in_how_it_counts_is_seen_at_once(world: World, server: LocalServer) -> None:
    page = connected(world, server, "ucll", "12", Reply(content=weekly("TRANSP:TRANSPARENT")))
    agenda = only(world, "Yusuf Demir")
    assert "9:00–10:30" not in page.get("/agenda").text
    shown = page.post(f"/agenda/sources/{agenda.id}", {"label": "Ploeg", "treat_all_as_busy": "1"})
    assert "9:00–10:30" in shown.text
    assert "Ploeg" in shown.text
    assert len(server.seen) == 2


def test_a_new_name_reads_nothing(world: World, server: LocalServer) -> None:
    page = connected(world, server, "ucll", "12")
    agenda = only(world, "Yusuf Demir")
    assert "Ploeg 2" in page.post(f"/agenda/sources/{agenda.id}", {"label": "Ploeg 2"}).text
    assert len(server.seen) == 1


def test_another_address_takes_the_place_of_the_first_if_it_is_right(
    world: World, server: LocalServer
) -> None:
    page = connected(world, server, "ucll", "12")
    agenda = only(world, "Yusuf Demir")
    server.answer("/b.ics", Reply(content=weekly(begin="1400", end="1500")))
    wrong = page.post(f"/agenda/sources/{agenda.id}", {"address": on(server, "/nothing")})
    assert wrong.status_code == 422
    assert "9:00–10:30" in page.get("/agenda").text
    shown = page.post(f"/agenda/sources/{agenda.id}", {"address": on(server, "/b.ics")})
    assert "14:00–15:00" in shown.text
    assert "9:00–10:30" not in shown.text


def test_an_owner_may_have_it_read_now(world: World, server: LocalServer) -> None:
    replies = (Reply(content=weekly()), Reply(content=weekly(begin="1100", end="1200")), Reply(status=500))
    page = connected(world, server, "ucll", "12", *replies)
    agenda = only(world, "Yusuf Demir")
    assert "11:00–12:00" in page.post(f"/agenda/sources/{agenda.id}/read", {}).text
    failed = page.post(f"/agenda/sources/{agenda.id}/read", {}).text
    assert "11:00–12:00" in failed
    assert "blijft gelden" in failed


def test_an_agenda_that_is_deleted_leaves_nothing(world: World, server: LocalServer) -> None:
    page = connected(world, server, "ucll", "12")
    agenda = only(world, "Yusuf Demir")
    shown = page.post(f"/agenda/sources/{agenda.id}/delete", {})
    assert "Welke agenda gebruik je op het werk?" in shown.text
    with world.database.read() as db:
        assert db.scalars(agendas_of("Yusuf Demir")).all() == []
    assert page.post(f"/agenda/sources/{agenda.id}/delete", {}).status_code == 404


@pytest.mark.parametrize(
    ("slug", "sub"), [("ucll", "11"), ("ucll", "3"), ("odisee", "12"), ("ku-leuven", "3")]
)
def test_nobody_else_sees_or_touches_it(world: World, slug: str, sub: str) -> None:
    """Whether colleague or teacher, of the same institution or of another."""
    with world.database.read() as db:
        theirs = db.scalars(agendas_of("Elif Şahin")).one()
    other = world.visit(slug, sub, LIVE if sub != "3" else MODULE)
    assert other.get(f"/agenda/sources/{theirs.id}").status_code == 404
    for path in ("", "/read", "/delete"):
        answer = other.post(f"/agenda/sources/{theirs.id}{path}", {"label": "mine"})
        assert answer.status_code == 404
    with world.database.read() as db:
        assert db.scalars(agendas_of("Elif Şahin")).one().label == ""
        assert theirs.address is not None
    assert theirs.address.decode() not in other.get("/agenda/export").text


@pytest.mark.parametrize("number", ["0", "2147483648", "99999999999999999999"])
def test_a_number_that_no_agenda_has(world: World, number: str) -> None:
    page = world.visit("ucll", "12", LIVE)
    assert page.get(f"/agenda/sources/{number}").status_code == 404
    assert page.post(f"/agenda/sources/{number}/delete", {}).status_code == 404


def test_everything_can_be_taken_along_and_forgotten(world: World, server: LocalServer) -> None:
    page = connected(world, server, "ucll", "12")
    page.post("/agenda/preferences", {"rest": "10", "notice": "2"})
    answer = page.get("/agenda/export")
    assert answer.headers["Content-Disposition"] == "attachment; filename=klimop-agenda.json"
    held = json.loads(answer.text)
    assert held["agendas"][0]["address"].endswith("/a.ics")
    assert held["preferences"]["rest"] == 600
    assert "Jan" not in answer.text
    page.post("/agenda/forget", {})
    assert json.loads(page.get("/agenda/export").text) == {
        "agendas": [],
        "preferences": None,
        "mail_address": None,
        "mails": [],
    }
    with world.database.read() as db:
        person = db.scalars(select(Person.id).where(Person.name == "Yusuf Demir")).one()
        assert db.get(AgendaPreferences, person) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hours_from": "soon"}, "hours_from"),
        ({"hours_from": "09:10"}, "hours_from"),
        ({"hours_from": "18:00", "hours_until": "09:00"}, "hours_until"),
        ({"days": list("0123456")}, "days"),
        ({"rest": "25"}, "rest"),
        ({"rest": "-1"}, "rest"),
        ({"travel_before": "361"}, "travel_before"),
        ({"travel_after": "long"}, "travel_after"),
        ({"notice": "61"}, "notice"),
        ({"mail": "an at example"}, "mail"),
    ],
)
def test_a_wish_that_cannot_be_is_told_at_its_field(
    world: World, change: dict[str, object], field: str
) -> None:
    page = world.visit("ucll", "11", LIVE)
    answer = page.post("/agenda/preferences", change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text


def test_wishes_are_kept_and_told(world: World) -> None:
    page = world.visit("ucll", "11", LIVE)
    wishes = {"hours_from": "08:00", "hours_until": "00:00", "days": ["6"], "rest": "", "travel_before": "45"}
    shown = page.post("/agenda/preferences", wishes)
    assert shown.status_code == 200
    for words in ("08:00–24:00", "zondag", "45 min heen", "niet nodig"):
        assert words in shown.text
    again = page.get("/agenda/preferences").text
    assert 'value="08:00"' in again
    assert 'name="days" value="6" checked' in again
