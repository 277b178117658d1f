"""What somebody's own wishes take of her time: rest after nights, days and hours, notice, travel."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.grid import Grid, Mask
from scheduling.interval import Interval
from scheduling.preferences import OwnTime, Preferences, own_time
from tests.scheduling.agendas import BRUSSELS

GRID = Grid(datetime(2026, 2, 28, tzinfo=UTC), 9 * 96)  # from the Saturday before Monday 2 March on
NEVER = datetime(2020, 1, 1, tzinfo=UTC)
NOTHING: tuple[Interval, ...] = ()
HOUR = timedelta(hours=1)


def local(start: str, end: str, zone: ZoneInfo = BRUSSELS) -> Interval:
    """Return the time between "03-02 09:00" and "03-02 10:00" of 2026 on the wall."""
    return Interval(
        *(datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=zone) for moment in (start, end))
    )


def own(preferences: Preferences, *busy: Interval, grid: Grid = GRID, now: datetime = NEVER) -> OwnTime:
    return own_time(grid.mask(busy), preferences, grid, zone=BRUSSELS, now=now)


def rest(*busy: Interval, grid: Grid = GRID, hours: float = 8) -> tuple[Interval, ...]:
    return grid.intervals(own(Preferences(rest=timedelta(hours=hours)), *busy, grid=grid).rest)


def total(mask: Mask) -> timedelta:
    return int(mask.sum()) * timedelta(minutes=15)


@pytest.mark.parametrize("end", ["05:00", "07:00", "10:00"])
def test_a_shift_that_ends_in_the_morning_blocks_the_next_eight_hours(end: str) -> None:
    shift = local("03-02 21:15", f"03-03 {end}")
    assert rest(shift) == (Interval(shift.end, shift.end + 8 * HOUR),)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("03-02 21:15", "03-03 04:45"),  # home before the morning
        ("03-02 22:00", "03-03 10:15"),  # it went on into the day
        ("03-02 08:00", "03-02 09:00"),  # a meeting
        ("03-02 06:00", "03-02 10:00"),  # an early shift, cut in two
        ("03-03 03:00", "03-03 06:45"),  # called in early
    ],
)
def test_other_busy_time_asks_for_no_rest(start: str, end: str) -> None:
    assert rest(local(start, end)) == NOTHING


def test_a_shift_that_began_after_midnight_is_a_night_shift_if_it_was_under_way_at_three() -> None:
    assert rest(local("03-03 02:00", "03-03 08:00")) == (local("03-03 08:00", "03-03 16:00"),)


def test_a_whole_busy_day_before_a_night_takes_away_no_rest() -> None:
    assert rest(local("03-02 00:00", "03-03 00:00"), local("03-02 21:00", "03-03 07:00")) == (
        local("03-03 07:00", "03-03 15:00"),
    )


def test_a_handover_right_after_the_shift_is_part_of_it() -> None:
    assert rest(local("03-02 21:00", "03-03 07:00"), local("03-03 07:00", "03-03 08:00")) == (
        local("03-03 08:00", "03-03 16:00"),
    )


def test_rest_lasts_as_long_as_somebody_wants() -> None:
    shift = local("03-02 21:00", "03-03 07:00")
    assert rest(shift, hours=0) == NOTHING
    assert rest(shift, hours=10) == (local("03-03 07:00", "03-03 17:00"),)


def test_rest_is_what_is_left_of_it_beside_busy_time() -> None:
    assert rest(local("03-02 21:00", "03-03 07:00"), local("03-03 09:00", "03-03 10:00")) == (
        local("03-03 07:00", "03-03 09:00"),
        local("03-03 10:00", "03-03 15:00"),
    )


def test_night_shifts_are_told_by_the_clock_on_the_wall_when_it_changes() -> None:
    grid = Grid(datetime(2026, 3, 27, tzinfo=UTC), 4 * 96)
    shift = local("03-28 21:00", "03-29 10:00")  # 8:00 in UTC; the night before it would be 9:00
    assert rest(shift, grid=grid) == (Interval(shift.end, shift.end + 8 * HOUR),)


def test_days_and_hours_that_do_not_suit_are_outside() -> None:
    found = own(Preferences(hours_from=8 * 60, hours_until=18 * 60, days_never=frozenset({2, 5, 6})))
    week = Grid(local("03-02 00:00", "03-02 01:00").start, 7 * 96)
    free = GRID.cut(~found.outside, week, outside=False)
    suiting = (local(f"03-0{day} 08:00", f"03-0{day} 18:00") for day in (2, 3, 5, 6))
    assert week.intervals(free) == tuple(suiting)


def test_time_before_the_notice_is_outside() -> None:
    now = local("03-02 09:05", "03-03 10:00").start
    found = own(Preferences(notice=timedelta(days=2)), now=now)
    assert GRID.intervals(found.outside) == (Interval(GRID.start, local("03-04 09:15", "03-05 10:00").start),)
    assert total(own(Preferences(), now=now).outside) == timedelta(0)
    late = own(Preferences(notice=timedelta(days=2)), now=GRID.start - timedelta(days=9))
    assert total(late.outside) == timedelta(0)


def test_a_session_on_campus_needs_the_way_there_after_work_and_the_way_back_before_it() -> None:
    preferences = Preferences(travel_before=timedelta(minutes=50), travel_after=timedelta(minutes=30))
    found = own(preferences, local("03-02 12:00", "03-02 14:00"))
    assert GRID.intervals(found.travel) == (
        local("03-02 11:30", "03-02 12:00"),
        local("03-02 14:00", "03-02 15:00"),
    )


def test_travel_stops_at_the_ends_of_the_grid() -> None:
    preferences = Preferences(travel_before=2 * HOUR, travel_after=2 * HOUR)
    first, last = Interval(GRID.start, GRID.start + HOUR), Interval(GRID.end - HOUR, GRID.end)
    found = own(preferences, first, last)
    assert GRID.intervals(found.travel) == (
        Interval(first.end, first.end + 2 * HOUR),
        Interval(last.start - 2 * HOUR, last.start),
    )


@pytest.mark.parametrize(
    "values",
    [
        {"hours_from": 600, "hours_until": 600},
        {"hours_until": 1441},
        {"days_never": frozenset(range(7))},
        {"days_never": frozenset({7})},
        {"notice": timedelta(days=-1)},
        {"rest": timedelta(hours=25)},
        {"travel_before": timedelta(hours=7)},
    ],
)
def test_preferences_that_leave_no_room_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"hours|days|notice|travel"):
        Preferences(**values)  # type: ignore[arg-type] # wrong on purpose
