"""What makes one plan better than another, in order, and how far that is proven."""

from dataclasses import dataclass
from enum import StrEnum


class Goal(StrEnum):
    """A shortfall: the sessions with a start in their window that suits a person, less those she gets."""

    LEAST_ATTENDED = "least_attended"  # the sessions of whoever attends fewest: a goal by itself
    WORST_SHORTFALL = "worst_shortfall"  # the largest shortfall of anyone
    PEOPLE_SHORT = "people_short"  # the number of people who fall short by the step's level or more
    ATTENDANCE = "attendance"  # the number of seats taken, over all sessions
    MUST_ATTEND = "must_attend"  # the shortfalls of those who must attend, summed
    TENTATIVE = "tentative"  # the number of seats that take tentative time
    MIXING = "mixing"  # the employers and the institutions that have someone in a group, summed over groups
    CHANGES = "changes"  # the number of groups that do not start when their session is published to start
    EARLINESS = "earliness"  # quarters of an hour from the first day's begin to each start, summed


@dataclass(frozen=True)
class Step:
    """A goal's value in the plan and what no plan can better, with the values of the steps before it held.

    Attendance is to be large, and so are mixing and what the least attend; all else small. `level` is 0 but
    for `Goal.PEOPLE_SHORT`.
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
