"""Time that a calendar gives without events: VFREEBUSY (RFC 5545, 3.6.4) and VAVAILABILITY (RFC 7953)."""

import re
from collections.abc import Iterator

from scheduling.agenda.components import Component, Property
from scheduling.agenda.events import (
    Event,
    NoTimeError,
    Policy,
    State,
    read_event,
    read_period,
    rest_of_day,
    tzid,
)
from scheduling.agenda.notes import Notes
from scheduling.agenda.reading import ProblemKind
from scheduling.agenda.series import Taken, expand, placed
from scheduling.agenda.values import UnreadableValueError, read_duration
from scheduling.agenda.zones import Zones
from scheduling.interval import Interval, merged, without

_FBTYPE = re.compile(r';\s*FBTYPE\s*=\s*"?([^";]*)', re.IGNORECASE)


def free_busy(component: Component, zones: Zones, window: Interval, notes: Notes) -> Iterator[Taken]:
    """Yield the periods of a VFREEBUSY that are not free; a type that is not known counts as busy."""
    for found in component.all("FREEBUSY"):
        match = _FBTYPE.search(found.params)
        state = _state(match[1] if match else "BUSY")
        if state is not State.FREE:
            for text in filter(None, map(str.strip, found.value.split(","))):
                yield from _period(text, found, state, zones, window, notes)


def availability(components: list[Component], zones: Zones, window: Interval, notes: Notes) -> list[Taken]:
    """Return the time of the VAVAILABILITYs that no AVAILABLE in them frees.

    Where two overlap, the one of the higher PRIORITY (1 is the highest, 0 the lowest) says what holds.
    """
    taken: dict[State, tuple[Interval, ...]] = {State.BUSY: (), State.TENTATIVE: ()}
    for component in sorted(components, key=_priority, reverse=True):
        covered = _covered(component, zones, window, notes)
        rest = without(covered, _available(component, zones, window, notes))
        taken = {state: without(intervals, covered) for state, intervals in taken.items()}
        tentative = component.value("BUSYTYPE").upper() == "BUSY-TENTATIVE"
        state = State.TENTATIVE if tentative else State.BUSY
        taken[state] = merged((*taken[state], *rest))
    return [(state, interval) for state, intervals in taken.items() for interval in intervals]


def _period(
    text: str, found: Property, state: State, zones: Zones, window: Interval, notes: Notes
) -> Iterator[Taken]:
    try:
        period = read_period(text, found, zones, None)
        start, length = period.start, period.length
    except UnreadableValueError:
        notes.add(ProblemKind.UNREADABLE_FREE_BUSY)
        try:
            start = zones.stamp(text.partition("/")[0], tzid(found))
        except UnreadableValueError:
            return
        state, length = State.UNKNOWN, rest_of_day(start)
    yield from placed(start.local, start.zone, length, state, window)


def _covered(component: Component, zones: Zones, window: Interval, notes: Notes) -> tuple[Interval, ...]:
    """Return the part of the window that a VAVAILABILITY speaks about; without a start or end, it is open."""
    start, end = window.start, window.end
    try:
        if component.value("DTSTART"):
            begin = zones.stamp(component.value("DTSTART"), tzid(component.all("DTSTART")[0]))
            start = begin.moment
            if component.value("DURATION"):
                end = read_duration(component.value("DURATION")).end(begin.local, begin.zone)
        if component.value("DTEND"):
            end = zones.stamp(component.value("DTEND"), tzid(component.all("DTEND")[0])).moment
    except UnreadableValueError:
        notes.add(ProblemKind.UNREADABLE_FREE_BUSY)
    start, end = max(start, window.start), min(end, window.end)
    return (Interval(start, end),) if start < end else ()


def _available(component: Component, zones: Zones, window: Interval, notes: Notes) -> list[Interval]:
    """Return what the AVAILABLEs free for certain."""
    series: dict[str, list[Event]] = {}
    for available in component.named("AVAILABLE"):
        try:
            series.setdefault(available.value("UID"), []).append(read_event(available, zones, Policy()))
        except NoTimeError:
            notes.add(ProblemKind.UNREADABLE_FREE_BUSY)
    taken = (one for events in series.values() for one in expand(events, window, notes))
    return [interval for state, interval in taken if state is State.BUSY]


def _priority(component: Component) -> int:
    """Return the priority as a number that is lower for what counts more."""
    value = component.value("PRIORITY")
    return int(value) if re.fullmatch(r"[1-9]", value) else 10


def _state(kind: str) -> State:
    kind = kind.strip().upper()
    return {"FREE": State.FREE, "BUSY-TENTATIVE": State.TENTATIVE}.get(kind, State.BUSY)
