"""The clock on the wall along a grid, which lies in UTC."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from scheduling.grid import Grid, Ints


@dataclass(frozen=True)
class WallClock:
    """What the clock and calendar on a wall show as each slot begins; each array has shape (slots,).

    `day` is a proleptic ordinal as of `date.toordinal`, `weekday` is 0 on Monday, `minute` counts from
    midnight.
    """

    day: Ints
    weekday: Ints
    minute: Ints


@lru_cache(maxsize=16)
def wall_clock(grid: Grid, zone: ZoneInfo) -> WallClock:
    """Return the wall clock of a zone along a grid."""
    local = [grid.time(slot).astimezone(zone) for slot in range(grid.slots)]
    day = np.array([moment.toordinal() for moment in local], dtype=np.int64)
    minute = np.array([moment.hour * 60 + moment.minute for moment in local], dtype=np.int64)
    return WallClock(day, (day - 1) % 7, minute)
