"""Who attends what, as CP-SAT expressions of the chosen starts: three models, the smallest that is exact."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduling.goals import NOWHERE, Draft
from scheduling.grid import Mask
from scheduling.problem import Ints, Problem

Bool = cp_model.IntVar
Expr = cp_model.LinearExprT
Chosen = Sequence[dict[int, Bool]]  # per session, a variable per start


class Attendance(ABC):
    """`people` are rows of the problem's arrays, each of which stands for as many people as its weight."""

    people: Ints
    weights: Ints

    @abstractmethod
    def attends(self, person: int, session: int) -> Expr:
        """Return 1 where the person gets the session; a solver may count less, never more."""

    @abstractmethod
    def tentative(self) -> Expr:
        """Return the number of seats that take tentative time; a solver may count more, never less."""

    @abstractmethod
    def hint(self, model: cp_model.CpModel, draft: Draft) -> None:
        """Tell the model the draft's values of the variables made here."""

    def seated(self, solver: cp_model.CpSolver, draft: Draft) -> Draft:
        """Return the draft with the solver's seats, where it is the solver that deals them out."""
        del solver
        return draft


def attendance(problem: Problem, model: cp_model.CpModel, chosen: Chosen) -> Attendance:
    if problem.is_capped:
        return _Seats(problem, model, chosen)
    return _Sums(problem, chosen) if problem.groups == 1 else _Covers(problem, model, chosen)


class _Sums(Attendance):
    """One group with a place for everyone: attendance is linear in the starts."""

    def __init__(self, problem: Problem, chosen: Chosen) -> None:
        self.people, self.weights = _alike(problem)
        self._problem, self._chosen = problem, chosen

    def attends(self, person: int, session: int) -> Expr:
        return sum(_those(self._chosen[session], self._problem.free[person]))

    def tentative(self) -> Expr:
        unsure = (self._problem.free & ~self._problem.firm).sum(axis=0)
        return sum(int(unsure[start]) * chosen for row in self._chosen for start, chosen in row.items())

    def hint(self, model: cp_model.CpModel, draft: Draft) -> None:
        """There is nothing here but the starts."""


class _Covers(Attendance):
    """Several groups with a place for everyone: a person attends where one of the chosen starts suits."""

    def __init__(self, problem: Problem, model: cp_model.CpModel, chosen: Chosen) -> None:
        self.people, self.weights = _alike(problem)
        self._problem = problem
        self._any: dict[tuple[int, int], Bool] = {}
        self._sure: dict[tuple[int, int], Bool] = {}
        for person, session in np.ndindex(problem.people, problem.sessions): ...
