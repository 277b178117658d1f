"""The best starts for everyone: fairness first, then attendance, each step with its proof or its gap."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from scheduling.planner.dominance import without_dominated
from scheduling.planner.draft import Draft
from scheduling.planner.first_plan import earliest
from scheduling.planner.goals import Goal, Step
from scheduling.planner.local_search import search
from scheduling.planner.longest_path import least_total_shortfall, least_worst_shortfall
from scheduling.planner.model import Model
from scheduling.planner.problem import Problem
from scheduling.planner.solving import Answer, Limits, minimise

# The share of the time that goes to the search for a draft, and of what is then left to each step.
SEARCH_SHARE = 0.25
STEP_SHARE = 0.5
# Few units of the solver's deterministic time a second, so that work ends a step before the clock does: a
# busy machine then finds the same plan.
WORK_PER_SECOND = 0.5

OnProgress = Callable[[Step], None]


@dataclass(frozen=True)
class Plan:
    """Per session its starts, ascending, and for each the people with a seat there (rows of the agendas).

    Where seats are not scarce, people sit in their first start without tentative time, else in their first.
    The steps say how good the plan is: fairness level by level down to the first that is not proven, then
    the rest.
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
    return _Planning(problem, seconds=seconds, seed=seed, on_progress=on_progress or _ignore).plan()


def _ignore(step: Step) -> None:
    del step


class _Planning:
    """A draft that gets better step by step, the model that holds what is reached, and what is proven."""

    def __init__(self, problem: Problem, *, seconds: float, seed: int, on_progress: OnProgress) -> None:
        self._end = time.monotonic() + seconds
        self._work = seconds * WORK_PER_SECOND
        self._seed, self._on_progress = seed, on_progress
        # Asked of the whole problem first: an error is to name the rules that the teacher knows.
        earliest(problem)
        self._problem = without_dominated(problem)
        picks = search(
            self._problem,
            earliest(self._problem),
            seed=seed,
            deadline=time.monotonic() + seconds * SEARCH_SHARE,
        )
        self._draft = Draft.seated(self._problem, picks)
        self._model = Model(self._problem)
        self._total_floor = least_total_shortfall(self._problem)
        self._bounds: dict[tuple[Goal, int], int] = {}

    def plan(self) -> Plan:
        fair = self._settle(Goal.WORST_SHORTFALL)
        level = self._draft.cost(Goal.WORST_SHORTFALL, 0)
        while fair and level:
            fair = self._settle(Goal.PEOPLE_SHORT, level)
            level -= 1
        for goal in (Goal.ATTENDANCE, Goal.TENTATIVE, Goal.EARLINESS):
            self._settle(goal)
        return self._plan()

    def _settle(self, goal: Goal, level: int = 0) -> bool:
        """Make the draft as good as it gets at this goal and hold that; return whether it is proven best."""
        bound = self._floor(goal, level)
        if self._draft.cost(goal, level) > bound:
            answer = self._solve(goal, level, bound)
            self._draft, bound = answer.draft, answer.bound
        cost = self._draft.cost(goal, level)
        self._model.hold(goal, level, cost)
        self._bounds[goal, level] = bound
        self._on_progress(self._step(goal, level, cost, bound))
        return cost == bound

    def _floor(self, goal: Goal, level: int) -> int:
        """Return a bound that needs no solver."""
        if goal is Goal.WORST_SHORTFALL:
            return self._worst_floor()
        if goal is Goal.PEOPLE_SHORT:
            return self._people_short_floor(level)
        if goal is Goal.ATTENDANCE:
            # The sum of shortfalls is the sum over the levels of the people who fall short by that level.
            levels = sum(bound for (step, _), bound in self._bounds.items() if step is Goal.PEOPLE_SHORT)
            return max(levels, self._total_floor)
        return 0

    def _worst_floor(self) -> int:
        mean = -(-self._total_floor // max(1, self._problem.people))
        worst = self._draft.cost(Goal.WORST_SHORTFALL, 0)
        if self._problem.groups > 1 or mean == worst:
            return mean
        return max(mean, least_worst_shortfall(self._problem, goal=worst))

    def _people_short_floor(self, level: int) -> int:
        """Whoever falls short by more falls short by this much; and the levels share out the total."""
        sessions = self._problem.reachable.sum(axis=1)
        worst = self._draft.cost(Goal.WORST_SHORTFALL, 0)
        above = sum(self._draft.cost(Goal.PEOPLE_SHORT, more) for more in range(level + 1, worst + 1))
        below = sum(int((sessions >= less).sum()) for less in range(1, level))
        return max(self._bounds.get((Goal.PEOPLE_SHORT, level + 1), 1), self._total_floor - above - below)

    def _solve(self, goal: Goal, level: int, floor: int) -> Answer:
        seconds = max(0.0, self._end - time.monotonic())
        answer = minimise(
            self._model,
            goal,
            level,
            draft=self._draft,
            floor=floor,
            limits=Limits(seconds * STEP_SHARE, self._work * STEP_SHARE, self._seed),
            on_move=lambda cost, bound: self._on_progress(self._step(goal, level, cost, bound)),
        )
        self._work = max(0.0, self._work - answer.work)
        return answer

    def _step(self, goal: Goal, level: int, cost: int, bound: int) -> Step:
        if goal is Goal.ATTENDANCE:
            attainable = int(self._problem.reachable.sum())
            return Step(goal, level, attainable - cost, attainable - bound)
        return Step(goal, level, cost, bound)

    def _plan(self) -> Plan:
        draft = self._draft
        groups = range(self._problem.groups)
        return Plan(
            starts=tuple(tuple(self._problem.time(start) for start in row) for row in draft.picks),
            seats=tuple(
                tuple(tuple(np.flatnonzero(row == group).tolist()) for group in groups) for row in draft.seats
            ),
            steps=tuple(
                self._step(goal, level, draft.cost(goal, level), bound)
                for (goal, level), bound in self._bounds.items()
            ),
        )
