"""Who sits in which group of a session, given the starts."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from scheduling.grid import Ints, Mask

NOWHERE = -1


def seat(free: Mask, firm: Mask, *, capacity: int | None, had: Ints) -> Ints:
    """Return each person's group or NOWHERE, for masks of shape (people, groups).

    As many as possible get a seat; then those who `had` least so far, of shape (people,); then those whose
    time is not tentative.
    """
    if capacity is not None and (free.sum(axis=0) > capacity).any():
        return _flow(free, 2 * had[:, None] + ~firm, capacity)
    return np.where(free.any(axis=1), np.argmax(2 * firm + free, axis=1), NOWHERE)


def _flow(free: Mask, cost: Ints, capacity: int) -> Ints:
    people, groups = free.shape
    source, sink = people + groups, people + groups + 1
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(people, source), np.arange(people), np.ones(people), np.zeros(people)
    )
    person, group = np.nonzero(free)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        person, people + group, np.ones(len(person)), cost[person, group]
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        people + np.arange(groups), np.full(groups, sink), np.full(groups, capacity), np.zeros(groups)
    )
    flow.set_node_supply(source, people)
    flow.set_node_supply(sink, -people)
    flow.solve_max_flow_with_min_cost()
    seats = np.full(people, NOWHERE)
    taken = flow.flows(arcs) > 0
    seats[person[taken]] = group[taken]
    return seats
