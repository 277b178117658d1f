"""The starts of one session that reach most people together, for many groups: swap by swap.

Whoever is left out weighs more from swap to swap, so the search leaves every place where it is stuck.
"""

import numpy as np

from scheduling.grid import Ints, Mask
from scheduling.planner.coverage import Choice

AWAY, THERE = 3, 2  # swaps for which a start that went stays away, and one that came stays


def swapped_row(choice: Choice, row: Ints, *, swaps: int) -> Ints:
    """Return the row that reaches most of those found from `row`, ascending."""
    search = _Swaps(choice, row)
    for turn in range(swaps):
        if search.is_complete:
            break
        search.swap(turn)
    return np.sort(search.best)


def greedy_row(choice: Choice, groups: int) -> Ints:
    """Return starts, each the one that reaches most of the people left; fewer where they leave no room."""
    suits = np.ascontiguousarray(choice.free.T)
    missed = np.ones(choice.free.shape[0], dtype=np.bool_)
    allowed = np.ones(len(choice.slots), dtype=np.bool_)
    row: list[int] = []
    while len(row) < groups and allowed.any():
        gain = np.where(allowed, np.count_nonzero(suits[:, missed], axis=1), -1)
        row.append(int(np.argmax(gain)))
        missed &= ~suits[row[-1]]
        allowed &= np.abs(choice.slots - choice.slots[row[-1]]) >= choice.gap
    return np.array(row, dtype=np.int64)


class _Swaps:
    """A row that changes, how often it reaches each person, and how much she weighs by now."""

    def __init__(self, choice: Choice, row: Ints) -> None:
        self._choice, self._row = choice, row.copy()
        self._suits: Mask = np.ascontiguousarray(choice.free.T)
        self._reached = self._suits[row].sum(axis=0)
        self._weights = np.ones(choice.free.shape[0])
        self._rests_until = np.zeros(len(choice.slots), dtype=np.int64)  # the turn from which it may move
        self._attainable = int(choice.free.any(axis=1).sum())
        self.best, self._most = self._row.copy(), int((self._reached > 0).sum())

    @property
    def is_complete(self) -> bool:
        return self._most >= self._attainable

    def swap(self, turn: int) -> None:
        """Exchange the group that is missed least for the start that is missed most."""
        group = self._least_missed(turn)
        old = self._row[group]
        self._reached -= self._suits[old]
        new = self._most_missed(group, turn)
        self._row[group] = new
        self._reached += self._suits[new]
        self._rests_until[[old, new]] = turn + AWAY, turn + THERE
        missed = self._reached == 0
        self._weights[missed] += 1
        most = int((~missed).sum())
        if most > self._most:
            self.best, self._most = self._row.copy(), most

    def _least_missed(self, turn: int) -> int:
        once = np.flatnonzero(self._reached == 1)
        loss = self._suits[np.ix_(self._row, once)] @ self._weights[once]
        return int(np.argmin(np.where(self._rests_until[self._row] > turn, np.inf, loss)))

    def _most_missed(self, group: int, turn: int) -> int:
        missed = np.flatnonzero(self._reached == 0)
        gain = self._suits[:, missed] @ self._weights[missed]
        slots = self._choice.slots
        distance = np.abs(slots[:, None] - slots[np.delete(self._row, group)])
        gain[(distance < self._choice.gap).any(axis=1)] = -1
        gain[self._rests_until > turn] = -1
        gain[self._row[group]] = -1
        best = int(np.argmax(gain))
        return best if gain[best] >= 0 else int(self._row[group])
