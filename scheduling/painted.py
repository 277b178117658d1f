"""A painted week: the hours that someone is taken in a usual week, and the days that are otherwise.

Hours are what the clock on the wall shows, in quarters. They are read from and written as short texts:
"7:00-15:30, 18:00-19:15?", in which "?" means: maybe.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby, pairwise
from typing import Any

from scheduling.interval import Interval, merged

QUARTER, DAY = 15, 24 * 60  # minutes
MAX_EXCEPTIONS, MAX_DAYS = 200, 366
# The longest text that `write_hours` makes, 96 quarters that are busy and maybe busy by turns, is shorter.
MAX_TEXT = 2_000
EXCERPT = 40

ONE_DAY, ONE_SECOND = timedelta(days=1), timedelta(seconds=1)
FREE, MAYBE, BUSY = range(3)

_TIME = r"([0-9]{1,2})(?:[:.]?([0-9]{2})| ?(?:uur|u|h)(?: ?([0-9]{2}))?)?"
_PART = re.compile(rf"{_TIME} ?(?:[-‐‑–—−]|tot|to) ?{_TIME} ?(\?)?", re.IGNORECASE)


class UnreadableHoursError(ValueError):
    """A part of a text that gives no hours; `part` is the beginning of it."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class UnreadableWeekError(ValueError):
    """Days whose text cannot be read: `parts` has for each of their numbers the part that gives no hours."""

    def __init__(self, parts: Mapping[int, str]) -> None:
        super().__init__(dict(parts))
        self.parts = dict(parts)


@dataclass(frozen=True, order=True, slots=True)
class Stretch:
    """The minutes after midnight from `start` up to, not including, `end`, in whole quarters of one day."""

    start: int
    end: int
    tentative: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY:
            raise ValueError("a stretch begins before it ends, within one day")
        if self.start % QUARTER or self.end % QUARTER:
            raise ValueError("a stretch is made of whole quarters of an hour")


# Sorted, not overlapping; stretches of the same kind do not touch either.
Hours = tuple[Stretch, ...]


@dataclass(frozen=True)
class Exceptional:
    """From `first` up to and including `last`, `hours` hold instead of those of the weekday; none is free.

    `after` is how far the hours of these days go on past midnight: each day that follows one of them has it
    besides its own hours, the day after `last` as well. `Exceptional(first, last, *read_hours(text))` makes
    one of a text.
    """

    first: date
    last: date
    hours: Hours
    after: Hours = ()

    def __post_init__(self) -> None:
        if isinstance(self.first, datetime) or isinstance(self.last, datetime):
            raise ValueError("an exception is about dates")
        if not 0 <= (self.last - self.first).days < MAX_DAYS:
            raise ValueError("an exception lasts from one day to a year")
        if read_hours(write_hours(self.hours, self.after)) != (self.hours, self.after):
            raise ValueError("an exception has hours that a text can give")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class PaintedWeek:
    """The hours of Monday to Sunday, and exceptions to them; where those overlap, the later in line holds."""

    days: tuple[Hours, ...]
    exceptions: tuple[Exceptional, ...] = ()

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError("a week has seven days")
        if any(hours != _tidied(hours) for hours in self.days):
            raise ValueError("hours are sorted, and neither overlap nor touch")
        if len(self.exceptions) > MAX_EXCEPTIONS:
            raise ValueError("a week has too many exceptions")

    def hours_on(self, day: date) -> Hours:
        """Return what holds on a date."""
        exception, before = self._exception(day), self._exception(day - ONE_DAY)
        hours = exception.hours if exception else self.days[day.weekday()]
        return _tidied(hours + before.after) if before and before.after else hours

    def _exception(self, day: date) -> Exceptional | None:
        return next((exception for exception in reversed(self.exceptions) if day in exception), None)


def read_hours(text: str) -> tuple[Hours, Hours]:
    """Return the hours of the day itself, and what goes on past its midnight as hours of the next day.

    Parts stand between commas, semicolons or ends of lines. An end at or before its start is on the next day;
    quarters that are only touched count in full; where parts overlap, busy wins over maybe. Raises
    UnreadableHoursError.
    """
    if len(text) > MAX_TEXT:
        raise UnreadableHoursError(text[:EXCERPT])
    states = [FREE] * (2 * DAY // QUARTER)
    for part in filter(str.strip, re.split(r"[,;\n]", text)):
        quarters, state = _read_part(" ".join(part.split()))
        for quarter in quarters:
            states[quarter] = max(states[quarter], state)
    middle = DAY // QUARTER
    return _hours(states[:middle]), _hours(states[middle:])


def write_hours(hours: Hours, after: Hours = ()) -> str:
    """Return the text that `read_hours` reads as these hours, with what goes on past midnight if they do."""
    own = [(one.start, one.end, one.tentative) for one in hours]
    last = own[-1] if own else (0, 0, False)
    # What goes on begins with the last stretch, or later where it would else last longer than a day.
    over = [(max(last[0], one.end), one.end, one.tentative) for one in after]
    if any((start, tentative) == (last[0], last[2]) for start, _, tentative in over):
        own = own[:-1]
    return ", ".join(
        f"{_clock(start)}-{_clock(end)}{'?' if tentative else ''}" for start, end, tentative in own + over
    )


def read_week(texts: Sequence[str]) -> tuple[Hours, ...]:
    """Return the hours of Monday to Sunday from their seven texts.

    What goes on past midnight belongs to the next day, after Sunday to Monday. Raises UnreadableWeekError
    with every day that cannot be read.
    """
    days, unreadable = [], {}
    for number, text in enumerate(texts):
        try:
            days.append(read_hours(text))
        except UnreadableHoursError as error:
            unreadable[number] = error.part
    if unreadable:
        raise UnreadableWeekError(unreadable)
    return tuple(_tidied(own + days[number - 1][1]) for number, (own, _) in enumerate(days))


def time_of(
    week: PaintedWeek, window: Interval, zone: tzinfo
) -> tuple[tuple[Interval, ...], tuple[Interval, ...]]:
    """Return the busy and the maybe busy time in `window`: when a clock in `zone` shows such an hour.

    An hour that the autumn change repeats counts twice, one that the spring change skips does not count. Both
    are sorted and inside the window, and have no moment in common.
    """
    taken: dict[bool, list[Interval]] = {False: [], True: []}
    for part, offset in _even_parts(window, zone):
        for day in _days(part.start + offset, part.end + offset):
            midnight = datetime.combine(day, time(), UTC) - offset
            for one in week.hours_on(day):
                start = max(part.start, midnight + timedelta(minutes=one.start))
                end = min(part.end, midnight + timedelta(minutes=one.end))
                if start < end:
                    taken[one.tentative].append(Interval(start, end))
    return merged(taken[False]), merged(taken[True])


def to_document(week: PaintedWeek) -> dict[str, Any]:
    """Return a week as plain values for JSON; `from_document` makes the same week of them."""
    return {
        "days": [write_hours(hours) for hours in week.days],
        "exceptions": [
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "hours": write_hours(one.hours, one.after),
            }
            for one in week.exceptions
        ],
    }


def from_document(document: Mapping[str, Any]) -> PaintedWeek:
    """Return the week that `to_document` wrote."""
    return PaintedWeek(
        read_week(document["days"]),
        tuple(
            Exceptional(
                date.fromisoformat(one["first"]), date.fromisoformat(one["last"]), *read_hours(one["hours"])
            )
            for one in document["exceptions"]
        ),
    )


def _read_part(part: str) -> tuple[range, int]:
    """Return the quarters that "18-19:15?" touches, from the day's midnight, and what they are."""
    match = _PART.fullmatch(part)
    if not match:
        raise UnreadableHoursError(part[:EXCERPT])
    start, end = _minutes(match[1], match[2] or match[3]), _minutes(match[4], match[5] or match[6])
    if start is None or end is None or start == DAY:
        raise UnreadableHoursError(part[:EXCERPT])
    if end <= start:
        end += DAY
    first, last = start // QUARTER, -(-end // QUARTER)
    # Rounding makes nothing longer than a day.
    return range(first, min(last, first + DAY // QUARTER)), MAYBE if match[7] else BUSY


def _minutes(hour: str, minute: str | None) -> int | None:
    """Return the minutes after midnight, or None where no clock shows this; 24:00 ends a day."""
    minutes = 60 * int(hour) + int(minute or 0)
    return minutes if int(minute or 0) < 60 and minutes <= DAY else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _tidied(stretches: Iterable[Stretch]) -> Hours:
    """Return the same time as hours; busy wins over maybe."""
    states = [FREE] * (DAY // QUARTER)
    for one in stretches:
        state = MAYBE if one.tentative else BUSY
        for quarter in range(one.start // QUARTER, one.end // QUARTER):
            states[quarter] = max(states[quarter], state)
    return _hours(states)


def _hours(states: Sequence[int]) -> Hours:
    """Return the hours of the states of a day's quarters."""
    runs = [(state, len(list(run))) for state, run in groupby(states)]
    hours, start = [], 0
    for state, length in runs:
        end = start + length * QUARTER
        if state != FREE:
            hours.append(Stretch(start, end, state == MAYBE))
        start = end
    return tuple(hours)


def _days(first: datetime, last: datetime) -> Iterator[date]:
    """Yield every date from one moment to another."""
    start = first.date()
    for number in range((last.date() - start).days + 1):
        yield start + timedelta(days=number)


def _even_parts(window: Interval, zone: tzinfo) -> Iterator[tuple[Interval, timedelta]]:
    """Yield the window in parts without a change of the clocks, each with how far those are ahead of UTC."""
    marks = [window.start]
    while marks[-1] < window.end:
        marks.append(min(marks[-1] + ONE_DAY, window.end))
    changes = [
        _change(*pair, zone) for pair in pairwise(marks) if _offset(pair[0], zone) != _offset(pair[1], zone)
    ]
    for start, end in pairwise(sorted({window.start, *changes, window.end})):
        yield Interval(start, end), _offset(start, zone)


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the first second that is no longer as far ahead of UTC as `before`."""
    start, offset = before.replace(microsecond=0), _offset(before, zone)
    seconds = range((after - start) // ONE_SECOND)
    changed = bisect_left(
        seconds, True, key=lambda second: _offset(start + second * ONE_SECOND, zone) != offset
    )
    return start + changed * ONE_SECOND


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - a moment in a zone has one
    return offset
