"""Two arrangements of a module on one scale of days."""

from dataclasses import replace
from datetime import date, timedelta

from content.module import Offset
from content.schedule import Chosen, Schedule
from lti_tool.web.teacher.timeline import Bar, Comparison, Row, compare
from tests.content.examples import module, page, unit

START = date(2027, 3, 1)
FIRST = unit("first", activities=(page("read"),))
SECOND = unit("second", release=Offset(7), due=Offset(14), activities=(page("more"),))
BEFORE = Schedule(module=module(weeks=2, units=(FIRST, SECOND)), starts_on=START)


def _day(days: int) -> date:
    return START + timedelta(days)


def test_units_stand_where_they_are_and_where_they_would_be() -> None:
    after = replace(BEFORE, starts_on=_day(7), has_due_dates=False)
    assert compare(BEFORE, after, _day(3)) == Comparison(
        first=_day(0),
        last=_day(20),
        today=3,
        rows=(
            Row(1, FIRST, Bar(0, 7, _day(0), _day(6)), Bar(7, 14, _day(7), None)),
            Row(2, SECOND, Bar(7, 7, _day(7), _day(13)), Bar(14, 7, _day(14), None)),
        ),
    )


def test_only_what_moves_is_moved() -> None:
    after = replace(BEFORE, chosen={"second": Chosen(due=_day(15))})
    comparison = compare(BEFORE, after, _day(3))
    assert [row.is_moved for row in comparison.rows] == [False, True]
    assert (comparison.is_moved, comparison.last, comparison.days) == (True, _day(15), 16)
    assert not compare(BEFORE, BEFORE, _day(3)).is_moved


def test_a_day_outside_the_scale_is_not_drawn() -> None:
    assert [compare(BEFORE, BEFORE, _day(days)).today for days in (-1, 0, 13, 14)] == [None, 0, 13, None]
