"""The best starts for everyone: fairness first, then attendance; or one of them alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from scheduling.planner.goals import Goal, Step
from scheduling.planner.problem import Problem
from scheduling.planner.steps import Steps

OnProgress = Callable[[Step], None]


@dataclass(frozen=True)
class Plan:
    """Per session its starts, ascending, and for each the people with a seat there (rows of the agendas).

    Where seats are not scarce, people sit in their first start without tentative time, else in their first.
    The steps say how good the plan is: fairness level by level, then the rest.
    """

    starts: tuple[tuple[datetime, ...], ...]
    seats: tuple[tuple[tuple[int, ...], ...], ...]
    steps: tuple[Step, ...]

    @property
    def is_optimal(self) -> bool:
        return all(step.is_proven for step in self.steps)


def plan(problem: Problem, *, seconds: float, seed: int, on_progress: OnProgress | None = None) -> Plan:
    """Return the best plan found in about `seconds`; raise NoPlanError where none exists.

    `on_progress` hears a step each time its value or bound moves; an exception that it raises ends the work.
    """
    steps = Steps(
        problem, Goal.WORST_SHORTFALL, seconds=seconds, seed=seed, on_progress=on_progress or _ignore
    )
    steps.settle(Goal.WORST_SHORTFALL)
    for level in range(steps.draft.cost(Goal.WORST_SHORTFALL, 0), 0, -1):
        steps.settle(Goal.PEOPLE_SHORT, level)
    steps.settle(Goal.ATTENDANCE)
    if problem.known.must_attend.any():
        steps.settle(Goal.MUST_ATTEND)
    steps.settle(Goal.TENTATIVE)
    if problem.is_mixed:
        steps.settle(Goal.MIXING)
    if problem.published:
        steps.settle(Goal.CHANGES)
    steps.settle(Goal.EARLINESS)
    return _plan(steps)


def best_total(problem: Problem, *, seconds: float, seed: int, on_progress: OnProgress | None = None) -> Plan:
    """Return the plan with most seats taken, whoever takes them, under the terms of `plan`."""
    steps = Steps(problem, Goal.ATTENDANCE, seconds=seconds, seed=seed, on_progress=on_progress or _ignore)
    steps.settle(Goal.ATTENDANCE)
    return _plan(steps)


def best_minimum(
    problem: Problem, *, seconds: float, seed: int, on_progress: OnProgress | None = None
) -> Plan:
    """Return the plan in which whoever attends fewest sessions attends most, under the terms of `plan`."""
    # Measured against the same number, the worst shortfall is that of whoever attends fewest.
    alike = replace(problem, claims=np.full(problem.people, problem.sessions))
    steps = Steps(alike, Goal.LEAST_ATTENDED, seconds=seconds, seed=seed, on_progress=on_progress or _ignore)
    steps.settle(Goal.LEAST_ATTENDED)
    return _plan(steps)


def _ignore(step: Step) -> None:
    del step


def _plan(steps: Steps) -> Plan:
    problem, draft = steps.problem, steps.draft
    groups = range(problem.groups)
    return Plan(
        starts=tuple(tuple(problem.time(start) for start in row) for row in draft.picks),
        seats=tuple(
            tuple(tuple(np.flatnonzero(row == group).tolist()) for group in groups) for row in draft.seats
        ),
        steps=steps.taken,
    )
