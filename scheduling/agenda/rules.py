"""Recurrence rules (RFC 5545, 3.3.10), expanded in wall clock time and only where they are asked about.

General expanders walk from the first repetition on, and on to the year 9999 where a rule yields nothing, so
that forty bytes can hold a processor for long. Here the days between two given times bound the work.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import Enum
from itertools import product

from scheduling.agenda.notes import Notes
from scheduling.agenda.values import LAST, Stamp, UnreadableValueError, read_written, to_local

LONGEST_RULE = 3_000
MAX_TIMES_A_DAY = 48
WORK_PER_PERIOD = 8  # beginning a period takes about as long as looking at eight days

_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_PARTS = {
    *("COUNT", "INTERVAL", "UNTIL", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"),
    *("BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"),
}
_NUMBER = re.compile(r"[+-]?\d{1,9}", re.ASCII)


class Frequency(str, Enum):
    """How often, in the parts that are expanded; the period that INTERVAL counts."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class UnreadableRuleError(ValueError):
    """A rule that does not follow the format, or uses a part of it that nobody can be asked to support."""


class SubDailyRuleError(UnreadableRuleError):
    """A rule that repeats within a day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When something repeats; empty parts do not restrict, `until` is inclusive wall clock time."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    months: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = (
        frozenset()
    )  # (which one of the period, or 0 for each; Monday is 0)
    times: tuple[time, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    def starts(self, start: datetime, span: tuple[datetime, datetime], notes: Notes) -> list[datetime]:
        """Return the repetitions in the span, both ends inclusive, of a series that begins at `start`.

        Raises TooMuchWorkError.
        """
        first, last = span
        rule = self._completed(start)
        last = min(last, rule.until or last)
        found: list[datetime] = []
        number = 0
        for moment in rule._moments(start, max(first, start), last, notes):
            if moment < start:
                continue
            number += 1
            if moment > last or (rule.count is not None and number > rule.count):
                break
            if moment >= first:
                found.append(moment)
        return found

    def _completed(self, start: datetime) -> "Rule":
        """Return the rule with what it leaves to the start of the series."""
        rule = self if self.times else replace(self, times=(start.time(),))
        if rule.weeks or rule.year_days or rule.month_days or rule.weekdays:
            return rule
        if rule.frequency is Frequency.WEEKLY:
            return replace(rule, weekdays=frozenset({(0, start.weekday())}))
        if rule.frequency is Frequency.MONTHLY:
            return replace(rule, month_days=frozenset({start.day}))
        if rule.frequency is Frequency.YEARLY:
            months = rule.months or frozenset({start.month})
            return replace(rule, months=months, month_days=frozenset({start.day}))
        return rule

    def _moments(self, start: datetime, first: datetime, last: datetime, notes: Notes) -> Iterator[datetime]:
        """Yield at least the repetitions in the span, in order; from the start on where they are counted."""
        whole_periods = self.count is not None or bool(self.positions)
        holds = self._day_tests()
        for begin, end in self._periods(
            start.date(), start.date() if self.count else first.date(), last.date()
        ):
            if not whole_periods:
                begin, end = max(begin, first.toordinal()), min(end, last.toordinal() + 1)
            notes.spend(WORK_PER_PERIOD + max(0, end - begin) * len(self.times))
            days = [
                day for day in map(date.fromordinal, range(begin, end)) if all(test(day) for test in holds)
            ]
            yield from self._positioned([datetime.combine(day, at) for day in days for at in self.times])

    def _positioned(self, moments: list[datetime]) -> list[datetime]:
        if not self.positions:
            return moments
        size = len(moments)
        indices = {position - 1 if position > 0 else size + position for position in self.positions}
        return [moments[index] for index in sorted(indices) if 0 <= index < size]

    def _periods(self, start: date, first: date, last: date) -> Iterator[tuple[int, int]]:
        """Yield periods as day numbers, the end exclusive, from the one that holds `first` to `last`'s."""
        begin_of, number_of = _PERIODS[self.frequency]
        shift = self.week_start if self.frequency is Frequency.WEEKLY else 0
        number = number_of(start, shift)
        number += max(0, number_of(first, shift) - number) // self.interval * self.interval
        final = number_of(last, shift)
        while number <= final:
            yield max(1, begin_of(number, shift)), begin_of(number + 1, shift)
            number += self.interval

    def _day_tests(self) -> list[Callable[[date], bool]]:
        tests: list[Callable[[date], bool]] = []
        if self.months:
            tests.append(lambda day: day.month in self.months)
        if self.weekdays:
            tests.append(self._on_weekday)
        if self.month_days:
            tests.append(
                lambda day: not self.month_days.isdisjoint((day.day, day.day - _month_length(day) - 1))
            )
        if self.year_days:
            tests.append(lambda day: not self.year_days.isdisjoint(_in_year(day)))
        if self.weeks:
            tests.append(lambda day: not self.weeks.isdisjoint(_week_numbers(day, self.week_start)))
        return tests

    def _on_weekday(self, day: date) -> bool:
        weekday = day.weekday()
        if (0, weekday) in self.weekdays:
            return True
        if self.frequency is Frequency.YEARLY and not self.months:
            from_start, from_end = _in_year(day)
        else:
            from_start, from_end = day.day, day.day - _month_length(day) - 1
        which = ((from_start - 1) // 7 + 1, -((-from_end - 1) // 7 + 1))
        return (which[0], weekday) in self.weekdays or (which[1], weekday) in self.weekdays


def read_rule(text: str, start: Stamp) -> Rule:
    """Return the rule of a series that begins at `start`.

    Raises SubDailyRuleError, or UnreadableRuleError for anything else that is not understood. An interval of
    0 is read as 1 and an empty part as absent, as the programs that write them mean it.
    """
    if len(text) > LONGEST_RULE:
        raise UnreadableRuleError
    parts = _parts(text)
    frequency = parts.pop("FREQ", "").upper()
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise SubDailyRuleError
    if frequency not in Frequency.__members__ or not parts.keys() <= _PARTS:
        raise UnreadableRuleError
    count = _number(parts["COUNT"], 1, 10**9) if "COUNT" in parts else None
    return Rule(
        frequency=Frequency(frequency),
        interval=_number(parts.get("INTERVAL", "1"), 0, 10**9) or 1,
        count=count,
        until=read_until(parts["UNTIL"], start) if "UNTIL" in parts else None,
        months=_numbers(parts, "BYMONTH", 1, 12),
        weeks=_signed(parts, "BYWEEKNO", 53),
        year_days=_signed(parts, "BYYEARDAY", 366),
        month_days=_signed(parts, "BYMONTHDAY", 31),
        weekdays=_weekdays(parts, ordinals=frequency in ("MONTHLY", "YEARLY")),
        times=() if start.whole_day else _times(parts, start.local),
        positions=tuple(sorted(_signed(parts, "BYSETPOS", 366))),
        week_start=_week_start(parts),
    )


def read_until(value: str, start: Stamp) -> datetime | None:
    """Return the inclusive end in the wall clock time of the series; raises UnreadableRuleError."""
    if not value:
        return None
    try:
        written = read_written(value)
    except UnreadableValueError:
        raise UnreadableRuleError from None
    local = to_local(written.local.replace(tzinfo=UTC), start.zone) if written.utc else written.local
    if start.whole_day:
        # Written in UTC it may mean either date; the later one is the safe reading.
        return datetime.combine(max(local, written.local), time.max)
    return datetime.combine(local, time.max) if written.whole_day else local


def last_until(text: str, start: Stamp) -> datetime:
    """Return the end of a rule of which the rest may be unreadable, or the end of time."""
    try:
        return read_until(_parts(text[:LONGEST_RULE]).get("UNTIL", ""), start) or LAST
    except UnreadableRuleError:
        return LAST


def _parts(text: str) -> dict[str, str]:
    """Return the parts that say something by name, in capitals."""
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    parts = {name.strip().upper(): value.strip() for name, _, value in pairs}
    if parts.get("RSCALE", "").upper() == "GREGORIAN" and parts.get("SKIP", "OMIT").upper() == "OMIT":
        parts.pop("RSCALE")
        parts.pop("SKIP", "")
    return {name: value for name, value in parts.items() if value and not name.startswith("X-")}


def _number(text: str, low: int, high: int) -> int:
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise UnreadableRuleError
    return int(text)


def _numbers(parts: dict[str, str], name: str, low: int, high: int) -> frozenset[int]:
    return frozenset(
        _number(text.strip(), low, high) for text in parts.get(name, "").split(",") if text.strip()
    )


def _signed(parts: dict[str, str], name: str, high: int) -> frozenset[int]:
    numbers = _numbers(parts, name, -high, high)
    if 0 in numbers:
        raise UnreadableRuleError
    return numbers


def _weekdays(parts: dict[str, str], *, ordinals: bool) -> frozenset[tuple[int, int]]:
    found = set()
    for text in parts.get("BYDAY", "").upper().split(","):
        match = _BY_DAY.fullmatch(text.strip())
        if match:
            found.add((int(match[1] or 0) if ordinals else 0, _WEEKDAYS[match[2]]))
        elif text.strip():
            raise UnreadableRuleError
    return frozenset(found)


def _times(parts: dict[str, str], start: datetime) -> tuple[time, ...]:
    hours = _numbers(parts, "BYHOUR", 0, 23) or {start.hour}
    minutes = _numbers(parts, "BYMINUTE", 0, 59) or {start.minute}
    seconds = _numbers(parts, "BYSECOND", 0, 59) or {start.second}
    if len(hours) * len(minutes) * len(seconds) > MAX_TIMES_A_DAY:
        raise SubDailyRuleError
    return tuple(sorted(time(*clock) for clock in product(hours, minutes, seconds)))


def _week_start(parts: dict[str, str]) -> int:
    name = parts.get("WKST", "MO").upper()
    if name not in _WEEKDAYS:
        raise UnreadableRuleError
    return _WEEKDAYS[name]


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _in_year(day: date) -> tuple[int, int]:
    """Return the number of the day in its year, counted from the start and, negative, from the end."""
    number = day.toordinal() - date(day.year, 1, 1).toordinal() + 1
    return number, number - (366 if isleap(day.year) else 365) - 1


def _week_numbers(day: date, week_start: int) -> tuple[int, int]:
    """Return the number of the day's week, from the start and, negative, from the end of the week's year."""
    monday = day.toordinal() - (day.weekday() - week_start) % 7
    year = date.fromordinal(monday + 3).year
    first, following = _first_week(year, week_start), _first_week(year + 1, week_start)
    number = (monday - first) // 7 + 1
    return number, number - (following - first) // 7 - 1


def _first_week(year: int, week_start: int) -> int:
    """Return the day number at which the week begins that holds the year's fourth of January."""
    fourth = date(year, 1, 4)
    return fourth.toordinal() - (fourth.weekday() - week_start) % 7


def _week(day: date, week_start: int) -> int:
    return (day.toordinal() - 1 - week_start) // 7


def _month(day: date, _: int) -> int:
    return day.year * 12 + day.month - 1


# For each frequency: the day number at which a period begins, and the number of the period that holds a day.
_PERIODS: dict[Frequency, tuple[Callable[[int, int], int], Callable[[date, int], int]]] = {
    Frequency.DAILY: (lambda number, _: number, lambda day, _: day.toordinal()),
    Frequency.WEEKLY: (lambda number, week_start: number * 7 + 1 + week_start, _week),
    Frequency.MONTHLY: (lambda number, _: date(number // 12, number % 12 + 1, 1).toordinal(), _month),
    Frequency.YEARLY: (lambda number, _: date(number, 1, 1).toordinal(), lambda day, _: day.year),
}
