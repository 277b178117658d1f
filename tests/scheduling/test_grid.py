"""The quarter-hour grid: slots, masks, and one grid laid on another."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.grid import QUARTER, Grid, pack, unpack
from scheduling.interval import Interval, merged

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
GRID = Grid(START, 8)


def minutes(first: int, last: int) -> Interval:
    return Interval(START + timedelta(minutes=first), START + timedelta(minutes=last))


@pytest.mark.parametrize(
    ("start", "slots"),
    [
        (START.replace(tzinfo=None), 4),
        (START + timedelta(minutes=1), 4),
        (START + timedelta(microseconds=1), 4),
        (START, 0),
    ],
)
def test_a_grid_refuses_nonsense(start: datetime, slots: int) -> None:
    with pytest.raises(ValueError, match="a grid"):
        Grid(start, slots)


def test_a_grid_covers_a_window_with_whole_quarters() -> None:
    assert Grid.covering(minutes(5, 31)) == Grid(START, 3)
    assert Grid.covering(minutes(0, 30)).window == minutes(0, 30)


def test_slots_are_numbered_from_the_start_in_both_directions() -> None:
    assert [GRID.slot(START + timedelta(minutes=at)) for at in (-1, 0, 14, 15, 300)] == [-1, 0, 0, 1, 20]
    assert GRID.time(3) == START + 3 * QUARTER


def test_a_slot_that_is_touched_is_taken() -> None:
    mask = GRID.mask(
        [minutes(-60, 1), minutes(44, 46), minutes(119, 300), minutes(300, 400), minutes(-9, -1)]
    )
    assert mask.tolist() == [True, False, True, True, False, False, False, True]


def test_a_mask_of_nothing_is_free() -> None:
    assert GRID.mask([]).tolist() == [False] * 8


def test_a_grid_goes_on_evenly_when_the_clocks_change() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    day = Interval(datetime(2026, 3, 29, tzinfo=brussels), datetime(2026, 3, 30, tzinfo=brussels))
    assert Grid.covering(day).slots == 23 * 4


def test_a_mask_is_laid_on_another_grid() -> None:
    mask = np.array([True, False, True, True, False, False, False, True])
    later, around = Grid(START + 6 * QUARTER, 4), Grid(START - QUARTER, 10)
    assert GRID.cut(mask, later, outside=True).tolist() == [False, True, True, True]
    assert GRID.cut(mask, around, outside=False).tolist() == [False, *mask.tolist(), False]
    assert GRID.cut(mask, Grid(START + 99 * QUARTER, 2), outside=True).tolist() == [True, True]


@given(taken=st.lists(st.booleans(), min_size=8, max_size=8))
def test_a_mask_becomes_intervals_and_bytes_and_back(taken: list[bool]) -> None:
    mask = np.array(taken, dtype=np.bool_)
    intervals = GRID.intervals(mask)
    assert intervals == merged(intervals)
    assert GRID.mask(intervals).tolist() == taken
    assert unpack(pack(mask), 8).tolist() == taken


def test_the_first_slot_is_the_highest_bit() -> None:
    assert pack(np.array([True, False, False, False, False, False, False, False, True])) == b"\x80\x80"
