"""What the planner is measured against: one greedy pass, and one plain CP-SAT model."""

from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

import numpy as np
from ortools.sat.python import cp_model

from scheduling.planner.first_plan import Picks
from scheduling.planner.problem import Problem

WORKERS = 2


@dataclass(frozen=True)
class Outcome:
    """None where nothing was found."""

    value: int | None
    bound: int | None
    seconds: float


def greedy(problem: Problem) -> tuple[int, int]:
    """Return total and minimum of sessions whose groups each take the start for most people left."""
    picks: list[list[int]] = []
    opens = 0
    for session, window in enumerate(problem.in_window):
        later = problem.windows[session + 1 :]
        closes = min(
            [each.stop - 1 - problem.days_apart * (n + 1) for n, each in enumerate(later)], default=None
        )
        allowed = window & (problem.start_days >= opens)
        if closes is not None:
            allowed &= problem.start_days <= closes
        picks.append(_greedy_row(problem, allowed))
        opens = int(problem.start_days[picks[-1]].max()) + problem.days_apart
    return _total_and_minimum(problem, np.array(picks))


def _greedy_row(problem: Problem, allowed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    row: list[int] = []
    missed = np.ones(problem.people, dtype=np.bool_)
    for _ in range(problem.groups):
        gain = np.where(allowed, problem.free[missed].sum(axis=0), -1)
        row.append(int(gain.argmax()))
        missed &= ~problem.free[:, row[-1]]
        allowed = allowed & (np.abs(problem.starts - problem.starts[row[-1]]) >= problem.group_gap)
    return row


def _total_and_minimum(problem: Problem, picks: Picks) -> tuple[int, int]:
    attended = sum(problem.free[:, row].any(axis=1).astype(int) for row in picks)
    return int(np.sum(attended)), int(np.min(attended))


def plain_model(problem: Problem, *, minimum: bool, seconds: float) -> Outcome:
    """Solve the textbook model: a variable a start, and one a person and session."""
    began = perf_counter()
    model = cp_model.CpModel()
    rows = [
        {int(start): model.new_bool_var("") for start in np.flatnonzero(window)}
        for window in problem.in_window
    ]
    for row in rows:
        model.add(sum(row.values()) == problem.groups)
    _keep_apart(model, problem, rows)
    attended = [[model.new_bool_var("") for _ in rows] for _ in range(problem.people)]
    for person, comes in enumerate(attended):
        for row, here in zip(rows, comes, strict=True):
            model.add_bool_or(
                [chosen for start, chosen in row.items() if problem.free[person, start]] + [~here]
            )
    least = model.new_int_var(0, problem.sessions, "")
    for comes in attended:
        model.add(least <= sum(comes))
    model.maximize(least if minimum else sum(here for comes in attended for here in comes))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, 1
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    taken = perf_counter() - began
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome(None, None, taken)
    return Outcome(round(solver.objective_value), int(solver.best_objective_bound + 1e-6), taken)


def _keep_apart(model: cp_model.CpModel, problem: Problem, rows: list[dict[int, cp_model.IntVar]]) -> None:
    days = problem.start_days
    for row, after in pairwise(rows):
        last = model.new_int_var(0, int(days.max()) + 1, "")
        for start, chosen in row.items():
            model.add(last >= int(days[start])).only_enforce_if(chosen)
        for start, chosen in after.items():
            model.add(last + problem.days_apart <= int(days[start])).only_enforce_if(chosen)
