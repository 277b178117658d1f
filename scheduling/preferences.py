"""What somebody's own wishes take of her time, beside what stands in her agenda."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from scheduling.grid import QUARTER, Grid, Mask
from scheduling.wall_clock import WallClock, wall_clock

DAY_MINUTES = 24 * 60
# A night shift is under way at three o'clock, ends in the morning, and is more than an early start. It may
# touch other busy time before it, such as a whole day, so none is too long.
NIGHT_HOUR = 3 * 60
MORNING = (5 * 60, 10 * 60)
SHORTEST_SHIFT = timedelta(hours=4)
LONGEST_TRAVEL = timedelta(hours=6)
LONGEST_REST = timedelta(hours=24)
LONGEST_NOTICE = timedelta(days=60)


@dataclass(frozen=True)
class Preferences:
    """When somebody can come to a live session at all; the hours are minutes after midnight where she lives.

    `days_never` are weekdays from 0, Monday. Travel counts for sessions on campus only. After a night shift,
    `rest` keeps her free of sessions.
    """

    hours_from: int = 0
    hours_until: int = DAY_MINUTES
    days_never: frozenset[int] = frozenset()
    notice: timedelta = timedelta(0)
    travel_before: timedelta = timedelta(0)
    travel_after: timedelta = timedelta(0)
    rest: timedelta = timedelta(hours=8)

    def __post_init__(self) -> None:
        if not 0 <= self.hours_from < self.hours_until <= DAY_MINUTES:
            raise ValueError("hours begin before they end, within one day")
        if not self.days_never < frozenset(range(7)):
            raise ValueError("days never are weekdays from 0 to 6, and leave at least one")
        zero = timedelta(0)
        if not (zero <= self.notice <= LONGEST_NOTICE and zero <= self.rest <= LONGEST_REST):
            raise ValueError("notice and rest are not negative, and bounded")
        if not all(zero <= travel <= LONGEST_TRAVEL for travel in (self.travel_before, self.travel_after)):
            raise ValueError("travel is not negative, and bounded")


@dataclass(frozen=True)
class OwnTime:
    """What preferences take on a grid; each mask has shape (slots,), none of them holds busy time.

    `rest` is after night shifts, `outside` is beyond the days, hours and notice that suit, `travel` is too
    close to busy time for a session on campus.
    """

    rest: Mask
    outside: Mask
    travel: Mask


def own_time(busy: Mask, preferences: Preferences, grid: Grid, *, zone: ZoneInfo, now: datetime) -> OwnTime:
    """Return what the preferences of somebody with this busy time, of shape (slots,), take besides.

    A shift that began before the grid is not seen, so let the grid begin a day earlier than is asked about.
    """
    clock = wall_clock(grid, zone)
    return OwnTime(
        rest=_rest(busy, clock, preferences.rest) & ~busy,
        outside=_outside(clock, grid, preferences, now) & ~busy,
        travel=_widened(busy, before=preferences.travel_after, after=preferences.travel_before) & ~busy,
    )


def _rest(busy: Mask, clock: WallClock, rest: timedelta) -> Mask:
    resting = np.zeros_like(busy)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], busy)).astype(np.int8)))
    for first, end in zip(edges[::2], edges[1::2], strict=False):
        if _is_night_shift(int(first), int(end), clock):
            resting[end : end + rest // QUARTER] = True
    return resting


def _is_night_shift(first: int, end: int, clock: WallClock) -> bool:
    ends_in_the_morning = MORNING[0] <= clock.minute[end] <= MORNING[1]
    began_before_three = clock.day[first] < clock.day[end] or clock.minute[first] <= NIGHT_HOUR
    return bool(ends_in_the_morning and began_before_three and (end - first) * QUARTER >= SHORTEST_SHIFT)


def _outside(clock: WallClock, grid: Grid, preferences: Preferences, now: datetime) -> Mask:
    ends = clock.minute + QUARTER // timedelta(minutes=1)
    outside: Mask = (clock.minute < preferences.hours_from) | (ends > preferences.hours_until)
    outside |= np.isin(clock.weekday, sorted(preferences.days_never))
    if preferences.notice:
        outside[: max(0, -((grid.start - now - preferences.notice) // QUARTER))] = True
    return outside


def _widened(mask: Mask, *, before: timedelta, after: timedelta) -> Mask:
    """Return the mask with each of its runs begun earlier and ended later."""
    steps = np.zeros(len(mask) + 1, dtype=np.int64)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    firsts, ends = edges[::2], edges[1::2]
    np.add.at(steps, np.maximum(firsts - -(-before // QUARTER), 0), 1)
    np.add.at(steps, np.minimum(ends + -(-after // QUARTER), len(mask)), -1)
    widened: Mask = np.cumsum(steps[:-1]) > 0
    return widened
