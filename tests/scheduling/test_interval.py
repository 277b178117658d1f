"""Intervals: what they refuse, share, join and leave."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.interval import Interval, merged, without

START = datetime(2026, 3, 2, tzinfo=UTC)


def hours(first: int, last: int) -> Interval:
    return Interval(START + timedelta(hours=first), START + timedelta(hours=last))


some_intervals = st.lists(
    st.tuples(st.integers(0, 48), st.integers(1, 8)).map(lambda pair: hours(pair[0], pair[0] + pair[1])),
    max_size=8,
)


def held(intervals: tuple[Interval, ...] | list[Interval]) -> set[int]:
    """Return the hours that intervals hold."""
    seconds = ((one.start - START, one.end - START) for one in intervals)
    return {hour for first, last in seconds for hour in range(first // HOUR, last // HOUR)}


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START, START),
        (START, START - HOUR),
        (START.replace(tzinfo=None), START + HOUR),
        (START, (START + HOUR).replace(tzinfo=None)),
    ],
)
def test_an_interval_refuses_nonsense(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="interval"):
        Interval(start, end)


def test_an_interval_is_kept_in_utc() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    local = Interval(START.astimezone(brussels), (START + HOUR).astimezone(brussels))
    assert (local, local.start.tzinfo, local.duration) == (hours(0, 1), UTC, HOUR)


def test_an_interval_over_a_clock_change_lasts_as_long_as_a_stopwatch_says() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    night = Interval(datetime(2026, 3, 29, tzinfo=brussels), datetime(2026, 3, 29, 4, tzinfo=brussels))
    assert night.duration == timedelta(hours=3)


@pytest.mark.parametrize(
    ("other", "expected"),
    [((2, 3), False), ((1, 3), True), ((-1, 0), False), ((-1, 1), True), ((-5, 5), True)],
)
def test_intervals_that_only_touch_do_not_overlap(other: tuple[int, int], expected: bool) -> None:
    assert hours(0, 2).overlaps(hours(*other)) is expected


def test_an_interval_is_clipped_to_a_window() -> None:
    assert [hours(0, 4).clipped(hours(*window)) for window in ((1, 2), (3, 9), (4, 5))] == [
        hours(1, 2),
        hours(3, 4),
        None,
    ]


def test_intervals_that_touch_or_overlap_become_one() -> None:
    assert merged([hours(5, 6), hours(0, 4), hours(1, 2), hours(4, 5), hours(8, 9)]) == (
        hours(0, 6),
        hours(8, 9),
    )


def test_what_is_taken_is_left_out() -> None:
    left = without([hours(0, 4), hours(6, 8)], [hours(-1, 1), hours(2, 3), hours(3, 7)])
    assert left == (hours(1, 2), hours(7, 8))


@given(intervals=some_intervals, taken=some_intervals)
def test_merging_and_taking_keep_each_hour_in_its_place(
    intervals: list[Interval], taken: list[Interval]
) -> None:
    assert held(merged(intervals)) == held(intervals)
    left = without(intervals, taken)
    assert (held(left), left) == (held(intervals) - held(taken), merged(left))
