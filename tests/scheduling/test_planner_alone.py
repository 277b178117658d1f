"""One goal alone, against everything there is to try."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest

from scheduling.planner.coverage import Choice, best_row
from scheduling.planner.first_plan import earliest
from scheduling.planner.goals import Goal, Step
from scheduling.planner.plan import best_minimum, best_total
from scheduling.planner.problem import Problem
from scheduling.planner.reach import Reach
from tests.scheduling.instances import INSTANCES, instance
from tests.scheduling.problems import Shape, attendances, chains, free, problem, random_problem

SHAPES = [
    {"groups": 1},
    {"groups": 1, "capacity": 2},
    {"groups": 2},
    {"groups": 2, "group_gap": 2},
    {"groups": 2, "capacity": 1},
    {"groups": 3},
    {"groups": 3, "capacity": 1},
    {"groups": 1, "away": 0.5},
    {"groups": 2, "group_gap": 2, "away": 0.5},
    {"groups": 2, "group_gap": 2, "away": 0.5, "capacity": 1},
]
AHEAD = float("inf")  # a deadline that never comes


def plannable(shape: Shape, count: int) -> list[Problem]:
    problems = (random_problem(seed, **shape) for seed in range(2000))
    found = (each for each in problems if any(True for _ in chains(each)))
    return [next(found) for _ in range(count)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_total_equals_the_largest_of_all_plans(shape: Shape) -> None:
    for each in plannable(shape, 12):
        best = max(sum(counts) for counts in attendances(each))
        found = best_total(each, seconds=20, seed=1)
        assert found.steps == (Step(Goal.ATTENDANCE, 0, best, best),)
        assert sum(len(group) for groups in found.seats for group in groups) == best


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_minimum_equals_the_largest_of_all_plans(shape: Shape) -> None:
    for each in plannable(shape, 12):
        best = max(min(counts) for counts in attendances(each))
        found = best_minimum(each, seconds=20, seed=1)
        assert found.steps == (Step(Goal.LEAST_ATTENDED, 0, best, best),)


@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("capacity", [None, 1, 3])
def test_no_starts_of_a_session_seat_more_than_those_counted(groups: int, capacity: int | None) -> None:
    for seed in range(100):
        random = np.random.default_rng(seed)
        each = problem(
            *("".join(row) for row in random.choice(list("b."), p=(0.6, 0.4), size=(7, 9))),
            day=9,
            groups=groups,
            group_gap=int(random.integers(1, 3)),
            capacity=capacity,
        )
        choice = Choice(each.free, each.starts, each.group_gap, each.room)
        row, seats = best_row(choice, groups)
        others = [
            other
            for other in combinations(range(len(each.starts)), groups)
            if all(after - before >= each.group_gap for before, after in pairwise(each.starts[list(other)]))
        ]
        assert tuple(row) in others
        assert seats == seated(each, tuple(row)) == max(seated(each, other) for other in others)


def seated(each: Problem, row: tuple[int, ...]) -> int:
    """Return how many people find a seat: one after the other, moving others along where that helps."""
    holders: list[list[int]] = [[] for _ in row]

    def finds_a_seat(person: int, seen: set[int]) -> bool:
        for group, start in enumerate(row):
            if group not in seen and free(each, person, int(each.starts[start])):
                seen.add(group)
                room = each.people if each.capacity is None else each.capacity
                if len(holders[group]) < room:
                    holders[group].append(person)
                    return True
                for holder in list(holders[group]):
                    if finds_a_seat(holder, seen):
                        holders[group][holders[group].index(holder)] = person
                        return True
        return False

    return sum(finds_a_seat(person, set()) for person in range(each.people))


@pytest.mark.parametrize("shape", [{"groups": 2}, {"groups": 2, "capacity": 1}, {"groups": 3}], ids=str)
def test_without_time_the_bound_on_seats_still_holds(shape: Shape) -> None:
    for each in plannable(shape, 10):
        reach = Reach(each, earliest(each))
        best = max(sum(counts) for counts in attendances(each))
        assert reach.seats <= best <= reach.bound
        reach.search(AHEAD, lambda: None)
        assert reach.seats == best == reach.bound


@pytest.mark.parametrize("shape", SHAPES[:5], ids=str)
def test_more_free_time_never_lowers_total_or_minimum(shape: Shape) -> None:
    for seed, each in enumerate(plannable(shape, 6)):
        busy = each.agendas.busy & (np.random.default_rng(seed).random(each.agendas.busy.shape) < 0.7)
        freer = replace(each, agendas=replace(each.agendas, busy=busy))
        for best_of in (best_total, best_minimum):
            before, after = (best_of(of, seconds=20, seed=1).steps[0] for of in (each, freer))
            assert after.value >= before.value


def test_the_total_narrows_from_both_sides_and_can_be_cancelled() -> None:
    each = plannable({"groups": 2}, 1)[0]
    heard: list[Step] = []
    best_total(each, seconds=20, seed=1, on_progress=heard.append)
    assert heard[0].gap > heard[-1].gap == 0
    assert all(after.gap <= before.gap for before, after in pairwise(heard))

    def cancel(step: Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        best_total(each, seconds=20, seed=1, on_progress=cancel)


def test_more_groups_than_can_be_counted_are_found_and_bounded() -> None:
    for seed in range(12):
        random = np.random.default_rng(seed)
        rows = random.choice(list("b."), p=(0.8, 0.2), size=(9, 16))
        each = problem(
            *("".join(row) for row in rows), day=8, groups=4, group_gap=1 + seed % 2, windows=(range(2),)
        )
        best = max(
            sum(any(free(each, person, slot) for slot in chain[0]) for person in range(each.people))
            for chain in chains(each)
        )
        found = best_total(each, seconds=20, seed=1)
        assert found.steps == (Step(Goal.ATTENDANCE, 0, best, best),)


@pytest.mark.skipif(not INSTANCES.exists(), reason="the instances lie beside the checkout")
@pytest.mark.parametrize(
    ("size", "total", "minimum"),
    [((25, 5, 1), 78, 2), ((100, 5, 1), 266, 1), ((200, 6, 1), 544, 1)],
    ids=["25/5/1", "100/5/1", "200/6/1"],
)
def test_the_known_cohorts_of_one_group_are_proven(
    size: tuple[int, int, int], total: int, minimum: int
) -> None:
    cohort = instance(*size)
    assert best_total(cohort, seconds=60, seed=1).steps == (Step(Goal.ATTENDANCE, 0, total, total),)
    assert best_minimum(cohort, seconds=60, seed=1).steps == (Step(Goal.LEAST_ATTENDED, 0, minimum, minimum),)


@pytest.mark.skipif(not INSTANCES.exists(), reason="the instances lie beside the checkout")
def test_the_total_of_200_people_in_three_groups_is_proven() -> None:
    found = best_total(instance(200, 6, 3), seconds=60, seed=1)
    assert found.steps == (Step(Goal.ATTENDANCE, 0, 1040, 1040),)
