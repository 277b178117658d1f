"""A plan in the making: which starts, who sits where, and what that costs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduling.grid import Ints
from scheduling.planner.first_plan import Picks
from scheduling.planner.goals import Goal
from scheduling.planner.problem import Problem
from scheduling.planner.seating import NOWHERE, seat


@dataclass(frozen=True, eq=False)
class Draft:
    """Picks of shape (sessions, groups); seats of shape (sessions, people): a person's group or NOWHERE."""

    problem: Problem
    picks: Picks
    seats: Ints

    @classmethod
    def seated(cls, problem: Problem, picks: Picks) -> "Draft":
        """Return the draft in which each session seats as many as it can, the most deprived first."""
        seats = np.full((problem.sessions, problem.people), NOWHERE)
        had = problem.sessions - problem.attainable
        for session, row in enumerate(picks):
            seats[session] = seat(problem, row, had=had)
            had = had + (seats[session] != NOWHERE)
        return cls(problem, picks, seats)

    @cached_property
    def shortfall(self) -> Ints:
        """Of shape (people,)."""
        attended = np.count_nonzero(self.seats != NOWHERE, axis=0)
        shortfall: Ints = self.problem.attainable - attended
        return shortfall

    @property
    def tentative_seats(self) -> int:
        total = 0
        for row, seats in zip(self.picks, self.seats, strict=True):
            people = np.flatnonzero(seats != NOWHERE)
            total += int((~self.problem.firm[people, row[seats[people]]]).sum())
        return total

    @property
    def met(self) -> int:
        """How many employers and institutions have someone in a group, summed over the groups."""
        return sum(
            len(np.unique(row[origin & (row != NOWHERE)]))
            for origin in self.problem.known.origins
            for row in self.seats
        )

    @property
    def changes(self) -> int:
        slots = self.problem.starts[self.picks].tolist()
        rows = zip(slots, self.problem.published, strict=bool(self.problem.published))
        return sum(slot not in published for row, published in rows for slot in row)

    def cost(self, goal: Goal, level: int) -> int:
        """Return what the goal wants small: shortfalls for attendance, for mixing what is not met."""
        costs = {
            Goal.LEAST_ATTENDED: self.shortfall.max(initial=0),
            Goal.WORST_SHORTFALL: self.shortfall.max(initial=0),
            Goal.PEOPLE_SHORT: (self.shortfall >= level).sum(),
            Goal.ATTENDANCE: self.shortfall.sum(),
            Goal.MUST_ATTEND: self.shortfall[self.problem.known.must_attend].sum(),
            Goal.TENTATIVE: self.tentative_seats,
            Goal.MIXING: self.problem.most_met - self.met,
            Goal.CHANGES: self.changes,
            Goal.EARLINESS: self.problem.starts[self.picks].sum(),
        }
        return int(costs[goal])
