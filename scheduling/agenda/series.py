"""All events of one UID together: repetitions, exceptions, moved ones, and a change from one on."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from scheduling.agenda.events import Event, State
from scheduling.agenda.notes import Notes, TooMuchWorkError
from scheduling.agenda.reading import ProblemKind
from scheduling.agenda.rules import (
    Frequency,
    Rule,
    SubDailyRuleError,
    UnreadableRuleError,
    last_until,
    read_rule,
)
from scheduling.agenda.values import DAY, FIRST, LAST, Length, Stamp, to_local, to_utc
from scheduling.interval import Interval

Taken = tuple[State, Interval]

WORK_PER_REPETITION = 10  # placing a repetition takes about as long as looking at ten days for one
_ZONE_MARGIN = 2 * DAY  # no two clocks differ by more


def expand(events: list[Event], window: Interval, notes: Notes) -> Iterator[Taken]:
    """Yield what the events of one UID take of the window, free time left out, in no special order."""
    overrides = _latest_overrides(events)
    replaced = tuple(event.replaces for event in overrides if event.replaces)
    turns = [(event.replaces.moment, event) for event in overrides if event.replaces and event.and_future]
    for event in events:
        if event.replaces is None:
            yield from _noted(event, _taken(event, replaced, turns, window, notes), notes)
    for event in overrides:
        yield from _noted(event, _taken(event, replaced, [], window, notes), notes)


def placed(local: datetime, zone: tzinfo, length: Length, state: State, window: Interval) -> Iterator[Taken]:
    """Yield what a time takes of the window, unless it is free or takes no time."""
    start, end = to_utc(local, zone), length.end(local, zone)
    if state is not State.FREE and start < end and start < window.end and end > window.start:
        yield state, Interval(max(start, window.start), min(end, window.end))


@dataclass(frozen=True, slots=True)
class _Repetition:
    local: datetime
    length: Length
    state: State


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


def _taken(
    event: Event,
    replaced: tuple[Stamp, ...],
    turns: list[tuple[datetime, Event]],
    window: Interval,
    notes: Notes,
) -> Iterator[Taken]:
    if event.state is State.FREE and not turns:
        return
    zone = event.start.zone
    gone = _Exceptions(event.start, (*event.excluded, *replaced))
    moments = [moment for moment, _ in turns]
    for repetition in _repetitions(event, _span(event, turns, window), notes):
        # An override stands at its own time even if that is the very time that it replaces.
        if repetition.local in gone and not (event.replaces and repetition.local == event.start.local):
            continue
        turn = bisect_right(moments, to_utc(repetition.local, zone)) if turns else 0
        if turn:
            yield from _following(repetition, event.start, turns[turn - 1][1], window)
        else:
            yield from placed(repetition.local, zone, repetition.length, repetition.state, window)


def _following(repetition: _Repetition, series: Stamp, turn: Event, window: Interval) -> Iterator[Taken]:
    """Yield a repetition as the change before it has it: moved as far, as long, and in the same state."""
    if turn.rules or turn.replaces is None:
        return  # The change repeats by a rule of its own from there on.
    original = turn.replaces.local_in(series.zone)
    if turn.replaces.whole_day and not series.whole_day:
        original = datetime.combine(original, series.local.time())
    local = repetition.local + (turn.start.local - original)
    yield from placed(local, turn.start.zone, turn.length, turn.state, window)


class _Exceptions:
    """The wall clock times of a series at which nothing happens, as EXDATE and RECURRENCE-ID give them.

    A date stands for all of its repetitions, and a series of whole days is compared by date.
    """

    def __init__(self, series: Stamp, stamps: tuple[Stamp, ...]) -> None:
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


def _span(event: Event, turns: list[tuple[datetime, Event]], window: Interval) -> tuple[datetime, datetime]:
    """Return the wall clock times between which a repetition can touch the window."""
    longest = max(length.total for length in (event.length, *(extra.length for extra in event.extras)))
    moved = timedelta()
    for _, turn in turns:
        if turn.replaces:
            longest = max(longest, turn.length.total)
            moved = max(moved, abs(turn.start.local - turn.replaces.local))
    first, last = to_local(window.start, UTC), to_local(window.end, UTC)
    back, ahead = longest + moved + _ZONE_MARGIN, moved + _ZONE_MARGIN
    return first - min(back, first - FIRST), last + min(ahead, LAST - last)


def _repetitions(event: Event, span: tuple[datetime, datetime], notes: Notes) -> list[_Repetition]:
    try:
        return _own_repetitions(event, span, notes)
    except TooMuchWorkError:
        return _unknown_until(span[1], event, span, ProblemKind.TOO_MUCH_WORK, notes)


def _own_repetitions(event: Event, span: tuple[datetime, datetime], notes: Notes) -> list[_Repetition]:
    first, last = span
    found = [_Repetition(event.start.local, event.length, event.state)]
    for text in event.rules:
        found += _by_rule(text, event, span, notes)
    for extra in event.extras:
        found.append(_Repetition(extra.start.local_in(event.start.zone), extra.length, event.state))
    gone = _by_excluded_rules(event, span, notes)
    notes.spend(WORK_PER_REPETITION * len(found))
    return [one for one in found if first <= one.local <= last and one.local not in gone]


def _by_rule(text: str, event: Event, span: tuple[datetime, datetime], notes: Notes) -> list[_Repetition]:
    start = event.start
    try:
        starts, state = read_rule(text, start).starts(start.local, span, notes), event.state
    except SubDailyRuleError:
        return _unknown_until(last_until(text, start), event, span, ProblemKind.SUB_DAILY_RULE, notes)
    except UnreadableRuleError:
        # Whatever the rule says, without hours in it the event can only be at its own time of day.
        daily = Rule(Frequency.DAILY, until=last_until(text, start))
        starts, state = daily.starts(start.local, span, notes), State.UNKNOWN
        notes.add(ProblemKind.UNREADABLE_RULE, int(bool(starts)))
    return [_Repetition(local, event.length, state) for local in starts if local != start.local]


def _unknown_until(
    until: datetime, event: Event, span: tuple[datetime, datetime], kind: ProblemKind, notes: Notes
) -> list[_Repetition]:
    """Return the event itself, and all time from its start until then as unknown."""
    first, last = span
    local = event.start.local
    itself = _Repetition(local, event.length, event.state)
    until = min(until, last) + event.length.total
    if until <= max(local, first):
        return [itself]
    notes.add(kind)
    return [itself, _Repetition(local, Length(nominal=until - local), State.UNKNOWN)]


def _by_excluded_rules(event: Event, span: tuple[datetime, datetime], notes: Notes) -> set[datetime]:
    """Return what EXRULE, which older programs still write, takes away."""
    gone: set[datetime] = set()
    for text in event.excluded_rules:
        try:
            gone.update(read_rule(text, event.start).starts(event.start.local, span, notes))
        except UnreadableRuleError:
            notes.add(ProblemKind.UNREADABLE_EXCEPTION)
    return gone
