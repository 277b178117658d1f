"""The planning problem as a CP-SAT model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from scheduling.goals import Draft, Goal
from scheduling.problem import Ints, Problem
from scheduling.seating import NOWHERE

Expr = cp_model.LinearExprT
OnMove = Callable[[int, int], None]
FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(frozen=True)
class Limits:
    """When to stop: seconds on the wall, or units of work, which are the same on every run."""

    seconds: float
    work: float
    seed: int


@dataclass(frozen=True)
class Answer:
    """The best draft found, what no plan can cost less than, and the work that it took to know."""

    draft: Draft
    bound: int
    work: float


class Model:
    """Chooses a set of starts per session, to minimise one goal after the other.

    Where no seat is scarce, people with equal rows count as one: `_weights` are their numbers. Where seats are
    scarce, each possible seat is a variable. With one group and room for all, attendance is linear in the starts.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._model = cp_model.CpModel()
        self._people, self._weights = _classes(problem)
        self._chosen = [
            {int(start): self._bool() for start in np.flatnonzero(window)} for window in problem.in_window
        ]
        self._hints: list[tuple[cp_model.IntVar, Callable[[Draft], int]]] = []
        self._seats: dict[tuple[int, int, int], cp_model.IntVar] = {}  # (person, session, start)
        self._tentative: list[Expr] = []
        self._keep_apart()
        self._short = [self._shortfall(row) for row in range(len(self._people))]
        self._worst = self._model.new_int_var(0, problem.sessions, "worst")
        for short in self._short:
            self._model.add(self._worst >= sum(short))
        self._fill_groups()

    def hold(self, goal: Goal, level: int, cost: int) -> None:
        """Refuse from now on every plan that costs more than this."""
        self._model.add(self._cost(goal, level) <= cost)

    def minimise(self, goal: Goal, level: int, *, draft: Draft, limits: Limits, on_move: OnMove) -> Answer:
        """Search from `draft`, which keeps what is held; `on_move` hears the cost and the bound as they move."""
        self._model.minimize(self._cost(goal, level))
        self._hint(draft)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1  # one worker gives the same answer every time
        solver.parameters.random_seed = limits.seed
        solver.parameters.max_time_in_seconds = limits.seconds
        solver.parameters.max_deterministic_time = limits.work
        moves = _Moves(draft.cost(goal, level), on_move)
        solver.best_bound_callback = moves.bound_moved
        status = solver.solve(self._model, moves)
        found = self._draft(solver) if status in FOUND else draft
        best = min(found, draft, key=lambda each: each.cost(goal, level))
        return Answer(best, round(solver.best_objective_bound), solver.deterministic_time)

    def _bool(self) -> cp_model.IntVar:
        return self._model.new_bool_var("")

    def _keep_apart(self) -> None:
        """Choose a start per group; keep sessions their days apart, and a session's groups their gap."""
        for chosen in self._chosen:
            self._model.add(sum(chosen.values()) == self._problem.groups)
            if self._problem.group_gap > 1 and self._problem.groups > 1:
                self._keep_groups_apart(chosen)
        for session, (chosen, following) in enumerate(pairwise(self._chosen)):
            ...
