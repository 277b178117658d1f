"""Recurrence rules (RFC 5545, 3.3.10), expanded in wall clock time and only where they are asked about.

General expanders walk from the first repetition on, and on to the year 9999 where a rule yields nothing, so
that forty bytes can hold a processor for long. Here the days between two given times bound the work.
"""

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import Enum

from scheduling.agenda.notes import Notes

WORK_PER_PERIOD = 8  # beginning a period takes about as long as looking at eight days


class Frequency(str, Enum):
    """How often, in the parts that are expanded; the period that INTERVAL counts."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Rule:
    """When something repeats; empty parts do not restrict, `until` is inclusive wall clock time.

    `weekdays` are pairs: which one of the month or year (0 is each, -1 the last), and the day (0 is Monday).
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    months: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
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
        every = {weekday for which, weekday in self.weekdays if not which}
        if len(every) < len(self.weekdays):
            tests.append(self._on_weekday)
        elif every:
            tests.append(lambda day: day.weekday() in every)
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
