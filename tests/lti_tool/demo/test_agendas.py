from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events
import requests
from icalendar import Calendar, Event

from lti_tool.demo.agendas import agenda_file, rhythm
from lti_tool.demo.agendas.entry import Shows
from lti_tool.demo.agendas.ics import BRUSSELS
from lti_tool.demo.agendas.life import agenda
from lti_tool.demo.current import Campus
from lti_tool.demo.people import AGENDA_OWNERS, Kind, Person
from tests.platform.campus import AGENDA_START

STYLES = AGENDA_OWNERS[:4]
MONDAY = AGENDA_START - timedelta(days=AGENDA_START.weekday())
WEEKS = 24
LAST = MONDAY + timedelta(weeks=WEEKS)

Span = tuple[datetime, datetime]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BRUSSELS)


def read(person: Person) -> list[Span]:
    """Return when a person is not free in the weeks ahead, as a calendar library reads her file."""
    calendar = Calendar.from_ical(agenda_file(person, AGENDA_START))
    events = recurring_ical_events.of(calendar).between(midnight(MONDAY), midnight(LAST))
    return sorted(_span(event) for event in events if event["TRANSP"] != "TRANSPARENT")


def meant(person: Person) -> list[Span]:
    """Return the same from what was invented."""
    entries = agenda(person.slug, rhythm(person), AGENDA_START)
    spans = [span for entry in entries if entry.shows is not Shows.FREE for span in entry.occurrences()]
    absolute = [(_brussels(start), _brussels(end)) for start, end in spans]
    return sorted(span for span in absolute if span[1] > midnight(MONDAY) and span[0] < midnight(LAST))


def free_share(person: Person) -> float:
    """Return which part of the weekday half hours from 9 to 17 h is free."""
    days = [MONDAY + timedelta(days=n) for n in range(7 * WEEKS) if n % 7 < 5]
    half = timedelta(minutes=30)
    halves = {
        (midnight(day) + timedelta(hours=9) + n * half).astimezone(UTC) for day in days for n in range(16)
    }
    taken = {begun for start, end in meant(person) for begun in _halves(start, end)}
    return len(halves - taken) / len(halves)


def _halves(start: datetime, end: datetime) -> list[datetime]:
    """Return the starts of the half hours that a span touches."""
    first = start - timedelta(minutes=start.minute % 30)
    return [first + timedelta(minutes=30 * n) for n in range(-(-(end - first) // timedelta(minutes=30)))]


def _span(event: Event) -> Span:
    return _moment(event.start), _moment(event.end)


def _moment(value: date) -> datetime:
    return value.astimezone(UTC) if isinstance(value, datetime) else midnight(value).astimezone(UTC)


def _brussels(wall_time: datetime) -> datetime:
    return wall_time.replace(tzinfo=BRUSSELS).astimezone(UTC)


@pytest.mark.parametrize("person", STYLES, ids=lambda person: person.slug)
def test_a_calendar_library_reads_what_was_meant(person: Person) -> None:
    assert read(person) == meant(person)


def test_everyone_is_free_for_a_third_to_two_thirds_of_office_hours() -> None:
    shares = sorted(free_share(person) for person in AGENDA_OWNERS)
    assert shares[0] >= 0.30
    assert shares[-1] <= 0.62


def test_no_two_agendas_are_alike_and_none_is_empty() -> None:
    agendas = {agenda(person.slug, rhythm(person), AGENDA_START) for person in AGENDA_OWNERS}
    assert len(agendas) == len(AGENDA_OWNERS)
    assert min(len(entries) for entries in agendas) > 100


def test_every_manager_and_teacher_has_one() -> None:
    kinds = [person.kind for person in AGENDA_OWNERS]
    assert kinds.count(Kind.MANAGER) == 24
    assert set(kinds) == {Kind.MANAGER, Kind.TEACHER}


def test_programs_name_their_zones_in_their_own_way() -> None:
    zones = []
    for person in STYLES:
        calendar = Calendar.from_ical(agenda_file(person, AGENDA_START))
        zone = calendar.timezones[0]
        began = zone.standard[0].DTSTART.year
        zones.append((zone["TZID"], began, calendar.get("X-WR-TIMEZONE")))
    assert zones == [
        ("W. Europe Standard Time", 1601, None),
        ("Europe/Brussels", 1970, "Europe/Brussels"),
        ("Romance Standard Time", 1601, None),
        ("Europe/Brussels", 1996, None),
    ]


@pytest.mark.parametrize("person", STYLES, ids=lambda person: person.slug)
def test_an_agenda_has_series_with_days_skipped_and_a_day_moved(person: Person) -> None:
    events = Calendar.from_ical(agenda_file(person, AGENDA_START)).walk("VEVENT")
    series = [event for event in events if "RRULE" in event]
    moved = {str(event["UID"]) for event in events if "RECURRENCE-ID" in event}
    assert series
    assert all("EXDATE" in event for event in series)
    assert moved == {str(event["UID"]) for event in series}


@pytest.mark.parametrize("person", STYLES, ids=lambda person: person.slug)
def test_standing_meetings_keep_their_wall_time_in_summer(person: Person) -> None:
    calendar = Calendar.from_ical(agenda_file(person, AGENDA_START))
    title = next(str(event["SUMMARY"]) for event in calendar.walk("VEVENT") if "RRULE" in event)
    events = recurring_ical_events.of(calendar).between(midnight(MONDAY), midnight(LAST))
    starts = [event["DTSTART"].dt.astimezone(BRUSSELS) for event in events if event["SUMMARY"] == title]
    times = [start.time() for start in starts]
    usual = max(set(times), key=times.count)
    assert times.count(usual) >= len(times) - 1  # one was moved
    assert len({start.utcoffset() for start in starts if start.time() == usual}) == 2


def test_an_agenda_depends_on_its_owner_and_its_start_alone() -> None:
    person = AGENDA_OWNERS[0]
    agenda_file.cache_clear()
    first = agenda_file(person, AGENDA_START)
    agenda_file.cache_clear()
    assert agenda_file(person, AGENDA_START) == first
    assert agenda_file(person, AGENDA_START + timedelta(weeks=1)) != first


def test_an_agenda_that_did_not_change_is_not_sent_again(campus: Campus) -> None:
    url = f"{campus.settings.base_url}/agendas/{AGENDA_OWNERS[0].slug}.ics"
    with requests.Session() as http:
        first = http.get(url, timeout=20)
        by_tag = http.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=20)
        by_date = http.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]}, timeout=20)
        unknown = http.get(f"{campus.settings.base_url}/agendas/nobody.ics", timeout=20)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.content == agenda_file(AGENDA_OWNERS[0], AGENDA_START)
    assert [(answer.status_code, answer.content) for answer in (by_tag, by_date)] == [(304, b"")] * 2
    assert unknown.status_code == 404
