"""What makes one plan better than another, in order, and how far that is proven."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from scheduling.first_plan import Picks
from scheduling.problem import Ints, Problem
from scheduling.seating import NOWHERE, seat


class Goal(StrEnum):
    """A shortfall: the sessions with a start in their window that suits a person, less those she gets."""

    WORST_SHORTFALL = "worst_shortfall"  # the largest shortfall of anyone
    PEOPLE_SHORT = "people_short"  # the number of people who fall short by the step's level or more
    ATTENDANCE = "attendance"  # the number of seats taken, over all sessions
    TENTATIVE = "tentative"  # the number of those seats that take tentative time
    EARLINESS = "earliness"  # quarters of an hour from the first day's begin to each start, summed


@dataclass(frozen=True)
class Step:
    """A goal's value in the plan and what no plan can better, with the values of the steps before it held.

    Attendance is to be large, all else small. `level` is 0 but for `Goal.PEOPLE_SHORT`.
    """

    goal: Goal
    level: int
    value: int
    bound: int

    @property
    def gap(self) -> int:
        return abs(self.value - self.bound)

    @property
    def is_proven(self) -> bool:
        return self.value == self.bound


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
        had = problem.sessions - np.count_nonzero(problem.reachable, axis=1)
        for session, row in enumerate(picks):
            seats[session] = seat(
                problem.free[:, row], problem.firm[:, row], capacity=problem.capacity, had=had
            )
            had = had + (seats[session] != NOWHERE)
        return cls(problem, picks, seats)

    @cached_property
    def shortfall(self) -> Ints:
        """Of shape (people,)."""
        attended = np.count_nonzero(self.seats != NOWHERE, axis=0)
        shortfall: Ints = np.count_nonzero(self.problem.reachable, axis=1) - attended
        return shortfall

    @property
    def tentative_seats(self) -> int:
        total = 0
        for row, seats in zip(self.picks, self.seats, strict=True):
            people = np.flatnonzero(seats != NOWHERE)
            total += int((~self.problem.firm[people, row[seats[people]]]).sum())
        return total

    def cost(self, goal: Goal, level: int) -> int:
        """Return what the goal wants small: for attendance that is the sum of the shortfalls."""
        costs = {
            Goal.WORST_SHORTFALL: self.shortfall.max(initial=0),
            Goal.PEOPLE_SHORT: (self.shortfall >= level).sum(),
            Goal.ATTENDANCE: self.shortfall.sum(),
            Goal.TENTATIVE: self.tentative_seats,
            Goal.EARLINESS: self.problem.starts[self.picks].sum(),
        }
        return int(costs[goal])
