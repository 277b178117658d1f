"""The module as one reader finds it: what is done, what is open, where to continue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from content import progress
from content.activity import Activity
from content.module import Module, Unit
from content.progress import Finished, States, Tally
from content.schedule import NoDueDate, due_this_week
from content.state import UNTOUCHED, Stage
from lti_tool.services.study.learning import Course, Study


@dataclass(frozen=True)
class ShownActivity:
    activity: Activity
    state: str  # done, current or later, as the macros name them


@dataclass(frozen=True)
class ShownUnit:
    """A unit as one reader finds it: who looks ahead finds units that are not open yet unlocked."""

    number: int
    unit: Unit
    state: str
    is_open: bool
    is_locked: bool
    is_overdue: bool
    opens: date
    due: date | None
    tally: Tally
    activities: tuple[ShownActivity, ...]


@dataclass(frozen=True)
class ModulePage:
    """The module as one learner finds it.

    `focus` is the unit that the page is about, None where it is about them all; `following` is where to
    continue in that, None when all that is open is done; `coming` is the unit that opens next; the
    units of `this_week` are due and not complete.
    """

    course: Course
    units: tuple[ShownUnit, ...]
    focus: ShownUnit | None
    tally: Tally
    following: Activity | None
    following_unit: ShownUnit | None
    coming: ShownUnit | None
    this_week: tuple[ShownUnit, ...]
    has_begun: bool

    @property
    def module(self) -> Module:
        return self.course.module

    @property
    def others(self) -> tuple[ShownUnit, ...]:
        return tuple(unit for unit in self.units if unit is not self.focus)


@dataclass(frozen=True)
class Around:
    """What lies beside an activity."""

    unit: Unit
    number: int
    before: Activity | None
    after: Activity | None


def module_page(
    course: Course, study: Study, *, today: date, looks_ahead: bool = False, unit_id: str = ""
) -> ModulePage:
    """Return the module, or one unit of it with the others behind."""
    focus = tuple(unit for unit in course.module.units if unit.id == unit_id)
    unlocked = course.module.units if looks_ahead else course.open_units(today)
    activities = [activity for unit in unlocked if unit in focus or not focus for activity in unit.activities]
    following = progress.next_activity(activities, study.states, last=study.last)
    coming = None if isinstance(following, Finished) else following
    this_week = due_this_week(course.schedule, study.states, today)
    units = tuple(
        _unit(number, unit, course, study.states, coming, today, is_locked=unit not in unlocked)
        for number, unit in enumerate(course.module.units, start=1)
    )
    return ModulePage(
        course=course,
        units=units,
        focus=next((unit for unit in units if unit.unit in focus), None),
        tally=progress.tally(focus[0] if focus else course.module, study.states),
        following=coming,
        following_unit=next((unit for unit in units if coming in unit.unit.activities), None),
        coming=min((unit for unit in units if unit.is_locked), key=lambda unit: unit.opens, default=None),
        this_week=tuple(unit for unit in units if unit.unit in this_week),
        has_begun=bool(study.states),
    )


def around(course: Course, activity: Activity, unlocked: Iterable[Unit] | None = None) -> Around:
    """Return what lies beside an activity, as far as units are unlocked; all are where nothing is said."""
    unit = course.unit_of(activity)
    units = course.module.units if unlocked is None else unlocked
    reachable = [each for unit in units for each in unit.activities]
    index = reachable.index(activity)
    return Around(
        unit=unit,
        number=course.module.units.index(unit) + 1,
        before=reachable[index - 1] if index else None,
        after=reachable[index + 1] if index + 1 < len(reachable) else None,
    )


def _unit(
    number: int,
    unit: Unit,
    course: Course,
    states: States,
    following: Activity | None,
    today: date,
    *,
    is_locked: bool,
) -> ShownUnit:
    done = progress.is_complete(unit, states)
    due = course.schedule.due(unit)
    return ShownUnit(
        number=number,
        unit=unit,
        state="done" if done else "current" if following in unit.activities else "later",
        is_open=course.schedule.is_open(unit, today),
        is_locked=is_locked,
        is_overdue=not done and course.schedule.is_overdue(unit, today),
        opens=course.schedule.opens(unit),
        due=None if isinstance(due, NoDueDate) else due,
        tally=progress.tally(unit, states),
        activities=tuple(
            ShownActivity(activity, _activity_state(activity, states, following))
            for activity in unit.activities
        ),
    )


def _activity_state(activity: Activity, states: States, following: Activity | None) -> str:
    if states.get(activity.id, UNTOUCHED).stage is Stage.DONE:
        return "done"
    return "current" if activity is following else "later"
