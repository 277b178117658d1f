"""What the longest path proves for one group, against every plan there is."""

import numpy as np
import pytest

from scheduling.planner.longest_path import least_worst_shortfall, longest_path
from scheduling.planner.problem import Problem
from tests.scheduling.problems import best_cost, chains, random_problem


def plannable(capacity: int | None) -> list[Problem]:
    problems = (random_problem(seed, capacity=capacity) for seed in range(60))
    return [each for each in problems if any(True for _ in chains(each))]


def test_the_path_has_the_largest_gain_of_all_plans() -> None:
    for seed, each in enumerate(plannable(None)):
        gain = np.random.default_rng(seed).integers(0, 9, len(each.starts)).astype(np.float64)
        by_slot = dict(zip(each.starts.tolist(), gain.tolist(), strict=True))
        best = max(sum(by_slot[slot] for (slot,) in chain) for chain in chains(each))
        picks = longest_path(each, gain)
        assert gain[picks].sum() == best
        assert tuple((slot,) for slot in each.starts[picks[:, 0]].tolist()) in set(chains(each))


@pytest.mark.parametrize("capacity", [None, 2])
def test_no_plan_falls_less_short_than_the_bound_says(capacity: int | None) -> None:
    for each in plannable(capacity):
        shortfalls = best_cost(each)[0]
        assert least_worst_shortfall(each, goal=shortfalls[0]) <= shortfalls[0]
