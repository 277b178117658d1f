"""When the units of a module open and are due in a run of it: by whole days, of which Mondays are the first.

A unit is due on the last day on which it is on time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from content.checked import Checked, Fault, Finding, outside
from content.module import Module, Unit
from content.progress import States, is_complete

MONDAY = 0
MOST_WEEKS = 52


class NoDueDate(Enum):
    """Stands for the due date of a unit that can be studied for as long as one likes."""

    NONE = "none"


DueDate = date | NoDueDate


@dataclass(frozen=True, kw_only=True)
class Chosen(Checked):
    """The dates that were chosen for one unit; None where the rule holds."""

    opens: date | None = None
    due: date | None = None

    def findings(self) -> Iterator[Finding]:
        if self.opens and self.due and self.due < self.opens:
            yield Finding(("due",), Fault.OUT_OF_RANGE, f"{self.opens} or later")


@dataclass(frozen=True, kw_only=True)
class Schedule(Checked):
    """The dates of a module that starts on a Monday.

    Units keep the module's own pace, or are spread evenly over `weeks`. They open one after the other or all
    at the start, and are due at the end of their turn or never. A date chosen for a unit outranks all that.
    """

    module: Module
    starts_on: date
    weeks: int | None = None
    unlocks_weekly: bool = True
    has_due_dates: bool = True
    chosen: Mapping[str, Chosen] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        if self.starts_on.weekday() != MONDAY:
            yield Finding(("starts_on",), Fault.OUT_OF_RANGE, "a Monday")
        if self.weeks is not None:
            yield from outside("weeks", self.weeks, 1, MOST_WEEKS)
        known = {unit.id: unit for unit in self.module.units}
        for unit_id in self.chosen:
            if unit_id not in known:
                yield Finding(("chosen", unit_id), Fault.OUT_OF_RANGE, "a unit of the module")
            elif self.is_due_before_it_opens(known[unit_id]):
                yield Finding(("chosen", unit_id, "due"), Fault.OUT_OF_RANGE, "a day after the unit opens")

    @property
    def last_day(self) -> date:
        return self.starts_on + timedelta(weeks=self.weeks or self.module.weeks, days=-1)

    def opens(self, unit: Unit) -> date:
        """Return the day on which a unit opens."""
        chosen = self._chosen(unit).opens
        return chosen or (self._paced(unit)[0] if self.unlocks_weekly else self.starts_on)

    def due(self, unit: Unit) -> DueDate:
        """Return the day on which a unit is due; one that opens later than its turn is due as much later."""
        chosen = self._chosen(unit).due
        if chosen:
            return chosen
        if not self.has_due_dates:
            return NoDueDate.NONE
        opens, due = self._paced(unit)
        return due + max(timedelta(0), self.opens(unit) - opens)

    def is_open(self, unit: Unit, today: date) -> bool:
        return self.opens(unit) <= today

    def is_overdue(self, unit: Unit, today: date) -> bool:
        """Return whether a unit was due before today."""
        due = self.due(unit)
        return due is not NoDueDate.NONE and due < today

    def is_due_before_it_opens(self, unit: Unit) -> bool:
        return self.is_overdue(unit, self.opens(unit))

    def _chosen(self, unit: Unit) -> Chosen:
        return self.chosen.get(unit.id, Chosen())

    def _paced(self, unit: Unit) -> tuple[date, date]:
        """Return the first and last day of a unit's turn: with `+0w` and `+1w` those of the first week."""
        if self.weeks is None:
            first, end = unit.release.days, unit.due.days
        else:
            number, count = self.module.units.index(unit), len(self.module.units)
            week = number * self.weeks // count
            first, end = week * 7, max(week + 1, (number + 1) * self.weeks // count) * 7
        return self.starts_on + timedelta(first), self.starts_on + timedelta(end - 1)


def due_this_week(schedule: Schedule, states: States, today: date) -> tuple[Unit, ...]:
    """Return the units that are not complete and due from Monday to Sunday of this week."""
    monday = today - timedelta(today.weekday())
    return tuple(
        unit
        for unit in _incomplete(schedule, states)
        if not schedule.is_overdue(unit, monday) and schedule.is_overdue(unit, monday + timedelta(7))
    )


def overdue(schedule: Schedule, states: States, today: date) -> tuple[Unit, ...]:
    """Return the units that are not complete and were due before today."""
    return tuple(unit for unit in _incomplete(schedule, states) if schedule.is_overdue(unit, today))


def _incomplete(schedule: Schedule, states: States) -> tuple[Unit, ...]:
    return tuple(unit for unit in schedule.module.units if not is_complete(unit, states))
