"""A smaller problem with the same best plans."""

from dataclasses import replace

import numpy as np

from scheduling.grid import Ints
from scheduling.planner.problem import Problem, Rule


def without_dominated(problem: Problem) -> Problem:
    """Return the problem without the starts that can always be exchanged for a better one on the same day.

    A start yields to an earlier one that suits at least the same people at least as well. Where one group
    has a place for everyone, more people decide alone, because attendance comes before all that could speak
    against it. The other groups of the session can stand in the way of an exchange, so it takes as many
    better starts and one more. What is published stays, since to keep to it can be worth more.
    """
    in_the_way = (problem.groups - 1) * (2 * problem.group_gap - 1)
    dominated = np.zeros(problem.grid.slots, dtype=np.bool_)
    for day in np.unique(problem.start_days):
        starts = np.flatnonzero(problem.start_days == day)
        dominated[problem.starts[starts]] = _better_starts(problem, starts) > in_the_way
    dominated[[slot for published in problem.published for slot in published]] = False
    return replace(problem, bars={**problem.bars, Rule.ATTENDANCE: dominated})


def _better_starts(problem: Problem, starts: Ints) -> Ints:
    """Return for each of the starts how many of the others are better."""
    free, firm = problem.free[:, starts].astype(np.int32), problem.firm[:, starts].astype(np.int32)
    # A set is part of another where it has as many people as the two have in common.
    free_within = free.T @ free == free.sum(axis=0)[:, None]
    firm_within = firm.T @ firm == firm.sum(axis=0)[:, None]
    better = free_within & firm_within & (starts[None, :] < starts[:, None])
    if problem.groups == 1 and not problem.is_capped:
        better |= free_within & (free.sum(axis=0)[:, None] < free.sum(axis=0)[None, :])
    count: Ints = np.count_nonzero(better, axis=1)
    return count
