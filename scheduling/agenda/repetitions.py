"""The times of one event: its own, those of its rules and the added ones, less those that rules exclude."""

from dataclasses import dataclass
from datetime import datetime

from scheduling.agenda.events import MAX_DATES, Event, State
from scheduling.agenda.notes import Notes, TooMuchWorkError
from scheduling.agenda.reading import ProblemKind
from scheduling.agenda.rule_text import SubDailyRuleError, UnreadableRuleError, last_until, read_rule
from scheduling.agenda.rules import Frequency, Rule
from scheduling.agenda.values import Length

WORK_PER_REPETITION = 10  # placing a repetition takes about as long as looking at ten days for one


@dataclass(frozen=True, slots=True)
class Repetition:
    """One time of an event on its own wall clock, and as what it counts."""

    local: datetime
    length: Length
    state: State


def repetitions(event: Event, span: tuple[datetime, datetime], notes: Notes) -> list[Repetition]:
    """Return the times of an event in the span, both ends inclusive; those that are in doubt are unknown."""
    try:
        return _own_repetitions(event, span, notes)
    except TooMuchWorkError:
        return _unknown_until(span[1], event, span, ProblemKind.TOO_MUCH_WORK, notes)


def _own_repetitions(event: Event, span: tuple[datetime, datetime], notes: Notes) -> list[Repetition]:
    if max(len(event.extras), len(event.excluded)) > MAX_DATES:
        raise TooMuchWorkError
    first, last = span
    found = [Repetition(event.start.local, event.length, event.state)]
    for text in event.rules:
        found += _by_rule(text, event, span, notes)
    for extra in event.extras:
        found.append(Repetition(extra.start.local_in(event.start.zone), extra.length, event.state))
    gone = _by_excluded_rules(event, span, notes)
    notes.spend(WORK_PER_REPETITION * (len(found) - 1))
    return [one for one in found if first <= one.local <= last and one.local not in gone]


def _by_rule(text: str, event: Event, span: tuple[datetime, datetime], notes: Notes) -> list[Repetition]:
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
    return [Repetition(local, event.length, state) for local in starts if local != start.local]


def _unknown_until(
    until: datetime, event: Event, span: tuple[datetime, datetime], kind: ProblemKind, notes: Notes
) -> list[Repetition]:
    """Return the event itself, and all time from its start until then as unknown."""
    first, last = span
    local = event.start.local
    itself = Repetition(local, event.length, event.state)
    until = min(until, last) + event.length.total
    if until <= max(local, first):
        return [itself]
    notes.add(kind)
    return [itself, Repetition(local, Length(nominal=until - local), State.UNKNOWN)]


def _by_excluded_rules(event: Event, span: tuple[datetime, datetime], notes: Notes) -> set[datetime]:
    """Return what EXRULE, which older programs still write, takes away."""
    gone: set[datetime] = set()
    for text in event.excluded_rules:
        try:
            gone.update(read_rule(text, event.start).starts(event.start.local, span, notes))
        except UnreadableRuleError:
            notes.add(ProblemKind.UNREADABLE_EXCEPTION)
    return gone
