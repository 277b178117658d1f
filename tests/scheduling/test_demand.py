from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.demand import MONDAY_TO_FRIDAY, Demand, Request, ask, propose

REQUEST = Request(sessions=5, minutes=90, first_day=date(2026, 9, 7), last_day=date(2026, 11, 29))


def test_a_module_of_five_credits_lives_a_fifth_of_its_hours() -> None:
    assert propose(140, 0.2, 120, 12) == Demand(sessions=14, minutes=120, weeks=12, days_apart=3)


def test_few_sessions_lie_at_most_a_week_apart() -> None:
    assert propose(50, 0.2, 180, 12) == Demand(sessions=3, minutes=180, weeks=12, days_apart=7)


def test_the_nearest_number_of_sessions_is_taken_and_halves_go_up() -> None:
    assert [propose(hours, 0.2, 60, 10).sessions for hours in (12, 12.5, 13)] == [2, 3, 3]


def test_a_live_share_that_is_shorter_than_a_session_is_one_session() -> None:
    assert propose(1, 0.2, 90, 1).sessions == 1


@given(st.integers(1, 400), st.integers(30, 240), st.integers(5, 20))
def test_what_is_proposed_fits_in_its_weeks(hours: int, minutes: int, weeks: int) -> None:
    try:
        demand = propose(hours, 0.2, minutes, weeks)
    except ValueError:
        assert round(hours * 0.2 * 60 / minutes) > weeks * 7
    else:
        assert (demand.sessions - 1) * demand.days_apart < weeks * 7


@pytest.mark.parametrize("share", [0, -0.2, 1.2])
def test_a_share_is_a_part_of_the_whole(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        propose(140, share, 90, 12)


def test_a_teacher_starts_from_the_demand_on_weekdays() -> None:
    assert ask(Demand(5, 90, 12, 7), first_day=date(2026, 9, 7)) == Request(
        sessions=5,
        minutes=90,
        first_day=date(2026, 9, 7),
        last_day=date(2026, 11, 29),
        weekdays=MONDAY_TO_FRIDAY,
        hours_from=time(8),
        hours_until=time(20),
        days_apart=7,
        groups=1,
        capacity=None,
        zone="Europe/Brussels",
    )


@pytest.mark.parametrize(
    "nonsense",
    [
        {"sessions": 0},
        {"minutes": 0},
        {"days_apart": 0},
        {"groups": 0},
        {"capacity": 0},
        {"last_day": date(2026, 9, 6)},
        {"weekdays": frozenset()},
        {"weekdays": frozenset({7})},
        {"hours_until": time(8)},
        {"zone": "Europe/Brussel"},
        {"zone": "../etc/passwd"},
    ],
)
def test_a_request_refuses_nonsense(nonsense: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        replace(REQUEST, **nonsense)  # type: ignore[arg-type]  # the values are of the fields' types
