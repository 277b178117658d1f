"""The planner against everything there is to try, and the rules that it keeps."""

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from scheduling.grid import QUARTER
from scheduling.planner.goals import Goal, Step
from scheduling.planner.plan import Plan, plan
from scheduling.planner.problem import Agendas, NoPlanError, Problem, Rule
from scheduling.planner.roster import Roster
from tests.scheduling.problems import (
    MONDAY,
    Shape,
    best_cost,
    chains,
    cost,
    free,
    is_too_many,
    problem,
    random_problem,
)

SHAPES = [
    pytest.param({"groups": 1}, id="one group"),
    pytest.param({"groups": 1, "capacity": 2}, id="one group of two"),
    pytest.param({"groups": 2}, id="two groups side by side"),
    pytest.param({"groups": 2, "group_gap": 2}, id="two groups after each other"),
    pytest.param({"groups": 2, "capacity": 1}, id="two groups of one"),
    pytest.param({"groups": 1, "away": 0.5}, id="one group, half of an employer's people"),
    pytest.param({"groups": 2, "group_gap": 2, "away": 0.4}, id="two groups, two fifths of an employer's"),
    pytest.param({"groups": 2, "group_gap": 2, "away": 0.5, "capacity": 2}, id="two capped groups of two"),
    pytest.param({"groups": 1, "is_known": True, "is_published": True}, id="one group, published"),
    pytest.param({"groups": 2, "is_known": True, "is_published": True}, id="two groups, published"),
    pytest.param({"groups": 2, "is_known": True, "capacity": 1}, id="two groups of one, of people known"),
]


def best(of: Problem) -> Plan:
    return plan(of, seconds=20, seed=1)


def plannable(shape: Shape, count: int) -> list[Problem]:
    problems = (random_problem(seed, **shape) for seed in range(1000))
    found = (each for each in problems if any(True for _ in chains(each)))
    return [next(found) for _ in range(count)]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_step_of_a_plan_equals_the_best_of_all_plans(shape: Shape) -> None:
    for each in plannable(shape, 12):
        found = best(each)
        assert found.is_optimal
        assert cost(each, found) == best_cost(each)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_steps_say_what_the_plan_is(shape: Shape) -> None:
    for each in plannable(shape, 4):
        found = best(each)
        shortfalls, must_attend, tentative, unmet, changes, earliness = cost(each, found)
        levels = range(shortfalls[0], 0, -1)
        people_short = [sum(shortfall >= level for shortfall in shortfalls) for level in levels]
        seats = sum(len(group) for groups in found.seats for group in groups)
        assert [(step.goal, step.level, step.value, step.gap) for step in found.steps] == [
            (Goal.WORST_SHORTFALL, 0, shortfalls[0], 0),
            *(
                (Goal.PEOPLE_SHORT, level, count, 0)
                for level, count in zip(levels, people_short, strict=True)
            ),
            (Goal.ATTENDANCE, 0, seats, 0),
            *([(Goal.MUST_ATTEND, 0, must_attend, 0)] if each.known.must_attend.any() else []),
            (Goal.TENTATIVE, 0, tentative, 0),
            *([(Goal.MIXING, 0, -unmet, 0)] if each.is_mixed else []),
            *([(Goal.CHANGES, 0, changes, 0)] if each.published else []),
            (Goal.EARLINESS, 0, earliness, 0),
        ]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_plan_breaks_a_rule(shape: Shape) -> None:
    for each in plannable(shape, 4):
        found = best(each)
        chain = tuple(tuple(each.grid.slot(start) for start in starts) for starts in found.starts)
        assert chain in set(chains(each))
        for row, groups in zip(chain, found.seats, strict=True):
            everyone = [person for group in groups for person in group]
            assert len(everyone) == len(set(everyone))
            for slot, group in zip(row, groups, strict=True):
                assert all(free(each, person, slot) for person in group)
                assert not is_too_many(each, group)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_error_comes_exactly_where_no_plan_exists(shape: Shape) -> None:
    for seed in range(60):
        each = replace(random_problem(seed, **shape), days_apart=3)
        if any(True for _ in chains(each)):
            plan(each, seconds=0, seed=1)
        else:
            with pytest.raises(NoPlanError):
                plan(each, seconds=0, seed=1)


@pytest.mark.parametrize("shape", SHAPES)
def test_without_time_the_bounds_still_hold(shape: Shape) -> None:
    for each in plannable(shape, 4):
        found = plan(each, seconds=0, seed=1)
        worst = best_cost(each)[0][0]
        assert found.steps[0].goal is Goal.WORST_SHORTFALL
        assert found.steps[0].bound <= worst <= found.steps[0].value
        assert cost(each, found) >= best_cost(each)


@pytest.mark.parametrize("shape", SHAPES)
def test_more_free_time_never_makes_the_best_plan_less_fair(shape: Shape) -> None:
    for seed, each in enumerate(plannable(shape, 4)):
        freer = freed(each, seed)
        assert cost(freer, best(freer))[0] <= cost(each, best(each))[0]


def freed(each: Problem, seed: int) -> Problem:
    """Return the problem with more free time for those who can attain no more sessions by it."""
    random = np.random.default_rng(seed)
    busy = each.agendas.busy & (random.random(each.agendas.busy.shape) < 0.7)
    freer = replace(each, agendas=replace(each.agendas, busy=busy))
    same = (freer.reachable == each.reachable).all(axis=1, keepdims=True)
    assert same.any()
    return replace(each, agendas=replace(each.agendas, busy=np.where(same, busy, each.agendas.busy)))


def test_the_order_of_people_changes_no_step() -> None:
    for each in plannable({"groups": 2, "is_known": True}, 4):
        agenda = each.agendas
        turned = Agendas(agenda.busy[::-1], agenda.tentative[::-1], agenda.unknown[::-1])
        who = each.known
        others = Roster(who.employers[::-1], who.institutions[::-1], who.must_attend[::-1])
        assert best(replace(each, agendas=turned, roster=others)).steps == best(each).steps


def test_the_same_seed_gives_the_same_plan() -> None:
    for each in plannable({"groups": 2, "capacity": 1}, 2):
        assert best(each) == best(each)


def test_one_person_who_can_come_to_little_pins_nobody() -> None:
    on_leave, two_others = "..bb bbbb bbbb", ["bb.. bb.. bb..", "bb.. b... bb.."]
    windows = (range(1), range(1, 2), range(2, 3))
    found = best(problem(on_leave, *two_others, windows=windows))
    assert found.starts == ((MONDAY + 2 * QUARTER,), (MONDAY + 6 * QUARTER,), (MONDAY + 10 * QUARTER,))
    assert found.steps[0] == Step(Goal.WORST_SHORTFALL, 0, 1, 1)


def test_fairness_comes_before_attendance() -> None:
    # At the first hour of a day three come and one never does; at the second she comes alone.
    crowd, outsider = ".b.. .b..", "b... b..."
    found = best(problem(crowd, crowd, crowd, outsider, windows=(range(1), range(1, 2)), hosts="..bb ..bb"))
    assert found.steps[:2] == (
        Step(Goal.WORST_SHORTFALL, 0, 1, 1),
        Step(Goal.PEOPLE_SHORT, 1, 4, 4),
    )
    assert {slot % 4 for slot in (0, 5)} == {
        (start - MONDAY) // QUARTER % 4 for starts in found.starts for start in starts
    }


def test_tentative_time_is_avoided_where_attendance_is_equal() -> None:
    found = best(problem("t..."))
    assert found.starts == ((MONDAY + QUARTER,),)
    assert found.steps[-2] == Step(Goal.TENTATIVE, 0, 0, 0)


def test_the_earliest_of_equal_starts_wins() -> None:
    assert best(problem("b...")).starts == ((MONDAY + QUARTER,),)


def test_unknown_time_is_never_taken_for_free() -> None:
    found = best(problem("uuuu", "bb.b"))
    assert found.starts == ((MONDAY + 2 * QUARTER,),)
    assert found.seats == (((1,),),)


@pytest.mark.parametrize("rows", [("uuuu",), ("bbbb", "uuuu")])
def test_sessions_that_nobody_is_known_to_attend_come_as_early_as_they_can(rows: tuple[str, ...]) -> None:
    found = best(problem(*rows))
    assert (found.starts, found.seats, found.is_optimal) == (((MONDAY,),), (((),),), True)


def test_a_cohort_without_people_has_a_plan() -> None:
    nobody = np.zeros((0, 4), dtype=np.bool_)
    found = best(replace(problem("...."), agendas=Agendas(nobody, nobody, nobody)))
    assert (found.starts, found.seats, found.is_optimal) == (((MONDAY,),), (((),),), True)


def test_scarce_seats_are_shared_out_over_the_sessions() -> None:
    found = best(problem("....", "....", day=2, windows=(range(1), range(1, 2)), capacity=1))
    assert sorted(found.seats) == [((0,),), ((1,),)]
    assert found.steps[0] == Step(Goal.WORST_SHORTFALL, 0, 1, 1)


def roster(*, employers: str = "", must_attend: str = "") -> Roster:
    """Return people by a digit each: her employer, and 1 where she must attend."""
    people = len(employers or must_attend)
    return Roster(
        employers=np.array([int(digit) for digit in employers or "0" * people]),
        institutions=np.zeros(people, dtype=np.int64),
        must_attend=np.array([digit == "1" for digit in must_attend or "0" * people]),
    )


def test_an_employer_keeps_half_of_its_people_at_work() -> None:
    found = best(problem("....", "....", "....", "....", roster=roster(employers="0001"), away=0.5))
    assert [len(group) for group in found.seats[0]] == [3]
    assert 3 in found.seats[0][0]


def test_groups_that_overlap_cannot_keep_people_at_work() -> None:
    with pytest.raises(ValueError, match="overlap"):
        problem("....", groups=2, group_gap=1, length=2, roster=roster(employers="0"), away=0.5)


def test_whoever_must_attend_does_where_attendance_is_equal() -> None:
    found = best(problem("..bb", "bb..", roster=roster(must_attend="01")))
    assert found.seats == (((1,),),)


def test_groups_mix_employers() -> None:
    everyone = roster(employers="0011")
    found = best(problem("....", "....", "....", "....", groups=2, capacity=2, roster=everyone))
    assert [{int(everyone.employers[person]) for person in group} for group in found.seats[0]] == [{0, 1}] * 2


def test_a_published_start_stays_where_another_is_only_earlier() -> None:
    found = best(problem("....", published=(frozenset({2}),)))
    assert found.starts == ((MONDAY + 2 * QUARTER,),)
    assert Step(Goal.CHANGES, 0, 0, 0) in found.steps


def test_a_published_start_goes_where_more_can_come_at_another() -> None:
    found = best(problem("..b.", "....", published=(frozenset({2}),)))
    assert found.starts == ((MONDAY,),)
    assert Step(Goal.CHANGES, 0, 1, 1) in found.steps


def test_no_plan_when_the_only_hour_is_the_hosts() -> None:
    with pytest.raises(NoPlanError) as caught:
        best(problem("....", hosts="bbbb"))
    assert caught.value.args == (0, Rule.HOSTS, 1, 0)


def test_no_plan_when_a_window_has_too_few_starts_for_its_groups() -> None:
    with pytest.raises(NoPlanError) as caught:
        best(problem("....", groups=3, group_gap=2))
    assert caught.value.args == (0, Rule.GROUPS, 3, 2)


def test_no_plan_when_a_window_lies_outside_the_grid() -> None:
    with pytest.raises(NoPlanError) as caught:
        best(problem("....", windows=(range(1), range(5, 6))))
    assert caught.value.args == (1, Rule.WINDOW, 1, 0)


def test_no_plan_when_the_days_apart_do_not_fit_and_the_error_says_what_does() -> None:
    with pytest.raises(NoPlanError) as caught:
        best(problem(".... .... ....", windows=(range(1), range(1, 3)), days_apart=5))
    assert caught.value.args == (1, Rule.DAYS_APART, 5, 2)


def test_progress_narrows_from_both_sides() -> None:
    heard: list[Step] = []
    found = plan(plannable({"groups": 2}, 1)[0], seconds=20, seed=1, on_progress=heard.append)
    assert [step for step in heard if step in found.steps]
    for before, after in pairwise(heard):
        if (before.goal, before.level) == (after.goal, after.level):
            assert after.gap <= before.gap


def test_an_exception_from_the_listener_ends_the_work() -> None:
    def cancel(step: Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan(problem("...."), seconds=20, seed=1, on_progress=cancel)


def test_time_is_kept_on_a_problem_that_is_too_large_to_prove() -> None:
    random = np.random.default_rng(1)
    rows = ["".join(row) for row in random.choice(list("b."), size=(60, 40 * 16))]
    large = problem(*rows, day=16, windows=tuple(range(8 * n, 8 * n + 8) for n in range(5)), groups=2)
    began = time.monotonic()
    found = plan(large, seconds=2, seed=1)
    assert time.monotonic() - began < 20
    assert not found.is_optimal
    assert all(step.bound <= step.value for step in found.steps if step.goal is not Goal.ATTENDANCE)
