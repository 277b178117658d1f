"""One run of the solver: one goal, from one draft, within limits."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.planner.draft import Draft
from scheduling.planner.goals import Goal
from scheduling.planner.model import Model

OnMove = Callable[[int, int], None]  # hears a cost and a bound


@dataclass(frozen=True)
class Limits:
    """When to stop: seconds on the wall, or units of work, which are the same on every run."""

    seconds: float
    work: float
    seed: int


@dataclass(frozen=True, eq=False)
class Answer:
    """The best draft found, the cost below which there is none, and the work that it took."""

    draft: Draft
    bound: int
    work: float


def minimise(
    model: Model, goal: Goal, level: int, *, draft: Draft, floor: int, limits: Limits, on_move: OnMove
) -> Answer:
    """Search from `draft`, which keeps what the model holds, down to `floor`, a bound that is known."""
    cost = model.cost(goal, level)
    model.cp.minimize(cost)
    model.hint(draft)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # several would find different plans on different days
    solver.parameters.linearization_level = 2  # the linear bound is what proves a step
    solver.parameters.random_seed = limits.seed
    solver.parameters.max_time_in_seconds = limits.seconds
    solver.parameters.max_deterministic_time = limits.work
    moves = _Moves(draft.cost(goal, level), floor, on_move)
    solver.best_bound_callback = moves.on_bound
    status = solver.solve(model.cp, moves)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        draft = min(draft, model.draft(solver), key=lambda each: each.cost(goal, level))
    return Answer(draft, moves.raise_bound(solver.best_objective_bound), solver.deterministic_time)


class _Moves(cp_model.CpSolverSolutionCallback):
    def __init__(self, cost: int, floor: int, on_move: OnMove) -> None:
        super().__init__()
        self._cost, self._bound, self._on_move = cost, floor, on_move

    def on_solution_callback(self) -> None:
        self._cost = min(self._cost, round(self.objective_value))
        self._on_move(self._cost, self.raise_bound(self.best_objective_bound))

    def on_bound(self, bound: float) -> None:
        self._on_move(self._cost, self.raise_bound(bound))

    def raise_bound(self, bound: float) -> int:
        """Return the best bound so far; the solver tells an infinite one until it knows any."""
        if math.isfinite(bound):
            self._bound = max(self._bound, math.ceil(bound - 1e-6))
        return self._bound
