from datetime import timedelta

import pytest

from scheduling.grid import QUARTER
from scheduling.planner.explain import (
    Alternative,
    GroupExplained,
    Reason,
    SessionExplained,
    Turnout,
    explain,
    why_not,
)
from scheduling.planner.plan import Plan
from scheduling.planner.problem import Problem, Rule
from tests.scheduling.problems import MONDAY, problem


def planned(*rows: tuple[int, ...]) -> Plan:
    return Plan(tuple(tuple(MONDAY + slot * QUARTER for slot in row) for row in rows), (), ())


def two_days(**options: object) -> Problem:
    """Return one session in two days of two quarters: on Monday 2 and 1 can come, on Tuesday 3 and 0."""
    rows = ("..tb", "bu.b", "tb.b", "uuuu", "bbbb")
    return problem(*rows, day=2, windows=(range(2),), **options)  # type: ignore[arg-type]


def test_a_session_tells_who_can_come_in_counts() -> None:
    (session,) = explain(two_days(), planned((2,)), alternatives=0)
    assert session == SessionExplained(
        turnout=Turnout(free=3, tentative=1, seats=3, unknown=1, busy=1),
        groups=(
            GroupExplained(
                start=MONDAY + 2 * QUARTER,
                turnout=Turnout(free=3, tentative=1, seats=3, unknown=1, busy=1),
                alternatives=(),
            ),
        ),
    )


def test_the_best_alternative_of_each_day_tells_what_it_would_cost() -> None:
    (session,) = explain(two_days(), planned((2,)))
    assert session.groups[0].alternatives == (Alternative(MONDAY, -1), Alternative(MONDAY + 3 * QUARTER, -3))


def test_alternatives_stay_clear_of_the_other_sessions() -> None:
    both = problem(".... .... ....", windows=(range(2), range(1, 3)), days_apart=2)
    first, second = explain(both, planned((0,), (11,)))
    assert first.groups[0].alternatives == (Alternative(MONDAY + QUARTER, 0),)
    assert second.groups[0].alternatives == (Alternative(MONDAY + 8 * QUARTER, 0),)


def test_two_groups_count_a_person_once_and_no_more_than_their_seats() -> None:
    (session,) = explain(problem("..b.", "..bb", ".bbb", "bb.b", groups=2, capacity=2), planned((0, 1)))
    assert session.turnout == Turnout(free=3, tentative=0, seats=3, unknown=0, busy=1)
    assert [group.turnout.free for group in session.groups] == [3, 2]
    assert [group.turnout.seats for group in session.groups] == [2, 2]


def two_sessions(*, days_apart: int) -> Problem:
    rows = ("b... .... ....", "bb.. .bb. ....")
    hosts = "...b .... ...."
    return problem(*rows, windows=(range(2), range(1, 3)), days_apart=days_apart, hosts=hosts)


@pytest.mark.parametrize(
    ("slot", "reasons"),
    [
        (2, ()),
        (-1, (Reason(Rule.HORIZON, None, 0),)),
        (12, (Reason(Rule.HORIZON, None, 0),)),
        (3, (Reason(Rule.HOSTS, None, 0),)),
        (1, (Reason(Rule.ATTENDANCE, 0, 1),)),
        (0, (Reason(Rule.ATTENDANCE, 0, 2),)),
        (5, (Reason(Rule.ATTENDANCE, 0, 1), Reason(Rule.ATTENDANCE, 1, 1))),
        (8, (Reason(Rule.ATTENDANCE, 1, 0),)),
    ],
)
def test_a_start_is_not_in_the_plan_for_these_reasons(slot: int, reasons: tuple[Reason, ...]) -> None:
    sessions = two_sessions(days_apart=1)
    assert why_not(sessions, planned((2,), (9,)), MONDAY + slot * QUARTER) == reasons


def test_a_start_off_the_quarter_is_outside_the_horizon() -> None:
    off = MONDAY + timedelta(minutes=31)
    assert why_not(two_days(), planned((0,)), off) == (Reason(Rule.HORIZON, None, 0),)


def test_a_start_too_near_another_session_tells_the_days_between() -> None:
    reasons = why_not(two_sessions(days_apart=2), planned((2,), (9,)), MONDAY + 4 * QUARTER)
    assert reasons == (Reason(Rule.DAYS_APART, 0, 1), Reason(Rule.DAYS_APART, 1, 1))


def test_a_start_out_of_order_tells_days_below_zero() -> None:
    swapped = problem(".... .... ....", windows=(range(3), range(3)))
    reasons = why_not(swapped, planned((0,), (5,)), MONDAY + 8 * QUARTER)
    assert reasons == (Reason(Rule.DAYS_APART, 0, -1), Reason(Rule.ATTENDANCE, 1, 0))


def test_a_start_that_overlaps_two_groups_tells_how_many() -> None:
    session = problem("......", day=6, groups=2, group_gap=3)
    assert why_not(session, planned((0, 4)), MONDAY + 2 * QUARTER) == (Reason(Rule.GROUPS, 0, 2),)


def test_a_start_outside_every_window_says_so() -> None:
    session = problem(".... ....")
    assert why_not(session, planned((0,)), MONDAY + 5 * QUARTER) == (Reason(Rule.WINDOW, None, 0),)
