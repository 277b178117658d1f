"""From goal to goal: a draft that gets better, what is reached held, and what is proven."""

import time
from collections.abc import Callable
from functools import cached_property

import numpy as np

from scheduling.planner.dominance import without_dominated
from scheduling.planner.draft import Draft
from scheduling.planner.first_plan import Picks, earliest
from scheduling.planner.goals import Goal, Step
from scheduling.planner.local_search import search
from scheduling.planner.model import Model
from scheduling.planner.problem import Problem
from scheduling.planner.reach import Reach
from scheduling.planner.solving import Answer, Limits, minimise
from scheduling.planner.weighing import Weighing

# The share of the time that goes to the search for a draft, and of what is then left to each step.
SEARCH_SHARE = 0.25
STEP_SHARE = 0.5
PROOF_SHARE = 0.7  # of what is left, to what a step can prove without the solver
# Few units of the solver's deterministic time a second, so that work ends a step before the clock does: a
# busy machine then finds the same plan.
WORK_PER_SECOND = 0.5
# A model with more mentions of starts than these takes longer to build than it then has to search.
MOST_MENTIONS = 300_000


class Steps:
    """The draft so far, and each goal that it has settled.

    It begins with a draft that is good at the `first` goal: attendance alone, or else fairness.
    """

    def __init__(
        self,
        problem: Problem,
        first: Goal,
        *,
        seconds: float,
        seed: int,
        on_progress: Callable[[Step], None],
    ) -> None:
        self._end = time.monotonic() + seconds
        self._work = seconds * WORK_PER_SECOND
        self._seed, self._on_progress = seed, on_progress
        self._bounds: dict[tuple[Goal, int], int] = {}
        self._held: list[tuple[Goal, int, int]] = []
        self._models: dict[bool, Model] = {}
        # Asked of the whole problem: an error is to name the rules that the teacher knows.
        self._first_earliness = int(problem.starts[earliest(problem)].sum())
        self.problem = without_dominated(problem)
        self.draft = Draft.seated(self.problem, earliest(self.problem))
        self._told = self._step(first, 0, self.draft.cost(first, 0), 0)
        self._total_floor = 0
        picks = self._fill(first)
        self._weighing = Weighing(self.problem, picks, self._beat)
        if first is not Goal.ATTENDANCE:
            picks = self._make_fair(picks, time.monotonic() + seconds * SEARCH_SHARE)
        self.draft = Draft.seated(self.problem, picks)

    def _fill(self, first: Goal) -> Picks:
        """Return picks with many seats, and know a bound on their number."""
        reach = Reach(self.problem, self.draft.picks)

        def move() -> None:
            self._beat()
            if first is Goal.ATTENDANCE:
                self._tell(Step(first, 0, reach.seats, reach.bound))

        reach.search(self._end - (self._end - time.monotonic()) * STEP_SHARE, move)
        self._total_floor = int(self.problem.attainable.sum()) - reach.bound
        return reach.picks

    def _make_fair(self, picks: Picks, deadline: float) -> Picks:
        def sample(found: Picks) -> None:
            self._beat()
            self._weighing.learn(found)

        return search(self.problem, picks, seed=self._seed, deadline=deadline, on_sample=sample)

    def _tell(self, step: Step) -> None:
        self._told = step
        self._on_progress(step)

    def _beat(self) -> None:
        """Tell again what was told last, so that whoever listens can end the work at any time."""
        self._on_progress(self._told)

    @property
    def taken(self) -> tuple[Step, ...]:
        return tuple(
            self._step(goal, level, self.draft.cost(goal, level), bound)
            for (goal, level), bound in self._bounds.items()
        )

    def settle(self, goal: Goal, level: int = 0) -> None:
        """Make the draft as good as it gets at this goal in its share of the time, and hold that."""
        bound = self._floor(goal, level)
        if self.draft.cost(goal, level) > bound and self._is_small:
            answer = self._solve(goal, level, bound)
            self.draft, bound = answer.draft, answer.bound
        cost = self.draft.cost(goal, level)
        self._held.append((goal, level, cost))
        for model in self._models.values():
            model.hold(goal, level, cost)
        self._bounds[goal, level] = bound
        self._tell(self._step(goal, level, cost, bound))

    @cached_property
    def _is_small(self) -> bool:
        free, windows = self.problem.free, self.problem.in_window
        return sum(int(free[:, window].sum()) for window in windows) <= MOST_MENTIONS

    def _model(self, goal: Goal) -> Model:
        """Return a model that holds what is settled: without seats as long as they do not matter."""
        with_seats = self.problem.is_capped or Goal.MIXING in (goal, *(held for held, *_ in self._held))
        if with_seats not in self._models:
            self._models[with_seats] = Model(self.problem, with_seats=with_seats)
            for held in self._held:
                self._models[with_seats].hold(*held)
        return self._models[with_seats]

    def _floor(self, goal: Goal, level: int) -> int:
        """Return a bound that needs no solver."""
        if goal in (Goal.WORST_SHORTFALL, Goal.LEAST_ATTENDED):
            return self._worst_floor()
        if goal is Goal.PEOPLE_SHORT:
            return self._people_short_floor(level)
        if goal is Goal.ATTENDANCE:
            # The sum of shortfalls is the sum over the levels of the people who fall short by that level.
            levels = sum(bound for (step, _), bound in self._bounds.items() if step is Goal.PEOPLE_SHORT)
            return max(levels, self._total_floor)
        return self._first_earliness if goal is Goal.EARLINESS else 0

    def _worst_floor(self) -> int:
        problem, worst = self.problem, self.draft.cost(Goal.WORST_SHORTFALL, 0)
        mean = -(-self._total_floor // max(1, problem.people))
        alone = int((problem.attainable - np.count_nonzero(problem.reachable, axis=1)).max(initial=0))
        if max(mean, alone) == worst:
            return worst
        return max(mean, alone, self._weighing.worst_shortfall(goal=worst, deadline=self._deadline()))

    def _people_short_floor(self, level: int) -> int:
        """Whoever falls short by more falls short by this much; and the levels share out the total."""
        worst = self.draft.cost(Goal.WORST_SHORTFALL, 0)
        above = sum(self.draft.cost(Goal.PEOPLE_SHORT, more) for more in range(level + 1, worst + 1))
        below = sum(int((self.problem.attainable >= less).sum()) for less in range(1, level))
        someone = int(self._bounds[Goal.WORST_SHORTFALL, 0] >= level)
        more_short = self._bounds.get((Goal.PEOPLE_SHORT, level + 1), 0)
        floor = max(someone, more_short, self._total_floor - above - below)
        goal = self.draft.cost(Goal.PEOPLE_SHORT, level)
        if floor == goal:
            return goal
        # What people fall short by over a level is shared out over that level and those above.
        excess = self._weighing.excess(over=level - 1, goal=above + goal, deadline=self._deadline())
        return max(floor, excess - above)

    def _deadline(self) -> float:
        """Return when to stop proving without the solver, on the monotonic clock."""
        now = time.monotonic()
        return now + (self._end - now) * PROOF_SHARE

    def _solve(self, goal: Goal, level: int, floor: int) -> Answer:
        seconds = max(0.0, self._end - time.monotonic())
        answer = minimise(
            self._model(goal),
            goal,
            level,
            draft=self.draft,
            floor=floor,
            limits=Limits(seconds * STEP_SHARE, self._work * STEP_SHARE, self._seed),
            on_move=lambda cost, bound: self._tell(self._step(goal, level, cost, bound)),
        )
        self._work = max(0.0, self._work - answer.work)
        return answer

    def _step(self, goal: Goal, level: int, cost: int, bound: int) -> Step:
        """Return the step in the goal's own terms."""
        most = {
            Goal.ATTENDANCE: int(self.problem.attainable.sum()),
            Goal.LEAST_ATTENDED: self.problem.sessions,
            Goal.MIXING: self.problem.most_met,
        }
        if goal in most:
            return Step(goal, level, most[goal] - cost, most[goal] - bound)
        return Step(goal, level, cost, bound)
