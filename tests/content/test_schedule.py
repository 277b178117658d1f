"""When units open and are due: by the module's pace, by another number of weeks, and by dates of choice."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.checked import Refused
from content.module import Module, Offset
from content.schedule import Chosen, NoDueDate, Schedule, due_this_week, overdue
from content.state import Stage, State
from tests.content.examples import module, page, quiz, unit

START = date(2026, 2, 2)
DONE = State(stage=Stage.DONE)
FIRST = unit("first", activities=(page("read"), quiz("check")))
SECOND = unit("second", release=Offset(7), due=Offset(21), activities=(page("more"), quiz("exam")))
MODULE = module(units=(FIRST, SECOND))


def _schedule(of: Module = MODULE, **changes: Any) -> Schedule:
    values: dict[str, Any] = {"module": of, "starts_on": START}
    return Schedule(**(values | changes))


def _days(schedule: Schedule) -> list[tuple[int, int | NoDueDate]]:
    """Return on which days, counted from the first Monday, units open and are due."""
    return [(_day(schedule.opens(unit)), _due(schedule.due(unit))) for unit in schedule.module.units]


def _day(day: date) -> int:
    return (day - START).days


def _due(due: date | NoDueDate) -> int | NoDueDate:
    return due if isinstance(due, NoDueDate) else _day(due)


def _units(count: int) -> Module:
    units = tuple(unit(f"unit{number}", activities=(page(f"page{number}"),)) for number in range(count))
    return module(units=units)


def test_by_itself_a_unit_of_a_week_opens_on_monday_and_is_due_on_sunday() -> None:
    assert _days(_schedule()) == [(0, 6), (7, 20)]


def test_all_at_once_opens_everything_and_leaves_the_due_dates() -> None:
    assert _days(_schedule(unlocks_weekly=False)) == [(0, 6), (0, 20)]


def test_without_due_dates_nothing_is_ever_late() -> None:
    schedule = _schedule(has_due_dates=False)
    assert _days(schedule) == [(0, NoDueDate.NONE), (7, NoDueDate.NONE)]
    assert overdue(schedule, {}, START + timedelta(weeks=100)) == ()


@pytest.mark.parametrize(
    ("units", "weeks", "days"),
    [
        (2, 4, [(0, 13), (14, 27)]),
        (3, 10, [(0, 20), (21, 41), (42, 69)]),
        (4, 2, [(0, 6), (0, 6), (7, 13), (7, 13)]),
        (3, 1, [(0, 6), (0, 6), (0, 6)]),
    ],
)
def test_units_are_spread_over_the_weeks(units: int, weeks: int, days: list[tuple[int, int]]) -> None:
    assert _days(_schedule(_units(units), weeks=weeks)) == days


@given(st.integers(1, 12), st.integers(1, 52))
def test_a_spread_module_starts_on_its_first_day_ends_on_its_last_and_leaves_no_day_out(
    units: int, weeks: int
) -> None:
    schedule = _schedule(_units(units), weeks=weeks)
    days = _days(schedule)
    assert (days[0][0], days[-1][1]) == (0, _day(schedule.last_day))
    for (opens, due), (following, _) in pairwise(days):
        assert isinstance(due, int)
        assert opens <= following <= due + 1


def test_a_module_lasts_as_long_as_it_says_unless_another_number_of_weeks_is_chosen() -> None:
    assert _schedule().last_day == START + timedelta(weeks=12, days=-1)
    assert _schedule(weeks=3).last_day == START + timedelta(weeks=3, days=-1)


def test_dates_do_not_shift_with_summer_time() -> None:
    late = _schedule(module(units=(unit(release=Offset(8 * 7), due=Offset(9 * 7)),)))
    assert _days(late) == [(56, 62)]


def test_a_date_of_choice_outranks_every_rule() -> None:
    chosen = {"second": Chosen(opens=START + timedelta(3), due=START + timedelta(5))}
    every_rule: tuple[dict[str, Any], ...] = (
        {},
        {"unlocks_weekly": False},
        {"has_due_dates": False},
        {"weeks": 30},
    )
    for rules in every_rule:
        assert _days(_schedule(chosen=chosen, **rules))[1] == (3, 5)


def test_a_unit_that_opens_later_than_its_turn_is_due_as_much_later() -> None:
    assert _days(_schedule(chosen={"second": Chosen(opens=START + timedelta(10))}))[1] == (10, 23)
    assert _days(_schedule(chosen={"second": Chosen(opens=START)}))[1] == (0, 20)
    at_once = _schedule(unlocks_weekly=False, chosen={"second": Chosen(opens=START + timedelta(9))})
    assert _days(at_once) == [(0, 6), (9, 22)]


def test_a_unit_is_open_from_its_day_on() -> None:
    schedule = _schedule()
    assert [schedule.is_open(SECOND, START + timedelta(day)) for day in (6, 7, 8)] == [False, True, True]


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_on": START + timedelta(1)},
        {"weeks": 0},
        {"weeks": 53},
        {"chosen": {"third": Chosen()}},
        {"chosen": {"second": Chosen(due=START)}},
    ],
)
def test_a_schedule_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        _schedule(**changes)


def test_dates_of_choice_are_in_order() -> None:
    Chosen(opens=START, due=START)
    with pytest.raises(Refused):
        Chosen(opens=START, due=START - timedelta(1))


@pytest.mark.parametrize(
    ("day", "this_week", "late"),
    [
        (-1, [], []),
        (0, ["first"], []),
        (6, ["first"], []),
        (7, [], ["first"]),
        (14, ["second"], ["first"]),
        (20, ["second"], ["first"]),
        (21, [], ["first", "second"]),
    ],
)
def test_what_is_due_this_week_and_what_was(day: int, this_week: list[str], late: list[str]) -> None:
    today = START + timedelta(day)
    assert [unit.id for unit in due_this_week(_schedule(), {}, today)] == this_week
    assert [unit.id for unit in overdue(_schedule(), {}, today)] == late


def test_what_is_complete_is_due_no_more() -> None:
    states = {"read": DONE, "check": DONE}
    assert due_this_week(_schedule(), states, START) == ()
    assert overdue(_schedule(), states, START + timedelta(8)) == ()
