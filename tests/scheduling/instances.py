"""The planning instances that lie beside the checkout, as problems."""

import importlib.util
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from scheduling.grid import Grid
from scheduling.planner.problem import Agendas, Problem, Rule

INSTANCES = Path(__file__).parents[3] / "shared" / "planning" / "instances.py"


def instance(people: int, sessions: int, groups: int, *, seed: int = 1) -> Problem:
    """Return the instance as a problem whose days hold only their twelve hours."""
    module = _module()
    given = module.instance(people, sessions, groups, seed)
    slots = np.arange(module.DAYS * module.QUARTERS)
    host = np.zeros((module.DAYS, module.QUARTERS), dtype=np.bool_)
    host[:, : module.STARTS] = given.host.reshape(module.DAYS, module.STARTS)
    busy = given.busy.reshape(people, -1)
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


@cache
def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("planning_instances", INSTANCES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
