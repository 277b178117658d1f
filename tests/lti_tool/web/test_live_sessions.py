"""From agendas to published sessions: a manager connects, a teacher plans, calendars show it."""

from datetime import date, timedelta

import pytest
import requests
from icalendar import Calendar
from sqlalchemy import select

from lti_tool import clock
from lti_tool.storage.models import Cohort, Enrolment, LiveSession, Plan, PlanStatus, Seat
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
        "on_campus": "online",
        "days_apart": "7",
        "groups": "1",
        "capacity": "",
    } | changes


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
