"""Live sessions as an iCalendar file to subscribe to (RFC 5545, RFC 7986)."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vDuration, vText, vUri

REFRESH = timedelta(hours=4)


class Status(StrEnum):
    """RFC 5545, 3.8.1.11."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class CalendarEntry:
    """One session in someone's calendar; `uid` stays the same for life, `sequence` rises with each
    `changed`.

    Times are kept in UTC, to the second. An empty `place` or `link` means that there is none.
    """

    uid: str
    start: datetime
    end: datetime
    changed: datetime
    sequence: int
    summary: str
    description: str = ""
    place: str = ""
    link: str = ""
    status: Status = Status.CONFIRMED

    def __post_init__(self) -> None:
        for name in ("start", "end", "changed"):
            moment: datetime = getattr(self, name)
            if moment.tzinfo is None:
                raise ValueError("a calendar entry needs aware datetimes")
            object.__setattr__(self, name, moment.astimezone(UTC).replace(microsecond=0))
        if self.end <= self.start:
            raise ValueError("a calendar entry ends after it starts")
        if not self.uid or not self.uid.isprintable() or self.sequence < 0:
            raise ValueError("a calendar entry has a printable UID and a sequence from 0")
        if self.link and not _is_web_address(self.link):
            raise ValueError("a link is a printable http or https address")


def render(
    entries: Iterable[CalendarEntry], *, name: str, prodid: str, refresh: timedelta = REFRESH
) -> bytes:
    """Return RFC 5545 bytes, equal for equal entries in any order; `refresh` is how often to look again."""
    listed = sorted(entries, key=lambda entry: (entry.start, entry.uid))
    if any(count > 1 for count in Counter(entry.uid for entry in listed).values()):
        raise ValueError("each entry has a UID of its own")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", prodid)
    calendar.add("name", _text(name))
    calendar.add("x-wr-calname", _text(name))
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    for entry in listed:
        calendar.add_component(_event(entry))
    data: bytes = calendar.to_ical()
    return data


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", _text(entry.uid))
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    # The stamp of equal entries is equal too, so that a subscriber's 304 holds.
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status.value)
    event.add("summary", _text(entry.summary))
    # Clients that do not know STATUS must not block the time of what is off.
    event.add("transp", "TRANSPARENT" if entry.status is Status.CANCELLED else "OPAQUE")
    if entry.link:
        event.add("conference", vUri(entry.link), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    # Few clients show CONFERENCE, so the link stands where all of them look.
    description = "\n\n".join(part for part in (entry.description, entry.link) if part)
    if description:
        event.add("description", _text(description))
    if entry.place or entry.link:
        event.add("location", _text(entry.place or entry.link))
    return event


def _text(value: str) -> vText:
    return vText(_clean(value))


def _clean(value: str) -> str:
    """Return the text with plain line ends and without the control characters that 3.3.11 forbids."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc")


def _is_web_address(link: str) -> bool:
    printable = link.isprintable() and not any(char.isspace() for char in link)
    return printable and urlsplit(link).scheme in ("http", "https")
