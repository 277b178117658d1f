"""Better plans, move by move: where the solver begins, and what it must beat."""

import time

import numpy as np

from scheduling.grid import Ints, Mask
from scheduling.planner.first_plan import Picks
from scheduling.planner.problem import Problem

KICKS = 25  # in a row without success end a search
MOVES_IN_A_KICK = 3


def search(problem: Problem, picks: Picks, *, seed: int, deadline: float) -> Picks:
    """Return picks that are at least as fair as `picks`, until `deadline` on the monotonic clock at most.

    Capacity is left out of the count: this is where the solver begins, not where it ends.
    """
    random = np.random.default_rng(seed)
    best = _descend(problem, picks)
    least = _unfairness(problem, best)
    failures = 0
    while failures < KICKS and time.monotonic() < deadline:
        other = _descend(problem, _kick(problem, best, random))
        found = _unfairness(problem, other)
        failures = 0 if found < least else failures + 1
        if found <= least:
            best, least = other, found
    return best


def movable(problem: Problem, picks: Picks, session: int, group: int) -> Mask:
    """Return a mask of starts to which this group can move while everything else stays put."""
    allowed: Mask = problem.in_window[session].copy()
    if session > 0:
        allowed &= problem.start_days >= problem.start_days[picks[session - 1, -1]] + problem.days_apart
    if session + 1 < problem.sessions:
        allowed &= problem.start_days <= problem.start_days[picks[session + 1, 0]] - problem.days_apart
    for other in np.delete(picks[session], group):
        allowed &= np.abs(problem.starts - problem.starts[other]) >= problem.group_gap
    return allowed


def _descend(problem: Problem, picks: Picks) -> Picks:
    """Move one group at a time to where the plan is fairest, until no single move makes it fairer."""
    picks = picks.copy()
    moved = True
    while moved:
        moved = False
        for session, group in np.ndindex(problem.sessions, problem.groups):
            better = _best_move(problem, picks, session, group)
            moved |= better != picks[session, group]
            picks[session, group] = better
            picks[session].sort()
    return picks


def _best_move(problem: Problem, picks: Picks, session: int, group: int) -> int:
    """Return the fairest start for this group: its own where none is strictly fairer."""
    starts = np.flatnonzero(movable(problem, picks, session, group))
    rest = np.delete(picks[session], group)
    elsewhere = _attended(problem, np.delete(picks, session, axis=0))
    covered = problem.free[:, rest].any(axis=1, keepdims=True) | problem.free[:, starts]
    shortfall = (problem.reachable.sum(axis=1) - elsewhere)[:, None] - covered
    levels = [(shortfall >= level).sum(axis=0) for level in range(shortfall.max(initial=0), 0, -1)]
    # lexsort takes its first key last.
    return int(starts[np.lexsort([starts != picks[session, group], *levels[::-1]])[0]])


def _kick(problem: Problem, picks: Picks, random: np.random.Generator) -> Picks:
    picks = picks.copy()
    for _ in range(MOVES_IN_A_KICK):
        session, group = int(random.integers(problem.sessions)), int(random.integers(problem.groups))
        picks[session, group] = random.choice(np.flatnonzero(movable(problem, picks, session, group)))
        picks[session].sort()
    return picks


def _unfairness(problem: Problem, picks: Picks) -> list[int]:
    """Return the shortfalls, the largest first: the less, the fairer."""
    shortfall = problem.reachable.sum(axis=1) - _attended(problem, picks)
    return sorted(shortfall.tolist(), reverse=True)


def _attended(problem: Problem, picks: Picks) -> Ints:
    """Return how many of the picked sessions each person is free for, of shape (people,)."""
    count = np.zeros(problem.people, dtype=np.int64)
    for row in picks:
        count += problem.free[:, row].any(axis=1)
    return count
