"""The planner's values and proofs on the known instances, beside one greedy pass and a plain CP-SAT model.

An instance is people/sessions/groups. The last rows are a cohort of 5 000 in 40 groups, which the plain model
is not asked for, and the steps of the full order, fairness first.
"""

import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from scheduling.planner.goals import Goal, Step
from scheduling.planner.plan import Plan, best_minimum, best_total, plan
from scheduling.planner.problem import Problem
from tests.benchmarks.plain_planner import Outcome, greedy, plain_model
from tests.benchmarks.report import report
from tests.scheduling.instances import instance

SIZES = ((25, 5, 1), (100, 5, 1), (200, 6, 1), (200, 6, 3), (1000, 8, 1), (1000, 8, 10))
IN_FULL_ORDER = ((25, 5, 1), (200, 6, 3), (1000, 8, 10))
LARGEST = (5000, 8, 40)
SECONDS = 60  # what the planner may take at most
SECONDS_IN_ORDER = {25: 10, 200: 9, 1000: 60, 5000: 120}
PLAIN_SECONDS = 15
MEBIBYTE = 1024  # ru_maxrss counts in kibibytes
COLUMNS = (
    "instance, goal",
    "value",
    "bound",
    "gap %",
    "seconds",
    "greedy",
    "plain",
    "its bound",
    "its seconds",
)


@dataclass(frozen=True)
class Run:
    name: str
    steps: tuple[Step, ...]
    seconds: float
    greedy: int
    plain: Outcome | None

    @property
    def row(self) -> tuple[object, ...]:
        step = self.steps[0]
        others = (
            ("", "", "") if self.plain is None else (self.plain.value, self.plain.bound, self.plain.seconds)
        )
        return (self.name, step.value, step.bound, _gap(step), self.seconds, self.greedy, *others)


def main() -> None:
    runs = [run for size in SIZES for run in _alone(size)]
    largest = instance(*LARGEST)
    runs.append(_run("5000/8/40 total", best_total, largest, greedy(largest)[0], None))
    in_order = [(size, *_timed(plan, instance(*size), SECONDS_IN_ORDER[size[0]])) for size in IN_FULL_ORDER]
    in_order.append((LARGEST, *_timed(plan, largest, SECONDS_IN_ORDER[LARGEST[0]])))
    rows = [run.row for run in runs]
    for size, found, seconds in in_order:
        rows += _rows_in_order(_name(size), found, seconds)
    report(
        "planner",
        ratio=_times_the_plain_seconds(runs),
        details={
            "alone": {run.name: _details(run) for run in runs},
            "in_order": {
                _name(size): {"seconds": round(seconds, 2), "steps": [_text(step) for step in found.steps]}
                for size, found, seconds in in_order
            },
            "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE,
        },
        columns=COLUMNS,
        rows=rows,
    )


def _alone(size: tuple[int, int, int]) -> list[Run]:
    problem = instance(*size)
    total, minimum = greedy(problem)
    return [
        _run(
            f"{_name(size)} total",
            best_total,
            problem,
            total,
            plain_model(problem, minimum=False, seconds=PLAIN_SECONDS),
        ),
        _run(
            f"{_name(size)} minimum",
            best_minimum,
            problem,
            minimum,
            plain_model(problem, minimum=True, seconds=PLAIN_SECONDS),
        ),
    ]


def _run(
    name: str, make: Callable[..., Plan], problem: Problem, greedy_value: int, plain: Outcome | None
) -> Run:
    found, seconds = _timed(make, problem, SECONDS)
    return Run(name, found.steps, seconds, greedy_value, plain)


def _timed(make: Callable[..., Plan], problem: Problem, limit: float) -> tuple[Plan, float]:
    began = perf_counter()
    found = make(problem, seconds=limit, seed=1)
    return found, perf_counter() - began


def _rows_in_order(name: str, found: Plan, seconds: float) -> list[tuple[object, ...]]:
    """Return a row a step; the seconds of all of them stand in the first."""
    return [
        (
            f"{name} {_goal(step)}",
            step.value,
            step.bound,
            _gap(step),
            seconds if step is found.steps[0] else "",
            *[""] * 4,
        )
        for step in found.steps
    ]


def _times_the_plain_seconds(runs: list[Run]) -> float:
    """Return how many times as long the plain model takes over all; it ends at its limit at the latest."""
    compared = [run for run in runs if run.plain is not None]
    return sum(run.plain.seconds for run in compared if run.plain) / sum(run.seconds for run in compared)


def _details(run: Run) -> dict[str, object]:
    plain = None if run.plain is None else [run.plain.value, run.plain.bound, round(run.plain.seconds, 2)]
    step = run.steps[0]
    return {
        "value": step.value,
        "bound": step.bound,
        "seconds": round(run.seconds, 2),
        "greedy": run.greedy,
        "plain_value_bound_seconds": plain,
    }


def _gap(step: Step) -> float:
    """Return the gap in per cent of the larger of value and bound."""
    return 100 * step.gap / max(1, step.value, step.bound)


def _text(step: Step) -> str:
    return f"{_goal(step)}: {step.value}, bound {step.bound}"


def _goal(step: Step) -> str:
    return f"{step.goal.value} {step.level}" if step.goal is Goal.PEOPLE_SHORT else step.goal.value


def _name(size: tuple[int, int, int]) -> str:
    return "/".join(map(str, size))


if __name__ == "__main__":
    main()
