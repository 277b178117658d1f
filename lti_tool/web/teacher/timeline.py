"""The units of a module in time, as they are arranged and as they would be, ready to be drawn."""

from dataclasses import dataclass
from datetime import date

from content.module import Unit
from content.schedule import NoDueDate, Schedule


@dataclass(frozen=True)
class Bar:
    """A unit's time in days from the first that is drawn; `due` is None for a unit without due date."""

    start: int
    days: int
    opens: date
    due: date | None


@dataclass(frozen=True)
class Row:
    """A unit by its place in the module, from 1."""

    number: int
    unit: Unit
    before: Bar
    after: Bar

    @property
    def is_moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Comparison:
    """All units on one scale of `days` from `first` to `last`; `today` is one of those, or None."""

    first: date
    last: date
    today: int | None
    rows: tuple[Row, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_moved(self) -> bool:
        return any(row.is_moved for row in self.rows)


def compare(before: Schedule, after: Schedule, today: date) -> Comparison:
    first, last = _span(before, after)
    return Comparison(
        first=first,
        last=last,
        today=(today - first).days if first <= today <= last else None,
        rows=tuple(
            Row(number, unit, _bar(before, unit, first, last), _bar(after, unit, first, last))
            for number, unit in enumerate(before.module.units, start=1)
        ),
    )


def _span(*schedules: Schedule) -> tuple[date, date]:
    days = [day for schedule in schedules for day in (schedule.starts_on, schedule.last_day)]
    for schedule in schedules:
        for unit in schedule.module.units:
            due = schedule.due(unit)
            days += [schedule.opens(unit), *([] if isinstance(due, NoDueDate) else [due])]
    return min(days), max(days)


def _bar(schedule: Schedule, unit: Unit, first: date, last: date) -> Bar:
    opens, due = schedule.opens(unit), schedule.due(unit)
    end = last if isinstance(due, NoDueDate) else due
    return Bar(
        start=(opens - first).days,
        days=(end - opens).days + 1,
        opens=opens,
        due=None if isinstance(due, NoDueDate) else due,
    )
