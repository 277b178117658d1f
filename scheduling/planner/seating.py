"""Who sits in which group of a session, given the starts."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from scheduling.grid import Ints, Mask
from scheduling.planner.problem import Problem
from scheduling.planner.roster import NOBODY

NOWHERE = -1


def seat(problem: Problem, row: Ints, *, had: Ints) -> Ints:
    """Return each person's group or NOWHERE, for the starts of one session.

    As many as possible get a seat; then those who `had` least so far, of shape (people,); then those whose
    time is not tentative.
    """
    free, firm = problem.free[:, row], problem.firm[:, row]
    if problem.crowded[row].any():
        return _Flow(problem, free).seats(2 * had[:, None] + ~firm)
    return np.where(free.any(axis=1), np.argmax(2 * firm + free, axis=1), NOWHERE)


class _Flow:
    """A unit a person, from her to a staff (one employer's people in one group), and on to the group.

    People whom no cap holds for go to the group straight away.
    """

    def __init__(self, problem: Problem, free: Mask) -> None:
        self._problem, self._free = problem, free
        self._people, self._groups = free.shape
        self._staff = self._people
        self._group = self._staff + len(problem.most_away) * self._groups
        self._source = self._group + self._groups
        self._sink = self._source + 1

    def seats(self, cost: Ints) -> Ints:
        """Return each person's group or NOWHERE: most seats, then the least sum of their costs."""
        problem, flow = self._problem, SimpleMinCostFlow()
        person, group = np.nonzero(self._free)
        employer = problem.known.employers[person]
        in_staff = self._staff + employer * self._groups + group
        is_capped = (employer != NOBODY) & bool(len(problem.most_away))
        tos = np.where(is_capped, in_staff, self._group + group)
        arcs = _add(flow, person, tos, np.ones_like(person), cost[person, group])
        _add(flow, self._source, np.arange(self._people), np.ones(self._people, dtype=np.int64))
        staffs, groups = np.indices((len(problem.most_away), self._groups)).reshape(2, -1)
        _add(
            flow,
            self._staff + staffs * self._groups + groups,
            self._group + groups,
            problem.most_away[staffs],
        )
        places = self._people if problem.capacity is None else problem.capacity
        _add(flow, self._group + np.arange(self._groups), self._sink, np.full(self._groups, places))
        flow.set_node_supply(self._source, self._people)
        flow.set_node_supply(self._sink, -self._people)
        flow.solve_max_flow_with_min_cost()
        seats = np.full(self._people, NOWHERE)
        taken = flow.flows(arcs) > 0
        seats[person[taken]] = group[taken]
        return seats


def _add(
    flow: SimpleMinCostFlow, tails: Ints | int, heads: Ints | int, units: Ints, costs: Ints | int = 0
) -> Ints:
    """Add an arc for each unit count; what is given once holds for every arc."""
    tails, heads, costs = (np.broadcast_to(each, units.shape) for each in (tails, heads, costs))
    arcs: Ints = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, units, costs)
    return arcs
