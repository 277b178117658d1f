"""Dates, times, durations and lengths as iCalendar writes them (RFC 5545, 3.3)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from scheduling.interval import Interval

# No window lies beyond these years; dates that do are moved to them, so that arithmetic cannot overflow.
FIRST, LAST = datetime(1000, 1, 1), datetime(8000, 1, 1)  # noqa: DTZ001 - wall clock times have no zone
LONGEST = timedelta(days=365_000)
_LAST_END = LAST + LONGEST
DAY = timedelta(days=1)
ZONE_MARGIN = 2 * DAY  # no two clocks differ by more

_DATE_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z?))?", re.ASCII | re.IGNORECASE)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,18})W)?(?:(\d{1,18})D)?(?:T(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})S)?)?",
    re.ASCII | re.IGNORECASE,
)


class UnreadableValueError(ValueError):
    """A value that does not follow its format."""


class Written(NamedTuple):
    """A date or a date-time as it is written, before its zone is known."""

    local: datetime
    whole_day: bool
    utc: bool


def read_written(value: str) -> Written:
    """Return the date or date-time; raises UnreadableValueError."""
    match = _DATE_TIME.fullmatch(value.strip())
    if not match:
        raise UnreadableValueError
    year, month, day, hour, minute, second, utc = match.groups()
    # Hour 24 is the midnight that ends a day; second 60 is a leap second.
    extra = DAY if hour == "24" else timedelta()
    time = (0 if extra else int(hour or 0), int(minute or 0), 59 if second == "60" else int(second or 0))
    try:
        local = datetime(int(year), int(month), int(day), *time)  # noqa: DTZ001 - the zone is another step
    except ValueError:
        raise UnreadableValueError from None
    return Written(min(local, LAST) + extra, whole_day=hour is None, utc=bool(utc))


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Return the moment of a wall clock time.

    A time that the spring change skips is read with the offset before the change, and of a time that the
    autumn change repeats the first is taken, unless its fold says otherwise (RFC 5545, 3.3.5).
    """
    return min(max(local, FIRST), _LAST_END).replace(tzinfo=zone, fold=local.fold).astimezone(UTC)


def clocks_in(window: Interval) -> tuple[datetime, datetime]:
    """Return the first and the last time that any clock shows in the window, each some hours wider."""
    return to_local(window.start, UTC) - ZONE_MARGIN, to_local(window.end, UTC) + ZONE_MARGIN


def to_local(moment: datetime, zone: tzinfo) -> datetime:
    """Return the wall clock time of a moment, without its zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A wall clock time in a zone; `guessed` where the zone's name is unknown."""

    local: datetime
    zone: tzinfo
    whole_day: bool
    exact: bool = False  # written in UTC
    guessed: bool = False

    @property
    def moment(self) -> datetime:
        return to_utc(self.local, self.zone)

    def local_in(self, zone: tzinfo) -> datetime:
        """Return the wall clock time in another zone; a date is the same date everywhere."""
        return self.local if self.whole_day or zone is self.zone else to_local(self.moment, zone)


@dataclass(frozen=True, slots=True)
class Length:
    """How long an event takes: `nominal` on the clock on the wall, then `exact` on a stopwatch."""

    nominal: timedelta = timedelta()
    exact: timedelta = timedelta()

    @property
    def total(self) -> timedelta:
        return self.nominal + self.exact

    def end(self, local: datetime, zone: tzinfo) -> datetime:
        """Return the moment at which an event that starts at `local` ends."""
        start = to_utc(local, zone)
        end = (to_utc(local + self.nominal, zone) if self.nominal else start) + self.exact
        # In the hour that the spring change skips, an event could end before it starts.
        return end if end > start else start + self.total


def length_between(start: Stamp, end: Stamp) -> Length:
    """Return the length as people mean it: a night shift until 06:00 ends at 06:00 when the clocks change."""
    if start.zone is end.zone and not (start.exact or end.exact):
        return Length(nominal=end.local - start.local)
    return Length(exact=end.moment - start.moment)


def read_duration(value: str) -> Length:
    """Return a duration: weeks and days on the wall clock, the rest exact (3.3.6).

    Raises UnreadableValueError, also for a negative duration: no event ends before it starts.
    """
    match = _DURATION.fullmatch(value.strip())
    if not match or not any(match.groups()):
        raise UnreadableValueError
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    longest = int(LONGEST.total_seconds())
    return Length(
        nominal=timedelta(days=min(7 * weeks + days, LONGEST.days)),
        exact=timedelta(seconds=min(3600 * hours + 60 * minutes + seconds, longest)),
    )
