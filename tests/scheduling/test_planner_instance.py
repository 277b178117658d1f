"""The planner on an instance of the size of a cohort: 25 managers, 12 weeks, 5 sessions."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from scheduling.grid import Grid
from scheduling.planner.goals import Goal
from scheduling.planner.plan import plan
from scheduling.planner.problem import Agendas, Problem, Rule

INSTANCES = Path(__file__).parents[3] / "shared" / "planning" / "instances.py"


@pytest.mark.skipif(not INSTANCES.exists(), reason="the instances lie beside the checkout")
def test_a_cohort_of_25_gets_two_sessions_each_and_every_step_is_proven() -> None:
    cohort = instance(_module(), 25, 5, 1)
    found = plan(cohort, seconds=60, seed=1)
    attended = np.zeros(25, dtype=int)
    for groups in found.seats:
        attended[list(groups[0])] += 1
    assert attended.min() >= 2
    assert found.is_optimal
    assert {(step.goal, step.level): step.value for step in found.steps[:-1]} == {
        (Goal.WORST_SHORTFALL, 0): 3,
        (Goal.PEOPLE_SHORT, 3): 8,
        (Goal.PEOPLE_SHORT, 2): 19,
        (Goal.PEOPLE_SHORT, 1): 25,
        (Goal.ATTENDANCE, 0): 73,
        (Goal.TENTATIVE, 0): 0,
    }


def instance(module: ModuleType, persons: int, sessions: int, groups: int) -> Problem:
    """Return the instance as a problem whose days hold only their twelve hours."""
    given = module.instance(persons, sessions, groups)
    slots = np.arange(module.DAYS * module.QUARTERS)
    host = np.zeros((module.DAYS, module.QUARTERS), dtype=np.bool_)
    host[:, : module.STARTS] = given.host.reshape(module.DAYS, module.STARTS)
    busy = given.busy.reshape(persons, -1)
    nothing = np.zeros_like(busy)
    return Problem(
        grid=Grid(datetime(2026, 9, 7, tzinfo=UTC), len(slots)),
        length=module.DURATION,
        days=slots // module.QUARTERS,
        bars={
            Rule.HOURS: slots % module.QUARTERS >= module.STARTS,
            Rule.HOSTS: ~host.ravel(),
        },
        windows=tuple(range(first, end) for first, end in given.windows),
        days_apart=module.MIN_DAYS_APART,
        groups=groups,
        group_gap=1,
        capacity=None,
        agendas=Agendas(busy, nothing, nothing),
    )


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("planning_instances", INSTANCES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
