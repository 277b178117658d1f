"""The planning problem as a CP-SAT model."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from scheduling.grid import Ints, Mask
from scheduling.planner.draft import Draft
from scheduling.planner.goals import Goal
from scheduling.planner.problem import Problem
from scheduling.planner.seating import NOWHERE

Bool = cp_model.IntVar
Expr = cp_model.LinearExprT


class Model:
    """A choice of starts per session and what it costs, each goal to be minimised.

    Where there is a place for everyone, people with equal rows count as one, and with one group attendance
    is linear in the starts. Where seats are scarce, or for mixing, it must be built `with_seats`: each seat
    that a person could take is a variable.
    """

    def __init__(self, problem: Problem, *, with_seats: bool) -> None:
        self.cp = cp_model.CpModel()
        self._problem = problem
        self._has_seats = with_seats and problem.groups > 1
        self._people, self._weights = _alike(problem, with_seats=with_seats)
        self._chosen: list[dict[int, Bool]] = []
        self._seats: dict[tuple[int, int, int], Bool] = {}  # (person, session, start)
        self._comes: dict[tuple[int, int], Bool] = {}  # (person, session)
        self._comes_surely: dict[tuple[int, int], Bool] = {}
        self._tentative: list[Expr] = []
        self._choose_starts()
        self._keep_days_apart()
        self._short = [
            self._shortfall(int(person), int(weight))
            for person, weight in zip(self._people, self._weights, strict=True)
        ]
        self._limit_groups()
        self._meets: dict[
            tuple[int, int, int], Bool
        ] = {}  # (origin, session, start): someone of hers is there
        if self._has_seats and problem.is_mixed:
            self._meet()
        self._worst = self.cp.new_int_var(0, problem.sessions, "")
        for short in self._short:
            self.cp.add(self._worst >= sum(short))

    def cost(self, goal: Goal, level: int) -> Expr:
        """Return what `Draft.cost` counts; a solution may count too much of what it does not minimise."""
        if goal in (Goal.LEAST_ATTENDED, Goal.WORST_SHORTFALL):
            return self._worst
        if goal is Goal.PEOPLE_SHORT:
            return self._weighed([short[level - 1 : level] for short in self._short])
        if goal is Goal.ATTENDANCE:
            return self._weighed(self._short)
        if goal is Goal.MUST_ATTEND:
            must = self._problem.known.must_attend[self._people]
            return self._weighed([short if its else [] for short, its in zip(self._short, must, strict=True)])
        if goal is Goal.TENTATIVE:
            return sum(self._tentative)
        if goal is Goal.MIXING:
            return self._problem.most_met - sum(self._meets.values())
        return self._cost_of_starts(goal)

    def _cost_of_starts(self, goal: Goal) -> Expr:
        slots = self._problem.starts
        if goal is Goal.CHANGES:
            rows = zip(self._chosen, self._problem.published, strict=True)
            return sum(
                chosen for row, kept in rows for start, chosen in row.items() if int(slots[start]) not in kept
            )
        return sum(int(slots[start]) * chosen for row in self._chosen for start, chosen in row.items())

    def hold(self, goal: Goal, level: int, cost: int) -> None:
        """Refuse from now on every plan that costs more than this."""
        self.cp.add(self.cost(goal, level) <= cost)

    def hint(self, draft: Draft) -> None:
        """Let the next search begin at the draft."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools has left its type out
        for row, picks in zip(self._chosen, draft.picks, strict=True):
            for start, chosen in row.items():
                self.cp.add_hint(chosen, start in picks)
        for (person, session), comes in self._comes.items():
            self.cp.add_hint(comes, bool(draft.seats[session, person] != NOWHERE))
        for (person, session), surely in self._comes_surely.items():
            is_firm = self._problem.firm[person, draft.picks[session]].any()
            self.cp.add_hint(surely, bool(is_firm and draft.seats[session, person] != NOWHERE))
        for (person, session, start), seat in self._seats.items():
            group = draft.seats[session, person]
            self.cp.add_hint(seat, bool(group != NOWHERE and draft.picks[session, group] == start))
        for (origin, session, start), meets in self._meets.items():
            its = draft.seats[session, self._problem.known.origins[origin]]
            groups = its[its != NOWHERE]
            self.cp.add_hint(meets, bool((draft.picks[session, groups] == start).any()))
        for person, short in zip(self._people, self._short, strict=True):
            for level, is_short in enumerate(short):
                self.cp.add_hint(is_short, bool(draft.shortfall[person] > level))

    def draft(self, solver: cp_model.CpSolver) -> Draft:
        """Return the solution as a draft."""
        picks = np.array(
            [[start for start, chosen in row.items() if solver.value(chosen)] for row in self._chosen]
        )
        if not self._has_seats and not self._problem.is_capped:
            return Draft.seated(self._problem, picks)
        seats = np.full((self._problem.sessions, self._problem.people), NOWHERE)
        for (person, session, start), seat in self._seats.items():
            if solver.value(seat):
                seats[session, person] = np.searchsorted(picks[session], start)
        for (person, session), comes in self._comes.items():
            if solver.value(comes):
                seats[session, person] = 0
        return Draft(self._problem, picks, seats)

    def _choose_starts(self) -> None:
        slots, gap = self._problem.starts, self._problem.group_gap
        for window in self._problem.in_window:
            starts = np.flatnonzero(window)
            chosen = {int(start): self.cp.new_bool_var("") for start in starts}
            self.cp.add(sum(chosen.values()) == self._problem.groups)
            self._chosen.append(chosen)
            if self._problem.groups > 1:
                for start in starts:
                    near = (slots[starts] >= slots[start]) & (slots[starts] < slots[start] + gap)
                    self.cp.add_at_most_one(chosen[int(other)] for other in starts[near])

    def _keep_days_apart(self) -> None:
        """Forbid a session on a day or later beside a start of the next one too soon after that day."""
        days, groups = self._problem.start_days, self._problem.groups
        for row, next_row in pairwise(self._chosen):
            for day in sorted({int(days[start]) for start in row}):
                late = [chosen for start, chosen in row.items() if days[start] >= day]
                early = [
                    chosen
                    for start, chosen in next_row.items()
                    if days[start] < day + self._problem.days_apart
                ]
                if groups == 1:
                    self.cp.add_at_most_one(late + early)
                else:
                    is_late = self.cp.new_bool_var("")
                    self.cp.add(sum(late) <= groups * is_late)
                    self.cp.add(sum(early) <= groups * (1 - is_late))

    def _shortfall(self, person: int, weight: int) -> list[Bool]:
        """Return a variable per level: she falls short by more than 0 sessions, by more than 1, and so on."""
        sessions = np.flatnonzero(self._problem.reachable[person])
        claim = int(self._problem.attainable[person])
        short = [self.cp.new_bool_var("") for _ in range(claim)]
        for less, more in pairwise(short):
            self.cp.add_implication(more, less)
        attended = [self._attends(person, int(session), weight) for session in sessions]
        self.cp.add(sum([*attended, *short]) == claim)
        return short

    def _attends(self, person: int, session: int, weight: int) -> Expr:
        """Return 1 where she comes, and note what of it is tentative."""
        if self._has_seats:
            return self._takes_a_seat(person, session)
        suits = self._those(session, self._problem.free[person])
        sure = self._those(session, self._problem.firm[person])
        if self._problem.is_capped or self._problem.groups > 1:
            return self._comes_to_one(person, session, weight, suits=suits, sure=sure)
        unsure = self._those(session, self._problem.free[person] & ~self._problem.firm[person])
        self._tentative.extend(weight * chosen for chosen in unsure)
        return sum(suits)

    def _takes_a_seat(self, person: int, session: int) -> Expr:
        seats = []
        for start, chosen in self._chosen[session].items():
            if self._problem.free[person, start]:
                seat = self._seats[person, session, start] = self.cp.new_bool_var("")
                self.cp.add_implication(seat, chosen)
                seats.append(seat)
                if not self._problem.firm[person, start]:
                    self._tentative.append(seat)
        self.cp.add_at_most_one(seats)
        return sum(seats)

    def _comes_to_one(
        self, person: int, session: int, weight: int, *, suits: list[Bool], sure: list[Bool]
    ) -> Expr:
        comes = self._comes[person, session] = self.cp.new_bool_var("")
        self.cp.add_bool_or([*suits, ~comes])
        if len(sure) < len(suits):
            surely = self._comes_surely[person, session] = self.cp.new_bool_var("")
            self.cp.add_bool_or([*sure, ~surely])
            self.cp.add_implication(surely, comes)
            self._tentative.append(weight * (comes - surely))
        return comes

    def _those(self, session: int, suits: Mask) -> list[Bool]:
        return [chosen for start, chosen in self._chosen[session].items() if suits[start]]

    def _limit_groups(self) -> None:
        """Let no start seat more people than a group holds, nor more of an employer's than may be away."""
        if not self._problem.is_capped:
            return
        staffs: dict[tuple[int, ...], list[Bool]] = {}
        groups: dict[tuple[int, ...], list[Bool]] = {}
        for (person, *group), seat in [*self._seats.items(), *self._comes.items()]:
            groups.setdefault(tuple(group), []).append(seat)
            employer = int(self._problem.known.employers[person])
            if 0 <= employer < len(self._problem.most_away):
                staffs.setdefault((employer, *group), []).append(seat)
        for (employer, *_), seats in staffs.items():
            self.cp.add(sum(seats) <= int(self._problem.most_away[employer]))
        if self._problem.capacity is not None:
            for (session, *start), seats in groups.items():
                chosen = self._chosen[session][start[0]] if start else 1
                self.cp.add(sum(seats) <= self._problem.capacity * chosen)

    def _meet(self) -> None:
        origins = np.array(self._problem.known.origins)
        there: dict[tuple[int, int, int], list[Bool]] = {}
        for (person, session, start), seat in self._seats.items():
            for origin in np.flatnonzero(origins[:, person]):
                there.setdefault((int(origin), session, start), []).append(seat)
        for key, seats in there.items():
            self._meets[key] = self.cp.new_bool_var("")
            self.cp.add_bool_or([*seats, ~self._meets[key]])

    def _weighed(self, variables: Sequence[Sequence[Bool]]) -> Expr:
        """Return how many of the variables, which are listed per row of people, hold."""
        return sum(
            int(weight) * variable
            for weight, row in zip(self._weights, variables, strict=True)
            for variable in row
        )


def _alike(problem: Problem, *, with_seats: bool) -> tuple[Ints, Ints]:
    """Return people of whom no two are alike, and how many each stands for."""
    if problem.is_capped or with_seats:
        return np.arange(problem.people), np.ones(problem.people, dtype=np.int64)
    rows = np.concatenate((problem.free, problem.firm, problem.known.must_attend[:, None]), axis=1)
    _, people, weights = np.unique(rows, axis=0, return_index=True, return_counts=True)
    return people, weights
