"""The starts of one session that seat most people together, for up to three groups: exact, by counting.

How many people some starts seat together follows from how many they reach: that is the least, over every part
of the groups, of the people who suit the part plus the room of the other groups (Hall). So whole matrices of
pairs are counted at once, a machine word of people at a time. Caps for each employer make it a bound.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduling.grid import Ints, Mask

MOST_GROUPS = 3
EXACT_IN_FLOAT32 = 2**24
ON_ONE_THREAD = 2**18  # multiplications
NONE_FIT = -1  # seats, where no starts fit
NO_ROW: Ints = np.zeros(0, dtype=np.int64)
Words = NDArray[np.uint64]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Choice:
    """What a session may choose from: a mask of shape (people, starts), slots and room of shape (starts,).

    A person counts for her weight, of shape (people,), or for one; weights are small whole numbers.
    """

    free: Mask
    slots: Ints
    gap: int
    room: Ints
    weights: Ints | None = None

    @cached_property
    def reached(self) -> Ints:
        """Of shape (starts,)."""
        reached: Ints = (
            np.count_nonzero(self.free, axis=0) if self.weights is None else self.weights @ self.free
        )
        return reached

    @cached_property
    def near(self) -> Mask:
        """Starts × starts: too near each other."""
        near: Mask = np.abs(self.slots[:, None] - self.slots[None, :]) < self.gap
        return near

    @cached_property
    def words(self) -> Words:
        """Starts × words: the people as bits."""
        return _words(self.free)

    @cached_property
    def shared(self) -> NDArray[np.int32]:
        """Starts × starts: the people whom both reach."""
        everything = np.arange(len(self.slots))
        return self.shared_by(everything, everything, np.ones(self.free.shape[0], dtype=np.bool_))

    def shared_by(self, starts: Ints, others: Ints, people: Mask) -> NDArray[np.int32]:
        """Return whom of these people both reach of each pair of starts, of shape (starts, others)."""
        if self.weights is None:
            words = _words(people[:, None])[0]
            return _count_shared(self.words[starts] & words, self.words[others])
        # Sums of so small whole numbers are exact.
        is_small = self.weights.sum() < EXACT_IN_FLOAT32
        kind: np.dtype[Any] = np.dtype(np.float32 if is_small else np.float64)
        suits: Floats = (self.free * self.weights[:, None])[np.ix_(people, starts)].astype(kind)
        others_suit: Floats = self.free[np.ix_(people, others)].astype(kind)
        return _product(suits.T, others_suit)

    def ordered(self, order: Ints) -> "Choice":
        free, slots, room = self.free[:, order], self.slots[order], self.room[order]
        return Choice(free, slots, self.gap, room, self.weights)


def best_row(choice: Choice, groups: int) -> tuple[Ints, int]:
    """Return the starts, ascending, that seat most, and how many; NO_ROW and NONE_FIT where none fit."""
    by_reach = np.argsort(-choice.reached, kind="stable")
    best_of = (_best_start, _best_pair, _best_triple)[groups - 1]
    row, seats = best_of(choice.ordered(by_reach))
    return np.sort(by_reach[row]), seats


def _best_start(choice: Choice) -> tuple[Ints, int]:
    if not len(choice.slots):
        return NO_ROW, NONE_FIT
    best = int(np.argmax(choice.room))
    return np.array([best]), int(choice.room[best])


def _best_pair(choice: Choice) -> tuple[Ints, int]:
    union = choice.reached[:, None] + choice.reached[None, :] - choice.shared
    seats = np.minimum(union, choice.room[:, None] + choice.room[None, :])
    return _largest(np.where(choice.near, NONE_FIT, seats), NONE_FIT)


def _best_triple(choice: Choice) -> tuple[Ints, int]:
    """Try each start with the pairs of those that reach no more by themselves and could still do better."""
    best, seats, reached = NO_ROW, NONE_FIT, choice.reached
    for first in range(len(reached)):
        if 3 * min(reached[first], choice.room[first:].max()) <= seats:
            break
        others = np.flatnonzero(~choice.near[first, first + 1 :]) + first + 1
        more = reached[others] - choice.shared[first, others]
        # Of a pair one adds at least half of what is needed, and the other at least the rest.
        needed = seats - reached[first]
        many, some = others[2 * more > needed], others[more + more.max(initial=0) > needed]
        if len(many) and len(some) > 1:
            found = np.where(
                choice.near[np.ix_(many, some)], NONE_FIT, _seats_with(choice, first, many, some)
            )
            pair, most = _largest(found, seats)
            if len(pair):
                best, seats = np.array([first, many[pair[0]], some[pair[1]]]), most
    return best, seats


def _seats_with(choice: Choice, first: int, second: Ints, third: Ints) -> Ints:
    """Return the seats of the first start with each second and third one, of shape (second, third)."""
    reached, room = choice.reached, choice.room
    with_second = reached[first] + reached[second] - choice.shared[first, second]
    with_third = reached[first] + reached[third] - choice.shared[first, third]
    both = choice.shared_by(second, third, ~choice.free[:, first])
    union: Ints = with_second[:, None] + (with_third - reached[first])[None, :] - both
    if (room == reached).all():
        return union
    pairs = reached[second][:, None] + reached[third][None, :] - choice.shared[np.ix_(second, third)]
    by_pairs = np.minimum(with_second[:, None] + room[third], with_third[None, :] + room[second][:, None])
    alone = room[first] + room[second][:, None] + room[third][None, :]
    seats: Ints = np.minimum(np.minimum(union, alone), np.minimum(by_pairs, pairs + room[first]))
    return seats


def _words(people: Mask) -> Words:
    """Return a mask of shape (people, starts) as bits, of shape (starts, words)."""
    padded = np.pad(people.T, ((0, 0), (0, -len(people) % 64)))
    return np.packbits(padded, axis=1).view(np.uint64)


def _count_shared(starts: Words, others: Words) -> NDArray[np.int32]:
    """Return how many people suit both of each pair of starts, of shape (starts, other starts)."""
    both = np.zeros((len(starts), len(others)), dtype=np.int32)
    for mine, theirs in zip(starts.T, others.T, strict=True):
        both += np.bitwise_count(mine[:, None] & theirs[None, :])
    return both


def _product(left: Floats, right: Floats) -> NDArray[np.int32]:
    """Return the matrix product, piece by piece, so that each piece stays on one thread."""
    # On a busy machine, threads that wait for each other cost far more than they save.
    height = max(1, ON_ONE_THREAD // max(1, right.size))
    product = np.empty((len(left), right.shape[1]), dtype=np.int32)
    for top in range(0, len(left), height):
        product[top : top + height] = left[top : top + height] @ right
    return product


def _largest(seats: Ints, floor: int) -> tuple[Ints, int]:
    """Return the first pair with most seats, and their number; NO_ROW where none exceed `floor`."""
    if seats.max(initial=floor) <= floor:
        return NO_ROW, floor
    pair = np.array(np.unravel_index(int(np.argmax(seats)), seats.shape))
    return pair, int(seats[tuple(pair)])
