"""The earliest plan, which exists where any plan exists."""

import numpy as np

from scheduling.grid import Ints
from scheduling.planner.problem import NoPlanError, Problem, Rule

Picks = Ints  # of shape (sessions, groups): the starts of a plan, ascending in each row


def earliest(problem: Problem) -> Picks:
    """Return the picks of which each start is the first that it is in any plan; raise NoPlanError."""
    for session, window in enumerate(problem.in_window):
        found = len(side_by_side(problem, np.flatnonzero(window)))
        if found < problem.groups:
            rule = Rule.GROUPS if found else _narrowest_rule(problem, session)
            raise NoPlanError(session=session, rule=rule, needed=problem.groups, found=found)
    rows = _chain(problem, problem.days_apart)
    if len(rows) < problem.sessions:
        smaller = range(problem.days_apart - 1, 0, -1)
        found = next((days for days in smaller if len(_chain(problem, days)) == problem.sessions), 0)
        raise NoPlanError(session=len(rows), rule=Rule.DAYS_APART, needed=problem.days_apart, found=found)
    return np.array(rows)


def _chain(problem: Problem, days_apart: int) -> list[list[int]]:
    """Place session after session as soon as it can; stop at the first that finds no room."""
    rows: list[list[int]] = []
    opens = problem.start_days.min(initial=0)
    for window in problem.in_window:
        row = side_by_side(problem, np.flatnonzero(window & (problem.start_days >= opens)))
        if len(row) < problem.groups:
            break
        rows.append(row)
        opens = problem.start_days[row[-1]] + days_apart
    return rows


def side_by_side(problem: Problem, starts: Ints) -> list[int]:
    """Return the soonest starts, at most one a group, that keep the groups' gap."""
    row: list[int] = []
    for start in starts:
        if not row or problem.starts[start] >= problem.starts[row[-1]] + problem.group_gap:
            row.append(int(start))
        if len(row) == problem.groups:
            break
    return row


def _narrowest_rule(problem: Problem, session: int) -> Rule:
    """Return the rule without which the session's window would hold most starts."""
    window = problem.windows[session]
    inside = (problem.days >= window.start) & (problem.days < window.stop)
    inside &= np.arange(problem.grid.slots) <= problem.grid.slots - problem.length
    found = {Rule.WINDOW: 0}
    for rule in problem.bars:
        others = [mask for other, mask in problem.bars.items() if other is not rule]
        found[rule] = int((inside & ~np.any(others, axis=0)).sum()) if others else int(inside.sum())
    return max(found, key=lambda rule: found[rule])
