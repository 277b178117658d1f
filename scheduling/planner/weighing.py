"""What no plan can better in fairness: a bound from people's weights.

Whatever people weigh, no plan lets them fall short by less, weighed, than the plan that is best for those
weights. A linear programme over the rows known so far finds weights for which that says most.
"""

import math
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from scheduling.grid import Ints
from scheduling.planner.coverage import MOST_GROUPS
from scheduling.planner.first_plan import Picks
from scheduling.planner.problem import Problem
from scheduling.planner.reach import Reach
from scheduling.planner.spans import Spans

SLACK = 400  # a bound may be worse by such a part of a session: the last spans take the most time
UNIT = 10_000  # the largest weight: whole numbers keep the bounds exact
ROUNDS = {1: 3, 2: 20, 3: 8}  # by groups: of one all rows are known at once; of three a round is dear
# How far weights go towards what the programme says: while it knows few rows, its answers are extreme.
STRIDE = {1: 1.0, 2: 0.5, 3: 0.5}


Row = tuple[int, tuple[int, ...]]  # a session and its starts


class Weighing:
    """The rows known so far, by session; they are the better for all that is asked later.

    `on_move` is called on the way.
    """

    def __init__(self, problem: Problem, picks: Picks, on_move: Callable[[], None]) -> None:
        self._problem, self._picks, self._on_move = problem, picks, on_move
        self._rows: dict[Row, None] = {}
        self.learn(picks)
        if problem.groups == 1:
            self._rows |= {
                (session, (start,)): None
                for session, window in enumerate(problem.in_window)
                for start in np.flatnonzero(window).tolist()
            }

    def learn(self, picks: Picks) -> None:
        for session, row in enumerate(picks.tolist()):
            self._rows[session, tuple(row)] = None

    def worst_shortfall(self, *, goal: int, deadline: float) -> int:
        """Return a bound on the largest shortfall; stop as soon as it is `goal`."""
        return self._weigh(_Programme(self._problem, excess_over=0, is_mean=True), goal, deadline)

    def excess(self, *, over: int, goal: int, deadline: float) -> int:
        """Return a bound on the sum of what people fall short by over so many sessions; stop at `goal`."""
        return self._weigh(_Programme(self._problem, excess_over=over, is_mean=False), goal, deadline)

    def _weigh(self, programme: "_Programme", goal: int, deadline: float) -> int:
        if self._problem.groups > MOST_GROUPS or not self._problem.people:
            return 0
        best, told, center = 0, 0, np.full(self._problem.people, UNIT / 2)
        stride = STRIDE[self._problem.groups]
        for _ in range(ROUNDS[self._problem.groups]):
            for session, starts in list(self._rows)[told:]:
                programme.learn(session, starts)
            told = len(self._rows)
            if best >= goal or not programme.solve(deadline):
                break
            weights = np.rint(stride * programme.weights() + (1 - stride) * center).astype(np.int64)
            reach = Reach(self._problem, self._picks, weights)
            reach.search(deadline, self._on_move, slack=int(weights.sum()) // SLACK)
            bound = programme.bound(weights, reach.bound)
            if bound > best:
                best, center = bound, weights.astype(np.float64)
            self._rows |= dict.fromkeys(reach.rows)
        return best


class _Programme:
    """Weights of people, and what the best rows gain by them: of the sessions so far, up to each day."""

    def __init__(self, problem: Problem, *, excess_over: int, is_mean: bool) -> None:
        self._problem, self._is_mean, self._spans = problem, is_mean, Spans(problem)
        self._claims: Ints = problem.attainable - excess_over
        self._lp = pywraplp.Solver.CreateSolver("GLOP")
        self._weights = [self._lp.NumVar(0, 1, "") for _ in range(problem.people)]
        self._gains = [
            [self._lp.NumVar(0, self._lp.infinity(), "") for _ in self._spans.open_days]
            for _ in range(problem.sessions)
        ]
        for gains in self._gains:
            for earlier, later in pairwise(gains):
                self._lp.Add(later >= earlier)
        if is_mean:
            self._lp.Add(self._lp.Sum(self._weights) == 1)
        falls_short = [int(claim) * weight for claim, weight in zip(self._claims, self._weights, strict=True)]
        self._lp.Maximize(self._lp.Sum(falls_short) - self._gains[-1][-1])

    def learn(self, session: int, row: tuple[int, ...]) -> None:
        first, last = self._spans.start_days[[row[0], row[-1]]].tolist()
        before = self._spans.before[first]
        if session > 0 and before < 0:
            return
        constraint = self._lp.Constraint(0, self._lp.infinity())
        constraint.SetCoefficient(self._gains[session][last], 1)
        if session > 0:
            constraint.SetCoefficient(self._gains[session - 1][before], -1)
        for person in np.flatnonzero(self._problem.free[:, row].any(axis=1)).tolist():
            constraint.SetCoefficient(self._weights[person], -1)

    def solve(self, deadline: float) -> bool:
        """Find the best weights; return False where `deadline` comes first."""
        if time.monotonic() >= deadline:
            return False
        if math.isfinite(deadline):
            self._lp.SetTimeLimit(math.ceil(1000 * (deadline - time.monotonic())))
        return bool(self._lp.Solve() == pywraplp.Solver.OPTIMAL)

    def weights(self) -> NDArray[np.float64]:
        """Return what people best weigh, of shape (people,), up to UNIT."""
        weights = np.array([weight.solution_value() for weight in self._weights]).clip(0, 1)
        return weights * UNIT / (max(weights.max(), 1 / UNIT) if self._is_mean else 1)

    def bound(self, weights: Ints, most: int) -> int:
        """Return what follows where no plan gains more than `most` by these weights."""
        least = int(weights @ self._claims) - most
        return max(0, -(-least // (max(1, int(weights.sum())) if self._is_mean else UNIT)))
