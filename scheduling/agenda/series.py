"""All events of one UID together: repetitions, exceptions, moved ones, and a change from one on."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from scheduling.agenda.events import Event, State
from scheduling.agenda.notes import Notes
from scheduling.agenda.reading import ProblemKind
from scheduling.agenda.repetitions import Repetition, repetitions
from scheduling.agenda.values import FIRST, LAST, ZONE_MARGIN, Length, Stamp, to_local, to_utc
from scheduling.interval import Interval

Taken = tuple[State, Interval]


def expand(events: list[Event], window: Interval, notes: Notes) -> Iterator[Taken]:
    """Yield what the events of one UID take of the window, free time left out, in no special order."""
    overrides = _latest_overrides(events)
    series = _Series(overrides, window, notes)
    for event in (*(event for event in events if event.replaces is None), *overrides):
        yield from _noted(event, series.taken(event), notes)


def placed(local: datetime, zone: tzinfo, length: Length, state: State, window: Interval) -> Iterator[Taken]:
    """Yield what a time takes of the window, unless it is free or takes no time."""
    start, end = to_utc(local, zone), length.end(local, zone)
    if state is not State.FREE and start < end and start < window.end and end > window.start:
        yield state, Interval(max(start, window.start), min(end, window.end))


def _latest_overrides(events: list[Event]) -> tuple[Event, ...]:
    """Return, of the overrides of one repetition, the one with the highest SEQUENCE, or else the last."""
    latest: dict[datetime, Event] = {}
    for event in events:
        if event.replaces is not None:
            moment = event.replaces.moment
            if moment not in latest or event.sequence >= latest[moment].sequence:
                latest[moment] = event
    return tuple(latest[moment] for moment in sorted(latest))


def _noted(event: Event, taken: Iterator[Taken], notes: Notes) -> Iterator[Taken]:
    """Pass on what an event takes, and note its problems if that is anything: others do not matter now."""
    noted = False
    for one in taken:
        if not noted:
            for kind, count in event.problems.items():
                notes.add(kind, count)
            notes.add(ProblemKind.UNKNOWN_ZONE, int(event.start.guessed))
            noted = True
        yield one


class _Series:
    """What the overrides of one UID do to its other events."""

    def __init__(self, overrides: tuple[Event, ...], window: Interval, notes: Notes) -> None:
        self._window, self._notes = window, notes
        self._replaced = tuple(event.replaces for event in overrides if event.replaces)
        self._gone: dict[tuple[tzinfo, bool], _Exceptions] = {}
        # From the moment of each turn on, later repetitions follow it, up to the next.
        turns = [(event.replaces, event) for event in overrides if event.replaces and event.and_future]
        self._turns = [event for _, event in turns]
        self._turn_moments = [replaced.moment for replaced, _ in turns]
        self._longest_turn = max((event.length.total for _, event in turns), default=timedelta())
        self._moved = max((abs(event.start.local - one.local) for one, event in turns), default=timedelta())

    def taken(self, event: Event) -> Iterator[Taken]:
        if event.state is State.FREE and not self._turns:
            return
        first, last = span = self._span(event)
        if not (event.rules or event.extras) and not first <= event.start.local <= last:
            return  # as do most events of most agendas, so it is worth knowing early
        excluded = _Exceptions(event.start, event.excluded)
        for repetition in repetitions(event, span, self._notes):
            if event.replaces and repetition.local == event.start.local:
                # An override stands at its own time even if that is the very time that it replaces.
                yield from self._placed(event, repetition)
            elif repetition.local not in excluded and repetition.local not in self._gone_from(event.start):
                yield from self._turned(event, repetition)

    def _turned(self, event: Event, repetition: Repetition) -> Iterator[Taken]:
        """Yield a repetition as the change before it has it: moved as far, as long, and in the same state."""
        moment = to_utc(repetition.local, event.start.zone) if self._turns else None
        turn = bisect_right(self._turn_moments, moment) if moment and not event.replaces else 0
        follows = self._turns[turn - 1] if turn else None
        if follows is None:
            yield from self._placed(event, repetition)
        elif follows.replaces and not follows.rules:  # else it repeats by a rule of its own from there on
            local = _moved(repetition.local, event.start, follows.replaces, follows.start)
            yield from placed(local, follows.start.zone, follows.length, follows.state, self._window)

    def _placed(self, event: Event, repetition: Repetition) -> Iterator[Taken]:
        return placed(repetition.local, event.start.zone, repetition.length, repetition.state, self._window)

    def _gone_from(self, series: Stamp) -> "_Exceptions":
        key = (series.zone, series.whole_day)
        if key not in self._gone:
            self._gone[key] = _Exceptions(series, self._replaced)
        return self._gone[key]

    def _span(self, event: Event) -> tuple[datetime, datetime]:
        """Return the wall clock times between which a repetition can touch the window."""
        lengths = (event.length.total, self._longest_turn, *(extra.length.total for extra in event.extras))
        first, last = to_local(self._window.start, UTC), to_local(self._window.end, UTC)
        back, ahead = max(lengths) + self._moved + ZONE_MARGIN, self._moved + ZONE_MARGIN
        return first - min(back, first - FIRST), last + min(ahead, LAST - last)


def _moved(local: datetime, series: Stamp, before: Stamp, after: Stamp) -> datetime:
    """Return the time that lies as far from `local` as `after` from `before`, on their wall clocks."""
    original = before.local_in(series.zone)
    if before.whole_day and not series.whole_day:
        original = datetime.combine(original, series.local.time())
    return local + min(max(after.local - original, FIRST - local), LAST - local)


class _Exceptions:
    """The wall clock times of a series at which nothing happens, as EXDATE and RECURRENCE-ID give them.

    A date stands for all of its repetitions, and a series of whole days is compared by date.
    """

    def __init__(self, series: Stamp, stamps: Iterable[Stamp]) -> None:
        self._days: set[date] = set()
        self._moments: set[datetime] = set()
        self._zone = series.zone
        for stamp in stamps:
            if stamp.whole_day or series.whole_day:
                self._days.add(stamp.local_in(series.zone).date())
            else:
                self._moments.add(stamp.moment)

    def __contains__(self, local: datetime) -> bool:
        if self._days and local.date() in self._days:
            return True
        return bool(self._moments) and to_utc(local, self._zone) in self._moments
