"""What weights of people prove about fairness, against every plan there is."""

import pytest

from scheduling.planner.first_plan import earliest
from scheduling.planner.problem import Problem
from scheduling.planner.weighing import Weighing
from tests.scheduling.problems import Shape, best_cost, chains, problem, random_problem

AHEAD = float("inf")  # a deadline that never comes
SHAPES = [
    {"groups": 1},
    {"groups": 1, "capacity": 2},
    {"groups": 2},
    {"groups": 2, "capacity": 1},
]


def test_three_groups_fall_no_less_short_than_the_bound_says() -> None:
    for each in plannable({"groups": 3}, 4):
        bound = Weighing(each, earliest(each), nothing).worst_shortfall(goal=99, deadline=AHEAD)
        assert bound <= best_cost(each)[0][0]


def nothing() -> None:
    pass


def plannable(shape: Shape, count: int) -> list[Problem]:
    problems = (random_problem(seed, **shape) for seed in range(2000))
    found = (each for each in problems if any(True for _ in chains(each)))
    return [next(found) for _ in range(count)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_no_plan_falls_less_short_than_the_bounds_say(shape: Shape) -> None:
    for each in plannable(shape, 20):
        weighing, shortfalls = Weighing(each, earliest(each), nothing), best_cost(each)[0]
        # Asked for more than there is, it goes on to its last round.
        assert weighing.worst_shortfall(goal=99, deadline=AHEAD) <= shortfalls[0]
        total = sum(shortfalls)
        assert weighing.excess(over=0, goal=99, deadline=AHEAD) <= total


def test_weights_show_that_two_who_are_never_free_together_cannot_both_come() -> None:
    either = problem(".b.b", "b.b.")
    assert Weighing(either, earliest(either), nothing).worst_shortfall(goal=1, deadline=AHEAD) == 1
    assert Weighing(either, earliest(either), nothing).excess(over=0, goal=1, deadline=AHEAD) == 1
