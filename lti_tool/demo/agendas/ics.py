"""Agendas as .ics files (RFC 5545), written as the programs in use write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from lti_tool.demo.agendas.entry import Entry, Series, Shows
from lti_tool.demo.people import Person

BRUSSELS = ZoneInfo("Europe/Brussels")
OUTLOOK_STATUS = {
    Shows.BUSY: "BUSY",
    Shows.FREE: "FREE",
    Shows.TENTATIVE: "TENTATIVE",
    Shows.AWAY: "OOF",
}


@dataclass(frozen=True)
class Habits:
    """How a program names its zone and itself; `zone_since` is the year its zone definition starts from."""

    product: str
    zone: str
    zone_since: int
    uid_format: str


class Style(Enum):
    """The programs."""

    OUTLOOK = Habits(
        "Microsoft Exchange Server 2010",
        "W. Europe Standard Time",
        1601,
        "040000008200E00074C5B7101A82E008{}",
    )
    GOOGLE = Habits("-//Google Inc//Google Calendar 70.9054//EN", "Europe/Brussels", 1970, "{}@google.com")
    OUTLOOK_ROMANCE = Habits(
        "-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
        "Romance Standard Time",
        1601,
        "040000008200E00074C5B7101A82E008{}",
    )
    NEXTCLOUD = Habits("-//Nextcloud calendar v5.3.1", "Europe/Brussels", 1996, "{}")

    @property
    def is_outlook(self) -> bool:
        return self in (Style.OUTLOOK, Style.OUTLOOK_ROMANCE)


def render(owner: Person, entries: Iterable[Entry], *, style: Style, stamp: datetime) -> bytes:
    """Return a calendar file that is equal for equal entries; `stamp` is when they were last changed."""
    calendar = Calendar()
    calendar.add("PRODID", style.value.product)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", "Agenda" if style.is_outlook else owner.name)
    if style is Style.GOOGLE:
        calendar.add("X-WR-TIMEZONE", str(BRUSSELS))
    calendar.add_component(_zone(style))
    for entry in entries:
        for event in _events(owner, entry, style):
            event.add("DTSTAMP", stamp)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _zone(style: Style) -> Timezone:
    zone = Timezone()
    zone.add("TZID", style.value.zone)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    year = style.value.zone_since
    for part, month, hour, old, new in (
        (TimezoneStandard(), 10, 3, summer, winter),
        (TimezoneDaylight(), 3, 2, winter, summer),
    ):
        # Outlook starts its zones on New Year's Day; others on the Sunday on which the clock changes.
        first = datetime(year, 1, 1, hour) if style.is_outlook else _last_sunday(year, month, hour)  # noqa: DTZ001 zones are defined in wall time
        part.add("DTSTART", first)
        part.add("TZOFFSETFROM", old)
        part.add("TZOFFSETTO", new)
        part.add("RRULE", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def _last_sunday(year: int, month: int, hour: int) -> datetime:
    last = datetime(year, month, 31, hour)  # noqa: DTZ001 zones are defined in wall time
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _events(owner: Person, entry: Entry, style: Style) -> Iterable[Event]:
    digest = sha256(f"{owner.slug} {entry.title} {entry.start}".encode()).hexdigest()
    uid = style.value.uid_format.format(digest[:26])
    main = _event(entry, uid, entry.start, style)
    yield main
    if entry.series is None:
        return
    _repeat(main, entry.series, entry.start, style)
    for planned, start in entry.series.moved:
        exception = _event(entry, uid, start, style)
        _add_time(exception, "RECURRENCE-ID", planned, style)
        exception.add("SEQUENCE", 1)
        yield exception


def _event(entry: Entry, uid: str, start: datetime, style: Style) -> Event:
    event = Event()
    event.add("UID", uid)
    event.add("SUMMARY", entry.title)
    end = start + entry.length
    if entry.all_day:
        event.add("DTSTART", start.date())
        event.add("DTEND", end.date())
    elif style is Style.GOOGLE and entry.series is None:
        # Google writes what happens once in UTC.
        event.add("DTSTART", start.replace(tzinfo=BRUSSELS).astimezone(UTC))
        event.add("DTEND", end.replace(tzinfo=BRUSSELS).astimezone(UTC))
    else:
        _add_time(event, "DTSTART", start, style)
        _add_time(event, "DTEND", end, style)
    event.add("TRANSP", "TRANSPARENT" if entry.shows is Shows.FREE else "OPAQUE")
    if entry.shows is Shows.TENTATIVE:
        event.add("STATUS", "TENTATIVE")
    if style.is_outlook:
        event.add("X-MICROSOFT-CDO-BUSYSTATUS", OUTLOOK_STATUS[entry.shows])
    return event


def _add_time(event: Event, name: str, moment: datetime, style: Style) -> None:
    event.add(name, moment, parameters={"TZID": style.value.zone})


def _repeat(event: Event, series: Series, start: datetime, style: Style) -> None:
    last = datetime.combine(series.last, start.time(), BRUSSELS).astimezone(UTC)
    event.add("RRULE", {"freq": "weekly", "interval": series.weeks, "until": last})
    for skipped in series.skipped:
        _add_time(event, "EXDATE", skipped, style)
