"""Fairer plans, swap by swap: where the solver begins, and what it must beat."""

import time
from collections.abc import Callable

import numpy as np

from scheduling.grid import Ints, Mask
from scheduling.planner.first_plan import Picks
from scheduling.planner.problem import Problem

TURNS_A_START = 4  # how long a search goes on, by the size of the problem
TURNS_A_SAMPLE = 30
STEEPNESS = 3.0  # how many times more it counts to fall short by one session more


def search(
    problem: Problem, picks: Picks, *, seed: int, deadline: float, on_sample: Callable[[Picks], None]
) -> Picks:
    """Return picks that are at least as fair as `picks`, until `deadline` on the monotonic clock at most.

    Capacity is left out of the count: this is where the solver begins, not where it ends. `on_sample` hears
    some of the picks on the way, which are fair as well.
    """
    found = _Search(problem, picks, seed)
    for turn in range(TURNS_A_START * int(problem.in_window.sum())):
        if found.is_perfect or time.monotonic() > deadline:
            break
        found.swap(turn)
        if turn % TURNS_A_SAMPLE == 0:
            on_sample(found.picks)
    return found.best


def movable(problem: Problem, picks: Picks, session: int, group: int) -> Ints:
    """Return the starts to which this group can move while everything else stays put."""
    starts = np.flatnonzero(problem.in_window[session])
    days, slots = problem.start_days[starts], problem.starts[starts]
    allowed = np.ones(len(starts), dtype=np.bool_)
    if session > 0:
        allowed &= days >= problem.start_days[picks[session - 1, -1]] + problem.days_apart
    if session + 1 < problem.sessions:
        allowed &= days <= problem.start_days[picks[session + 1, 0]] - problem.days_apart
    others = problem.starts[np.delete(picks[session], group)]
    allowed &= ~(np.abs(slots[:, None] - others) < problem.group_gap).any(axis=1)
    return starts[allowed]


class _Search:
    """Picks that change, how often each session reaches a person, and by how much she falls short.

    Each turn moves one group even where that makes the plan less fair, and neither of its two starts moves
    again at once: so the search leaves every place where it is stuck.
    """

    def __init__(self, problem: Problem, picks: Picks, seed: int) -> None:
        self._problem, self.picks = problem, picks.copy()
        self._random = np.random.default_rng(seed)
        self._suits: Mask = np.ascontiguousarray(problem.free.T)
        self._reached = np.array([self._suits[row].sum(axis=0) for row in picks])
        self._shortfall: Ints = problem.attainable - (self._reached > 0).sum(axis=0)
        # What one session more is worth to whoever falls short by so many.
        self._worth = STEEPNESS ** np.arange(problem.sessions + 2)
        self._rests_until = np.zeros(problem.in_window.shape, dtype=np.int64)
        self.best, self._least = picks.copy(), self._unfairness()

    @property
    def is_perfect(self) -> bool:
        return not any(self._least[:-1])

    def swap(self, turn: int) -> None:
        """Move one group of a random session from where it is missed least to where it is missed most."""
        session = int(self._random.integers(self._problem.sessions))
        group = self._least_missed(session, turn)
        old = int(self.picks[session, group])
        self._count(session, old, -1)
        new = self._most_missed(session, group, turn)
        self._count(session, new, +1)
        self.picks[session, group] = new
        self.picks[session].sort()
        self._rests_until[session, [old, new]] = turn + self._problem.sessions
        unfairness = self._unfairness()
        if unfairness < self._least:
            self.best, self._least = self.picks.copy(), unfairness

    def _count(self, session: int, start: int, times: int) -> None:
        reached = self._reached[session]
        self._shortfall += reached > 0
        reached += times * self._suits[start]
        self._shortfall -= reached > 0

    def _least_missed(self, session: int, turn: int) -> int:
        row = self.picks[session]
        once = np.flatnonzero(self._reached[session] == 1)
        loss = self._suits[np.ix_(row, once)] @ self._worth[self._shortfall[once] + 1]
        return int(np.argmin(np.where(self._rests_until[session, row] > turn, np.inf, loss)))

    def _most_missed(self, session: int, group: int, turn: int) -> int:
        old = int(self.picks[session, group])
        starts = movable(self._problem, self.picks, session, group)
        starts = starts[(self._rests_until[session, starts] <= turn) & (starts != old)]
        if not len(starts):
            return old
        missed = np.flatnonzero(self._reached[session] == 0)
        gain = self._suits[np.ix_(starts, missed)] @ self._worth[self._shortfall[missed]]
        return int(starts[np.argmax(gain)])

    def _unfairness(self) -> list[int]:
        """Return how many fall short by how much, the largest shortfall first: the less, the fairer."""
        counts = np.bincount(self._shortfall, minlength=self._problem.sessions + 1)
        least_last: list[int] = counts[::-1].tolist()
        return least_last
