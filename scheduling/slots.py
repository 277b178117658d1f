"""From a request in local time to a problem on the UTC grid."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scheduling.demand import Request
from scheduling.grid import QUARTER, Grid, Ints, Mask
from scheduling.interval import Interval
from scheduling.planner.problem import Agendas, Problem, Rule
from scheduling.planner.roster import Roster
from scheduling.wall_clock import wall_clock

OVERLAP = 2  # days that a session's window reaches into the next one's


def horizon(request: Request) -> Grid:
    """Return the grid of the request's days, from midnight to midnight in its zone."""
    zone = ZoneInfo(request.zone)
    first = datetime.combine(request.first_day, time(), zone)
    end = datetime.combine(request.last_day + timedelta(days=1), time(), zone)
    return Grid.covering(Interval(first, end))


def pose(
    request: Request,
    *,
    people: Agendas,
    hosts: Agendas,
    excluded: Collection[date] = frozenset(),
    roster: Roster | None = None,
    away: float | None = None,
    published: Sequence[Collection[datetime]] = (),
) -> Problem:
    """Return the problem of the request, with all agendas on the grid of `horizon(request)`.

    No session starts on an excluded date, nor where a host is busy for a part of it. The hosts lead every
    group, so the groups of one session do not overlap. Time of a host that is tentative or unknown forbids
    nothing. A room whose agenda is known is one more host. Of one employer's people at most `away`, a share,
    sit in one group; `published` holds per session the starts that people know of, where there are any.
    """
    grid = horizon(request)
    length = -(-request.duration // QUARTER)
    days = wall_clock(grid, ZoneInfo(request.zone)).day
    bars = _calendar_bars(request, grid, excluded) | {Rule.HOSTS: _touched(hosts.busy, length)}
    closed = bars[Rule.WEEKDAY] | bars[Rule.EXCLUDED_DATE]
    return Problem(
        grid=grid,
        length=length,
        days=days,
        bars=bars,
        windows=windows(np.unique(days[~closed]), request),
        days_apart=request.days_apart,
        groups=request.groups,
        group_gap=length,
        capacity=request.capacity,
        agendas=people,
        roster=roster,
        away=away,
        published=tuple(_slots(grid, starts) for starts in published),
    )


def _slots(grid: Grid, starts: Collection[datetime]) -> frozenset[int]:
    """Return the slots that begin at one of these times; a time that is not on the grid has none."""
    return frozenset(
        grid.slot(start)
        for start in starts
        if grid.start <= start < grid.end and not (start - grid.start) % QUARTER
    )


def windows(open_days: Ints, request: Request) -> tuple[range, ...]:
    """Return a range of day numbers per session: the open days split in order, with a small overlap.

    Without any open day each session has all days of the request, in which no start will be found.
    """
    if not len(open_days):
        everything = range(request.first_day.toordinal(), request.last_day.toordinal() + 1)
        return (everything,) * request.sessions
    total, parts = len(open_days), request.sessions
    return tuple(
        range(
            int(open_days[total * part // parts]),
            int(open_days[min(total * (part + 1) // parts + OVERLAP, total) - 1]) + 1,
        )
        for part in range(parts)
    )


def _calendar_bars(request: Request, grid: Grid, excluded: Collection[date]) -> dict[Rule, Mask]:
    """Judge each slot by the clock on the wall at its begin and at the session's end."""
    zone = ZoneInfo(request.zone)
    judged = (Rule.WEEKDAY, Rule.EXCLUDED_DATE, Rule.HOURS)
    bars = {rule: np.zeros(grid.slots, dtype=np.bool_) for rule in judged}
    for slot in range(grid.slots):
        begin = grid.time(slot).astimezone(zone)
        end = (grid.time(slot) + request.duration).astimezone(zone)
        bars[Rule.WEEKDAY][slot] = begin.weekday() not in request.weekdays
        bars[Rule.EXCLUDED_DATE][slot] = begin.date() in excluded
        bars[Rule.HOURS][slot] = not (
            request.hours_from <= begin.time()
            and end.date() == begin.date()
            and end.time() <= request.hours_until
        )
    return bars


def _touched(busy: Mask, length: int) -> Mask:
    """Return a mask of shape (slots,): a session of `length` slots from here on meets a row's busy slot."""
    padded = np.pad(busy, ((0, 0), (0, length - 1)))
    touched: Mask = np.logical_or.reduce(sliding_window_view(padded, length, axis=1), axis=(0, 2))
    return touched
