"""The most seats, session by session: exact for up to three groups, else found and bounded."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduling.grid import Ints, Mask
from scheduling.planner.coverage import MOST_GROUPS, NO_ROW, NONE_FIT, Choice, best_row
from scheduling.planner.first_plan import Picks, side_by_side
from scheduling.planner.problem import Problem
from scheduling.planner.seating import NOWHERE, seat
from scheduling.planner.spans import Gains, Span, Spans
from scheduling.planner.swaps import greedy_row, swapped_row

SWAPS = 2000


@dataclass(frozen=True, eq=False)
class Chosen:
    """A session's starts, how many they seat, and what no starts of the same span can better."""

    row: Ints
    seats: int
    bound: float


class Reach:
    """What is known of every span of every session: the best starts found, and a bound.

    The search begins with `picks`, so that there is a plan whenever it ends.
    """

    def __init__(self, problem: Problem, picks: Picks, weights: Ints | None = None) -> None:
        self._problem, self._weights = problem, weights
        self._room = problem.room if weights is None else weights @ problem.free
        self._spans = Spans(problem)
        days = len(self._spans.open_days)
        self._bounds: Gains = np.full((problem.sessions, days, days), -np.inf)
        self._values: Gains = np.full_like(self._bounds, -np.inf)
        self._tried = np.zeros(self._bounds.shape, dtype=np.bool_)
        self._rows: list[Ints] = []
        self._row_of = np.zeros(self._bounds.shape, dtype=np.int64)
        for session in range(problem.sessions):
            self._bound_by_people(session)
        for session, row in enumerate(picks):
            self._note(session, Chosen(row, self._seats(row), np.inf))

    @property
    def bound(self) -> int:
        return round(self._spans.best_chain(self._bounds)[1])

    @property
    def seats(self) -> int:
        return round(self._spans.best_chain(self._values)[1])

    @property
    def picks(self) -> Picks:
        chain, _ = self._spans.best_chain(self._values)
        return np.array([self._rows[self._row_of[session, *span]] for session, span in enumerate(chain)])

    @property
    def rows(self) -> list[tuple[int, tuple[int, ...]]]:
        """Each session's best rows, of whatever span."""
        return [
            (session, tuple(self._rows[index].tolist()))
            for session in range(self._problem.sessions)
            for index in np.unique(self._row_of[session][self._values[session] > -np.inf]).tolist()
        ]

    def search(self, deadline: float, on_move: Callable[[], None], *, slack: int = 0) -> None:
        """Try spans until the chain of those that promise most holds no untried one.

        It ends as well where that chain promises less than `slack` over what is found, and at `deadline` on
        the monotonic clock at the latest. `on_move` is called on the way.
        """
        while time.monotonic() < deadline:
            hopes = np.where(self._tried, self._values, self._bounds)
            chain, most = self._spans.best_chain(hopes)
            untried = [
                (session, span) for session, span in enumerate(chain) if not self._tried[session, *span]
            ]
            if not untried or most - self.seats < slack:
                break
            on_move()
            for session, span in untried:
                chosen = self._choose(session, span)
                self._bound(session, span, chosen)
                self._note(session, chosen)

    def _bound_by_people(self, session: int) -> None:
        """No span seats more people than suit some start in it, nor more than its groups hold."""
        problem = self._problem
        on_day = {}
        for day in np.unique(self._spans.start_days[problem.in_window[session]]).tolist():
            on_day[day] = problem.free[:, self._spans.starts(session, (day, day))].any(axis=1)
        most = problem.groups * int(self._room.max(initial=0))
        for first in on_day:
            people: Mask = np.zeros(problem.people, dtype=np.bool_)
            for last in on_day:
                if last >= first:
                    people = people | on_day[last]
                    self._bounds[session, first, last] = min(most, self._count(people))

    def _choose(self, session: int, span: Span) -> Chosen:
        problem, starts = self._problem, self._spans.starts(session, span)
        choice = Choice(
            problem.free[:, starts],
            problem.starts[starts],
            problem.group_gap,
            self._room[starts],
            self._weights,
        )
        if not len(starts):
            return Chosen(NO_ROW, NONE_FIT, -np.inf)
        if problem.groups <= MOST_GROUPS:
            row, bound = best_row(choice, problem.groups)
            if not len(row):
                return Chosen(NO_ROW, NONE_FIT, -np.inf)
            return Chosen(starts[row], self._seats(starts[row]), bound)
        first = greedy_row(choice, problem.groups)
        if len(first) < problem.groups:
            first = np.searchsorted(starts, side_by_side(problem, starts))
        if len(first) < problem.groups:
            return Chosen(NO_ROW, NONE_FIT, -np.inf)
        row = starts[swapped_row(choice, first, swaps=SWAPS)]
        return Chosen(row, self._seats(row), np.inf)

    def _count(self, people: Mask) -> int:
        return int(np.count_nonzero(people) if self._weights is None else self._weights[people].sum())

    def _seats(self, row: Ints) -> int:
        if self._weights is not None:
            return self._count(np.logical_or.reduce(self._problem.free[:, row], axis=1))
        nothing = np.zeros(self._problem.people, dtype=np.int64)
        return int((seat(self._problem, row, had=nothing) != NOWHERE).sum())

    def _bound(self, session: int, span: Span, chosen: Chosen) -> None:
        """No span inside this one holds better starts; none around the chosen ones need be tried either."""
        first, last = span
        inside = (session, slice(first, last + 1), slice(first, last + 1))
        self._bounds[inside] = np.minimum(self._bounds[inside], chosen.bound)
        begin, end = self._ends(chosen.row) if len(chosen.row) else span
        self._tried[session, first : begin + 1, end : last + 1] = True

    def _note(self, session: int, chosen: Chosen) -> None:
        """Keep the starts for every span around them for which there are none better yet."""
        if not len(chosen.row):
            return
        begin, end = self._ends(chosen.row)
        values = self._values[session, : begin + 1, end:]
        better = values < chosen.seats
        values[better] = chosen.seats
        self._row_of[session, : begin + 1, end:][better] = len(self._rows)
        self._rows.append(chosen.row)

    def _ends(self, row: Ints) -> Span:
        first, last = self._spans.start_days[row[[0, -1]]].tolist()
        return first, last
