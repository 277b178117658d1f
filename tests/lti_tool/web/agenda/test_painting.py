"""A painted week over HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.services.agendas import sources
from lti_tool.storage.models import Agenda, AgendaKind, Person
from lti_tool.zone import ZONE
from scheduling.painted import MAX_EXCEPTIONS, Exceptional, PaintedWeek
from tests.lti_tool.web.agenda.files import agendas_of
from tests.lti_tool.web.world import LIVE, World

DAYS = {f"day-{number}": "" for number in range(7)}
NEXT_WEEK = (clock.now() + timedelta(days=7 - clock.now().weekday())).date()


def painted(world: World, name: str) -> list[Agenda]:
    with world.database.read() as db:
        return [agenda for agenda in db.scalars(agendas_of(name)) if agenda.kind is AgendaKind.PAINTED]


def test_a_painted_week_is_drawn_like_any_agenda(world: World) -> None:
    page = world.visit("odisee", "12", LIVE)
    page.post("/agenda/forget", {})
    saved = page.post("/agenda/week", DAYS | {"day-0": "8-12", "day-6": "22:00-6:30?"})
    assert 'value="0:00-6:30?, 8:00-12:00"' in saved.text
    week = page.get("/agenda").text
    assert "8:00–12:00" in week
    # What goes on past Sunday's midnight belongs to Monday.
    assert "0:00–6:30 Misschien bezet" in week


def test_what_cannot_be_read_is_told_at_its_day_and_kept_as_typed(world: World) -> None:
    page = world.visit("odisee", "13", LIVE)
    answer = page.post("/agenda/week", DAYS | {"day-1": "8-12", "day-3": "na de <middag>"})
    assert answer.status_code == 422
    assert 'value="8-12"' in answer.text
    assert "“na de &lt;middag&gt;”" in answer.text
    assert painted(world, "Sofie Lauwers") == []


def test_days_that_are_otherwise_are_added_and_removed(world: World) -> None:
    page = world.visit("vives", "12", LIVE)
    page.post("/agenda/week", DAYS | {"day-0": "8:00-12:00"})
    exception = {"first": NEXT_WEEK.isoformat(), "last": "", "hours": "13-17"}
    shown = page.post("/agenda/week/exceptions", DAYS | {"day-0": "8:00-12:00", "day-1": "9-10"} | exception)
    assert shown.status_code == 200
    assert "13:00-17:00" in shown.text
    assert 'value="9:00-10:00"' in shown.text
    week = f"/agenda?week={NEXT_WEEK.isoformat()}"
    assert "13:00–17:00" in page.get(week).text
    removed = {"remove": f"{NEXT_WEEK} {NEXT_WEEK} 13:00-17:00"}
    page.post("/agenda/week/exceptions/remove", DAYS | {"day-0": "8:00-12:00"} | removed)
    assert "8:00–12:00" in page.get(week).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first": ""}, "first"),
        ({"first": "soon"}, "first"),
        ({"last": "2020-01-01"}, "last"),
        ({"first": "2020-01-01", "last": "2020-01-02"}, "last"),
        ({"last": "9999-12-31"}, "last"),
        ({"hours": "the whole day"}, "hours"),
    ],
)
def test_an_exception_that_cannot_be_is_told_at_its_field(
    world: World, change: dict[str, str], field: str
) -> None:
    page = world.visit("vives", "13", LIVE)
    good = {"first": NEXT_WEEK.isoformat(), "last": NEXT_WEEK.isoformat(), "hours": ""}
    answer = page.post("/agenda/week/exceptions", DAYS | {"day-2": "9:00-10:00"} | good | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert 'value="9:00-10:00"' in answer.text
    assert painted(world, "Elif Şahin") == []


def test_a_week_is_full_of_exceptions_some_day(world: World) -> None:
    page = world.visit("luca", "14", LIVE)
    exceptions = tuple(
        Exceptional(NEXT_WEEK + timedelta(days=number), NEXT_WEEK + timedelta(days=number), ())
        for number in range(MAX_EXCEPTIONS)
    )
    with world.database.begin() as db:
        person = db.scalars(select(Person.id).where(Person.name == "Ruben Goossenaerts")).one()
        full = PaintedWeek(((),) * 7, exceptions)
        sources.change_painted(db, person, lambda _: full, ZONE, clock.now())
    answer = page.post("/agenda/week/exceptions", DAYS | {"first": NEXT_WEEK.isoformat(), "hours": "9-10"})
    assert answer.status_code == 422
    assert f"There are {MAX_EXCEPTIONS} exceptions already" in answer.text
    with world.database.read() as db:
        assert sources.find_painted(db, person) == full
