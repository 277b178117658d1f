"""Sessions as spans of days: each session's groups lie in a span, and only the spans must keep apart.

Whatever the sessions gain by their starts, the best plan is the best chain of spans, where a span gains what
the best starts inside it gain. A *day* below is an index into `open_days`, and a span is its first and last.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduling.grid import Ints
from scheduling.planner.problem import Problem

Span = tuple[int, int]
Gains = NDArray[np.float64]  # of shape (sessions, days, days): by first day and last day; -inf where none


@dataclass(frozen=True, eq=False)
class Spans:
    problem: Problem

    @cached_property
    def open_days(self) -> Ints:
        """The days that hold a start, ascending."""
        return np.unique(self.problem.start_days)

    @cached_property
    def start_days(self) -> Ints:
        """The day of each start."""
        return np.searchsorted(self.open_days, self.problem.start_days)

    @cached_property
    def before(self) -> Ints:
        """For each day the last one on which the session before may end, or -1."""
        latest = self.open_days - self.problem.days_apart
        return np.searchsorted(self.open_days, latest, side="right") - 1

    def starts(self, session: int, span: Span) -> Ints:
        """Return the starts of the session inside the span, ascending."""
        inside = (self.start_days >= span[0]) & (self.start_days <= span[1])
        return np.flatnonzero(self.problem.in_window[session] & inside)

    def within(self, session: int) -> list[Span]:
        """Return every span of the session, those with one first day together and the shortest first."""
        days = np.unique(self.start_days[self.problem.in_window[session]]).tolist()
        return [(first, last) for first in days for last in days if first <= last]

    def best_chain(self, gains: Gains) -> tuple[list[Span], float]:
        """Return a span a session that gain most together, and their sum; it is -inf where none fit."""
        before = np.zeros(len(self.open_days))
        firsts, ends = [], []
        for session, gain in enumerate(gains):
            earlier = before if session == 0 else np.where(self.before >= 0, before[self.before], -np.inf)
            total = gain + earlier[:, None]
            first = total.argmax(axis=0)
            value = total[first, np.arange(len(first))]
            end = _records(value)
            before = value[end]
            firsts.append(first)
            ends.append(end)
        return self._back(firsts, ends), float(before[-1])

    def _back(self, firsts: list[Ints], ends: list[Ints]) -> list[Span]:
        day, chain = len(self.open_days) - 1, []
        for first, end in zip(reversed(firsts), reversed(ends), strict=True):
            last = int(end[day])
            chain.append((int(first[last]), last))
            day = int(self.before[chain[-1][0]])
        return chain[::-1]


def _records(value: NDArray[np.float64]) -> Ints:
    """Return for each position where the largest value up to it stands, the first of equals."""
    is_record = np.concatenate(([True], value[1:] > np.maximum.accumulate(value)[:-1]))
    return np.maximum.accumulate(np.where(is_record, np.arange(len(value)), 0))
