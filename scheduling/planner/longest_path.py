"""One group: the best plan for a gain that adds up over starts, and what it proves about fairness."""

import math

import numpy as np
from numpy.typing import NDArray

from scheduling.grid import Ints
from scheduling.planner.first_plan import Picks
from scheduling.planner.problem import Problem

WEIGHINGS = 400
WEIGHING_RATE = 0.1
ROUNDING = 1e-6  # far above the error of the sums, far below a whole session


def longest_path(problem: Problem, gain: NDArray[np.float64]) -> Picks:
    """Return the picks of shape (sessions, 1) with the largest sum of `gain`, of shape (starts,).

    The problem has one group and a plan. The work is linear in sessions × starts.
    """
    before = np.searchsorted(problem.start_days, problem.start_days - problem.days_apart, side="right") - 1
    value = np.where(problem.in_window[0], gain, -np.inf)
    steps: list[Ints] = []
    for window in problem.in_window[1:]:
        record = _record(value)
        prior = np.where(before >= 0, value[record[before]], -np.inf)
        steps.append(record[before])
        value = np.where(window, gain + prior, -np.inf)
    path = [int(np.argmax(value))]
    for step in reversed(steps):
        path.append(int(step[path[-1]]))
    return np.array(path[::-1])[:, None]


def least_worst_shortfall(problem: Problem, *, goal: int) -> int:
    """Return a lower bound on the largest shortfall of any plan of one group; stop as soon as it is `goal`.

    Whatever the weights of people, which sum to 1, the weighted shortfall of the best plan for those
    weights is such a bound. The weights move to the people who fall short in that plan (multiplicative
    weights of a zero-sum game).
    """
    free = problem.free.astype(np.float64)
    attainable = problem.attainable
    weights = np.full(problem.people, 1 / problem.people)
    bound = 0
    for _ in range(WEIGHINGS):
        picks = longest_path(problem, weights @ free)
        shortfall = attainable - problem.free[:, picks[:, 0]].sum(axis=1)
        bound = max(bound, math.ceil(weights @ shortfall - ROUNDING))
        if bound >= goal:
            break
        weights = weights * np.exp(WEIGHING_RATE * shortfall)
        weights /= weights.sum()
    return bound


def _record(value: NDArray[np.float64]) -> Ints:
    """Return for each position where the largest value up to it stands."""
    is_record = value >= np.maximum.accumulate(value)
    return np.maximum.accumulate(np.where(is_record, np.arange(len(value)), 0))
