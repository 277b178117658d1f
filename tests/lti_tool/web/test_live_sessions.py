"""From agendas to published sessions: a manager connects, a teacher plans, calendars show it."""

from datetime import date, timedelta

import pytest
import requests
from icalendar import Calendar
from sqlalchemy import Select, select

from lti_tool import clock
from lti_tool.demo.people import PEOPLE
from lti_tool.storage.models import Agenda, Cohort, Enrolment, LiveSession, Person, Plan, PlanStatus, Seat
from tests.lti_tool.web.world import LIVE, MODULE, World


def _wishes(**changes: object) -> dict[str, object]:
    first = clock.now().date() + timedelta(days=15)
    return {
        "sessions": "3",
        "minutes": "120",
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(weeks=8)).isoformat(),
        "days": ["0", "1", "2", "3", "4"],
        "hours_from": "08:00",
        "hours_until": "20:00",
        "days_apart": "7",
        "groups": "1",
        "capacity": "",
    } | changes


def _agenda_address(world: World, slug: str, sub: str) -> str:
    account = next(one for one in PEOPLE if one.institution.slug == slug and one.sub == sub)
    return f"{world.campus.settings.base_url}/agendas/{account.slug}.ics"


def test_a_connected_agenda_is_shown_at_once_without_a_title(world: World) -> None:
    page = world.visit("ku-leuven", "11", LIVE)
    shown = page.post("/agenda", {"address": _agenda_address(world, "ku-leuven", "11")})
    assert shown.status_code == 200
    assert 'class="block busy"' in shown.text
    with world.database.read() as db:
        agenda = db.scalars(_agenda_of("Nadia El Amrani")).one()
    assert agenda.read_at is not None
    assert agenda.address is not None
    assert b"agendas" not in agenda.address


def test_an_uploaded_file_is_read_and_not_kept(world: World) -> None:
    page = world.visit("ku-leuven", "12", LIVE)
    monday = clock.now().date() - timedelta(days=clock.now().weekday())
    file = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//NL\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART;TZID=Europe/Brussels:{monday:%Y%m%d}T090000\r\n"
        f"DTEND;TZID=Europe/Brussels:{monday:%Y%m%d}T103000\r\n"
        "RRULE:FREQ=WEEKLY\r\nSUMMARY:Evaluatiegesprek met Jan\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    shown = page.post("/agenda", {}, files={"file": ("agenda.ics", file.encode(), "text/calendar")})
    assert "9:00–10:30" in shown.text
    assert "Jan" not in shown.text


@pytest.mark.parametrize(
    "data",
    [{"address": ""}, {"address": "not an address"}, {"address": "ftp://example.org/x.ics"}],
)
def test_a_wrong_address_is_told_and_nothing_is_lost(world: World, data: dict[str, object]) -> None:
    page = world.visit("ucll", "11", LIVE)
    answer = page.post("/agenda", data)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    with world.database.read() as db:
        kept = db.scalars(_agenda_of("Ilse Degroote")).one()
    assert kept.address is not None


def test_a_web_page_instead_of_a_file_is_told(world: World) -> None:
    page = world.visit("ucll", "11", LIVE)
    answer = page.post(
        "/agenda", {}, files={"file": ("x.ics", b"<!doctype html><title>Log in", "text/calendar")}
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_forgotten_agenda_leaves_nothing(world: World) -> None:
    page = world.visit("ucll", "12", LIVE)
    page.post("/agenda/forget", {})
    with world.database.read() as db:
        assert db.scalar(_agenda_of("Yusuf Demir")) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sessions": "0"}, "sessions"),
        ({"sessions": "many"}, "sessions"),
        ({"minutes": "5"}, "minutes"),
        ({"first_day": "2020-01-01"}, "first_day"),
        ({"first_day": "soon"}, "first_day"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"hours_from": "09:10"}, "hours_from"),
        ({"hours_until": "08:30"}, "hours_until"),
        ({"groups": "99"}, "groups"),
        ({"capacity": "-1"}, "capacity"),
        ({"days": []}, "days"),
    ],
)
def test_a_wish_that_cannot_be_is_told_at_its_field(
    world: World, change: dict[str, object], field: str
) -> None:
    page = world.visit("ku-leuven", "3", MODULE)
    answer = page.post("/plans", _wishes(**change))
    assert answer.status_code == 422
    assert f'href="#f-{field}' in answer.text


def test_the_wishes_start_from_the_modules_live_share(world: World) -> None:
    page = world.visit("ku-leuven", "3", MODULE)
    form = page.get("/plans/new").text
    assert 'name="sessions"' in form
    assert 'value="10"' in form
    assert 'value="180"' in form


def test_a_plan_is_worked_out_published_and_in_every_calendar(world: World) -> None:
    world.work()  # reads the agendas
    teacher = world.visit("ku-leuven", "3", MODULE)
    asked = teacher.post("/plans", _wishes())
    number = int(asked.url.rsplit("/", 1)[1])
    assert teacher.get(f"/plans/{number}/progress").status_code == 202
    world.work()
    assert teacher.get(f"/plans/{number}/progress").status_code == 200
    published = teacher.post(f"/plans/{number}/publish", {})
    assert published.url.split("?")[0].endswith("/cohort")
    twice = teacher.post(f"/plans/{number}/publish", {})
    assert twice.status_code == 200

    manager = world.visit("vives", "11", LIVE)
    with world.database.read() as db:
        sessions = db.scalars(select(LiveSession).order_by(LiveSession.starts_at)).all()
        assert db.get_one(Plan, number).status is PlanStatus.PUBLISHED
        cohort = db.scalars(select(Cohort).where(Cohort.slug == "management-autumn")).one()
        learners = set(
            db.scalars(
                select(Enrolment.id).where(Enrolment.cohort_id == cohort.id, Enrolment.role == "learner")
            )
        )
        for session in sessions:
            seats = set(db.scalars(select(Seat.enrolment_id).where(Seat.live_session_id == session.id)))
            assert seats == learners
    assert len(sessions) == 3
    feed = _feed(world, manager.get("/calendar").text)
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    assert [event.decoded("DTSTART") for event in events] == [session.starts_at for session in sessions]
    assert [str(event["UID"]) for event in events] == [session.uid for session in sessions]


def test_a_plan_without_room_says_which_wish_is_in_the_way(world: World) -> None:
    teacher = world.visit("ku-leuven", "3", MODULE)
    day = date(clock.now().year + 1, 7, 21)  # the national holiday
    wishes = _wishes(
        sessions="1",
        first_day=day.isoformat(),
        last_day=day.isoformat(),
        days=["0", "1", "2", "3", "4", "5", "6"],
    )
    asked = teacher.post("/plans", wishes)
    world.work()
    page = teacher.get(f"/plans/{asked.url.rsplit('/', 1)[1]}")
    assert page.status_code == 200
    with world.database.read() as db:
        plan = db.get_one(Plan, int(asked.url.rsplit("/", 1)[1]))
    assert (plan.status, plan.result and plan.result["rule"]) == (PlanStatus.IMPOSSIBLE, "excluded_date")


def _feed(world: World, page: str) -> requests.Response:
    address = page.split('value="' + world.settings.base_url + "/calendar/")[1].split('"')[0]
    return requests.get(f"{world.settings.base_url}/calendar/{address}", timeout=20)


def _agenda_of(name: str) -> Select[tuple[Agenda]]:
    return select(Agenda).join(Person, Person.id == Agenda.person_id).where(Person.name == name)
