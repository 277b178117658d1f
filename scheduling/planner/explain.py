"""Why a plan is as it is, in counts: never a person."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from scheduling.grid import EPOCH, QUARTER, Ints
from scheduling.planner.first_plan import Picks
from scheduling.planner.local_search import movable
from scheduling.planner.plan import Plan
from scheduling.planner.problem import Problem, Rule
from scheduling.planner.seating import NOWHERE, seat


@dataclass(frozen=True)
class Turnout:
    """How many people can come to some starts of one session: free + unknown + busy is everyone.

    `tentative` of the free are so only through tentative time; at most `seats` of the free find a seat.
    """

    free: int
    tentative: int
    seats: int
    unknown: int
    busy: int


@dataclass(frozen=True)
class Alternative:
    """Another start, and by how much it changes the session's seats taken; a loss is negative."""

    start: datetime
    change: int


@dataclass(frozen=True)
class GroupExplained:
    """One group's start by itself: who could come to it, and where it could move while all else stays put."""

    start: datetime
    turnout: Turnout
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class SessionExplained:
    """A session with its groups; its turnout counts a person once, in whichever group."""

    turnout: Turnout
    groups: tuple[GroupExplained, ...]


@dataclass(frozen=True)
class Reason:
    """Why a start is not in the plan for `session`, or for any (None); `count` says how strongly.

    `DAYS_APART`: the days to the session before or after, below 0 where their order would be broken.
    `GROUPS`: the groups in the way. `ATTENDANCE`: the seats that the best exchange would lose; where it
    loses none, the plan is fairer or as good. Any other rule: 0.
    """

    rule: Rule
    session: int | None
    count: int


def explain(problem: Problem, plan: Plan, *, alternatives: int = 3) -> tuple[SessionExplained, ...]:
    """Return each session of the plan explained, with so many alternatives a group, each on another day."""
    picks = _picks(problem, plan)
    return tuple(
        SessionExplained(
            turnout=_turnout(problem, row),
            groups=tuple(
                GroupExplained(
                    start=problem.time(int(start)),
                    turnout=_turnout(problem, row[group : group + 1]),
                    alternatives=_best_a_day(problem, picks, session, group)[:alternatives],
                )
                for group, start in enumerate(row)
            ),
        )
        for session, row in enumerate(picks)
    )


def why_not(problem: Problem, plan: Plan, start: datetime) -> tuple[Reason, ...]:
    """Return what keeps the plan from a session at `start`: nothing where it has one.

    Rules that forbid the time for every session come alone; else there is one reason for each session whose
    window it is in.
    """
    if any(start in starts for starts in plan.starts):
        return ()
    slot = problem.grid.slot(start)
    if (start - EPOCH) % QUARTER or not 0 <= slot <= problem.grid.slots - problem.length:
        return (Reason(Rule.HORIZON, None, 0),)
    barred = tuple(Reason(rule, None, 0) for rule, mask in problem.bars.items() if mask[slot])
    if barred:
        return barred
    picks, column = _picks(problem, plan), problem.start_at(start)
    sessions = np.flatnonzero(problem.in_window[:, column])
    reasons = tuple(_why_not_for(problem, picks, int(session), column) for session in sessions)
    return reasons or (Reason(Rule.WINDOW, None, 0),)


def _picks(problem: Problem, plan: Plan) -> Picks:
    return np.array([[problem.start_at(start) for start in starts] for starts in plan.starts])


def _turnout(problem: Problem, starts: Ints) -> Turnout:
    free = problem.free[:, starts].any(axis=1)
    firm = problem.firm[:, starts].any(axis=1)
    unknown = problem.unknown[:, starts].any(axis=1) & ~free
    return Turnout(
        free=int(free.sum()),
        tentative=int((free & ~firm).sum()),
        seats=_seats(problem, starts),
        unknown=int(unknown.sum()),
        busy=int((~free & ~unknown).sum()),
    )


def _seats(problem: Problem, starts: Ints) -> int:
    nothing = np.zeros(problem.people, dtype=np.int64)
    return int((seat(problem, starts, had=nothing) != NOWHERE).sum())


def _change(problem: Problem, picks: Picks, session: int, group: int, start: int) -> int:
    moved = picks[session].copy()
    moved[group] = start
    return _seats(problem, moved) - _seats(problem, picks[session])


def _best_a_day(problem: Problem, picks: Picks, session: int, group: int) -> tuple[Alternative, ...]:
    """Return the best start of each day to which the group can move, the best first, then the earliest."""
    best: dict[int, Alternative] = {}
    for start in movable(problem, picks, session, group):
        if start not in picks[session]:
            found = Alternative(problem.time(int(start)), _change(problem, picks, session, group, int(start)))
            day = int(problem.start_days[start])
            best[day] = max(best.get(day, found), found, key=lambda each: each.change)
    return tuple(sorted(best.values(), key=lambda each: (-each.change, each.start)))


def _why_not_for(problem: Problem, picks: Picks, session: int, start: int) -> Reason:
    nearest = _days_to_neighbours(problem, picks, session, start)
    if nearest < problem.days_apart:
        return Reason(Rule.DAYS_APART, session, nearest)
    groups = [group for group in range(problem.groups) if start in movable(problem, picks, session, group)]
    if not groups:
        near = np.abs(problem.starts[picks[session]] - problem.starts[start]) < problem.group_gap
        return Reason(Rule.GROUPS, session, int(near.sum()))
    change = max(_change(problem, picks, session, group, start) for group in groups)
    return Reason(Rule.ATTENDANCE, session, max(0, -change))


def _days_to_neighbours(problem: Problem, picks: Picks, session: int, start: int) -> int:
    """Return the days to the session before or after, the fewest; below 0 where the order would be broken."""
    day = int(problem.start_days[start])
    days = [problem.days_apart]
    if session > 0:
        days.append(day - int(problem.start_days[picks[session - 1, -1]]))
    if session + 1 < problem.sessions:
        days.append(int(problem.start_days[picks[session + 1, 0]]) - day)
    return min(days)
