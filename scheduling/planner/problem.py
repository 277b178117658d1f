"""What the planner is asked: where sessions may start, who is free then, and the rules between sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

import numpy as np

from scheduling.grid import EPOCH, QUARTER, Grid, Ints, Mask
from scheduling.planner.roster import NOBODY, Roster


class Rule(StrEnum):
    """What keeps a session from starting at a time."""

    HORIZON = "horizon"  # outside the days of the request, or not on a quarter of an hour
    WEEKDAY = "weekday"
    EXCLUDED_DATE = "excluded_date"
    HOURS = "hours"
    HOSTS = "hosts"
    WINDOW = "window"  # outside the stretch of days that belongs to the session
    DAYS_APART = "days_apart"
    GROUPS = "groups"  # two groups of one session would overlap
    ATTENDANCE = "attendance"  # nothing forbids it, but the plan's time is at least as good


class NoPlanError(Exception):
    """No plan exists: `rule` leaves no room for `session` (numbered from 0).

    For `Rule.DAYS_APART`, `needed` and `found` are days: those asked for, and the most with which a plan
    exists (0 where none does). For any other rule they are starts: one a group is needed, `found` are free
    of each other.
    """

    def __init__(self, *, session: int, rule: Rule, needed: int, found: int) -> None:
        super().__init__(session, rule, needed, found)
        self.session, self.rule, self.needed, self.found = session, rule, needed, found


@dataclass(frozen=True, eq=False)
class Agendas:
    """What is known of people's time on one grid: three masks of shape (people, slots).

    A person of whom nothing is known is a row of unknown slots.
    """

    busy: Mask
    tentative: Mask
    unknown: Mask

    def __post_init__(self) -> None:
        if self.busy.ndim != 2 or not self.busy.shape == self.tentative.shape == self.unknown.shape:
            raise ValueError("agendas are three masks of one shape (people, slots)")


@dataclass(frozen=True, eq=False)
class Problem:
    """Where `len(windows)` sessions of `length` slots may go.

    `days` has shape (slots,): the number of each slot's local day. `bars` holds, for each rule that forbids
    times, a mask of shape (slots,) that is True where a session may not start. A window is a range of days.
    The starts of one session's groups lie at least `group_gap` slots apart; that is `length` where the same
    hosts lead them all. Of one employer's people at most `away`, a share, sit in one group.

    `claims`, of shape (people,), are the sessions that people are measured against; None stands for as many
    as each could attend at most. `published` holds per session the slots at which groups are announced to
    start; it may be empty.

    Below, a *start* is an index into `starts`, and arrays of people × starts have shape (people, starts).
    """

    grid: Grid
    length: int
    days: Ints
    bars: Mapping[Rule, Mask]
    windows: tuple[range, ...]
    days_apart: int
    groups: int
    group_gap: int
    capacity: int | None
    agendas: Agendas
    roster: Roster | None = None
    away: float | None = None
    published: tuple[frozenset[int], ...] = ()
    claims: Ints | None = None

    def __post_init__(self) -> None:
        if min(self.length, len(self.windows), self.days_apart, self.groups, self.group_gap) < 1:
            raise ValueError("length, sessions, days apart, groups and their gap count from one")
        if self.capacity is not None and self.capacity < 1:
            raise ValueError("a group holds at least one person")
        self._check_roster()
        widths = {
            self.days.shape,
            (self.agendas.busy.shape[1],),
            *(mask.shape for mask in self.bars.values()),
        }
        if widths != {(self.grid.slots,)}:
            raise ValueError("days, bars and agendas cover the grid")

    def _check_roster(self) -> None:
        if self.roster is not None and self.roster.employers.shape != (self.people,):
            raise ValueError("a roster tells of everyone")
        if self.away is not None and not 0 < self.away <= 1:
            raise ValueError("a share lies above 0, up to 1")
        if self.away is not None and self.groups > 1 and self.group_gap < self.length:
            raise ValueError("a cap on who is away together needs groups that do not overlap")
        if self.published and len(self.published) != self.sessions:
            raise ValueError("every session tells what is published of it")
        if not all(0 <= slot < self.grid.slots for slots in self.published for slot in slots):
            raise ValueError("what is published lies on the grid")

    @property
    def sessions(self) -> int:
        return len(self.windows)

    @property
    def people(self) -> int:
        return int(self.agendas.busy.shape[0])

    @cached_property
    def starts(self) -> Ints:
        """The slots at which a session may begin and still ends inside the grid, ascending."""
        allowed = np.arange(self.grid.slots) <= self.grid.slots - self.length
        for mask in self.bars.values():
            allowed &= ~mask
        return np.flatnonzero(allowed)

    @cached_property
    def start_days(self) -> Ints:
        return self.days[self.starts]

    @cached_property
    def free(self) -> Mask:
        """People × starts: no busy and no unknown slot inside the session."""
        return self._clear_of(self.agendas.busy | self.agendas.unknown)

    @cached_property
    def firm(self) -> Mask:
        """People × starts: free, and no tentative slot inside either."""
        return self._clear_of(self.agendas.busy | self.agendas.unknown | self.agendas.tentative)

    @cached_property
    def unknown(self) -> Mask:
        """People × starts: not known to be busy, not known to be free."""
        return self._clear_of(self.agendas.busy) & ~self.free

    def _clear_of(self, blocked: Mask) -> Mask:
        clear = np.ones((self.people, len(self.starts)), dtype=np.bool_)
        for offset in range(self.length):
            clear &= ~blocked[:, self.starts + offset]
        return clear

    @cached_property
    def in_window(self) -> Mask:
        """Sessions × starts: the start's day lies in the session's window."""
        rows = [
            (self.start_days >= window.start) & (self.start_days < window.stop) for window in self.windows
        ]
        return np.array(rows)

    @cached_property
    def reachable(self) -> Mask:
        """People × sessions: free at some start in the session's window."""
        return np.array([self.free[:, window].any(axis=1) for window in self.in_window]).T

    @cached_property
    def attainable(self) -> Ints:
        """What people are measured against, of shape (people,): shortfalls count from here."""
        return np.count_nonzero(self.reachable, axis=1) if self.claims is None else self.claims

    @cached_property
    def known(self) -> Roster:
        return Roster.unknown(self.people) if self.roster is None else self.roster

    @property
    def is_mixed(self) -> bool:
        """Whether it matters who meets whom."""
        return self.groups > 1 and bool(self.known.origins)

    @property
    def most_met(self) -> int:
        """A bound on the employers and institutions that have someone in a group, summed over the groups."""
        return self.sessions * self.groups * len(self.known.origins)

    @cached_property
    def most_away(self) -> Ints:
        """How many of each employer's people may sit in one group; empty where no cap is set."""
        return np.zeros(0, dtype=np.int64) if self.away is None else self.known.most_away(self.away)

    @cached_property
    def room(self) -> Ints:
        """Of shape (starts,): the most people that one group can seat."""
        employers = self.known.employers
        has_cap = (employers != NOBODY) & bool(len(self.most_away))
        seats: Ints = np.count_nonzero(self.free[~has_cap], axis=0)
        for employer, most in enumerate(self.most_away):
            seats += np.minimum(np.count_nonzero(self.free[employers == employer], axis=0), most)
        return seats if self.capacity is None else np.minimum(seats, self.capacity)

    @cached_property
    def crowded(self) -> Mask:
        """Of shape (starts,): one group cannot seat everyone who is free."""
        crowded: Mask = np.count_nonzero(self.free, axis=0) > self.room
        return crowded

    @property
    def is_capped(self) -> bool:
        return bool(self.crowded.any())

    def time(self, start: int) -> datetime:
        return self.grid.time(int(self.starts[start]))

    def start_at(self, moment: datetime) -> int:
        """Return the start at `moment`; raise KeyError where no session may begin then."""
        slot = self.grid.slot(moment)
        start = int(np.searchsorted(self.starts, slot))
        if (moment - EPOCH) % QUARTER or start == len(self.starts) or self.starts[start] != slot:
            raise KeyError(moment)
        return start
