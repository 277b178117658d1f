"""Events: how each one counts, when it is, how long and how it repeats."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from enum import Enum
from itertools import islice

from scheduling.agenda.components import Component, Property
from scheduling.agenda.reading import ProblemKind
from scheduling.agenda.values import (
    DAY,
    Length,
    Stamp,
    UnreadableValueError,
    length_between,
    read_duration,
    read_written,
)
from scheduling.agenda.zones import Zones

MAX_DATES = 10_000  # of added, and of cancelled repetitions of one event

_REPEATED = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
_TZID = re.compile(r';\s*TZID\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)


class State(str, Enum):
    """How an event counts."""

    BUSY = "busy"
    TENTATIVE = "tentative"
    UNKNOWN = "unknown"
    FREE = "free"


@dataclass(frozen=True)
class Policy:
    """What the owner of an agenda wants; leave marked as out of office is busy time whatever she wants."""

    treat_all_as_busy: bool = False
    ignore_all_day: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """A repetition of its own (RDATE), with its own length where it is a period."""

    start: Stamp
    length: Length


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT, master or override, without anything that says what it is about."""

    state: State
    start: Stamp
    length: Length
    rules: tuple[str, ...] = ()
    excluded_rules: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    excluded: tuple[Stamp, ...] = ()
    replaces: Stamp | None = None  # the repetition that it stands for (RECURRENCE-ID)
    and_future: bool = False  # it stands for all later ones too (RANGE=THISANDFUTURE)
    sequence: int = 0
    problems: Counter[ProblemKind] = field(default_factory=Counter)


class NoTimeError(ValueError):
    """An event that says nothing readable about its time."""


def read_event(component: Component, zones: Zones, policy: Policy) -> Event:
    """Return the event, with UNKNOWN as its state where its own time is in doubt; raises NoTimeError."""
    problems: Counter[ProblemKind] = Counter()
    start, length = _time(component, zones, problems)
    state = _state(component, policy, whole_day=start.whole_day)
    if problems and state is not State.FREE:
        state = State.UNKNOWN
    replaces = _stamps(component.all("RECURRENCE-ID")[:1], zones, start.zone, problems)
    return Event(
        state=state,
        start=start,
        length=length,
        rules=tuple(rule.value for rule in component.all("RRULE")),
        excluded_rules=tuple(rule.value for rule in component.all("EXRULE")),
        extras=_extras(component, zones, start, length, problems),
        excluded=_stamps(component.all("EXDATE"), zones, start.zone, problems),
        replaces=replaces[0] if replaces else None,
        and_future=any("THISANDFUTURE" in found.params.upper() for found in component.all("RECURRENCE-ID")),
        sequence=_sequence(component.value("SEQUENCE")),
        problems=problems,
    )


def is_elsewhere(component: Component, span: tuple[datetime, datetime]) -> bool:
    """Return whether an event happens once and outside the span, which is days wider than what is asked for.

    So do most events of most agendas, and nothing else needs to be read of them.
    """
    if not component.lines.keys().isdisjoint(_REPEATED):
        return False
    first, last = span
    try:
        start = read_written(component.value("DTSTART")).local
        return start > last or max(start, read_written(component.value("DTEND")).local) < first
    except UnreadableValueError:
        return False


def tzid(found: Property) -> str:
    """Return the property's zone name as it is written, or an empty string."""
    match = _TZID.search(found.params) if found.params else None
    return match[1] if match else ""


def read_period(text: str, found: Property, zones: Zones, fallback: tzinfo | None) -> Extra:
    """Return the start and length of "start/end" or "start/duration" (3.3.9); raises UnreadableValueError."""
    first, _, second = text.partition("/")
    start = zones.stamp(first, tzid(found), fallback=fallback)
    if second.strip()[:1] in "Pp+-":
        length = read_duration(second)
    else:
        length = length_between(start, zones.stamp(second, tzid(found), fallback=fallback))
    if length.total < timedelta():
        raise UnreadableValueError
    return Extra(start, length)


def rest_of_day(start: Stamp) -> Length:
    """Return the time up to midnight: how long something may take of which the end is unreadable."""
    midnight = datetime.combine(start.local + DAY, time.min)
    return Length(nominal=midnight - start.local)


def _time(component: Component, zones: Zones, problems: Counter[ProblemKind]) -> tuple[Stamp, Length]:
    try:
        start = _stamp(component, "DTSTART", zones)
    except UnreadableValueError:
        problems[ProblemKind.UNREADABLE_START] += 1
        return _likely_time(component, zones)
    try:
        return start, _length(component, zones, start)
    except UnreadableValueError:
        problems[ProblemKind.UNREADABLE_END] += 1
        return start, rest_of_day(start)


def _likely_time(component: Component, zones: Zones) -> tuple[Stamp, Length]:
    """Return the day's rest from the time that an override replaces, or the day up to the event's end."""
    try:
        start = _stamp(component, "RECURRENCE-ID", zones)
        return start, rest_of_day(start)
    except UnreadableValueError:
        pass
    try:
        end = _stamp(component, "DTEND", zones)
    except UnreadableValueError:
        raise NoTimeError from None
    last_day = end.local - timedelta(microseconds=1)
    midnight = Stamp(datetime.combine(last_day, time.min), end.zone, whole_day=False)
    return midnight, Length(nominal=end.local - midnight.local)


def _length(component: Component, zones: Zones, start: Stamp) -> Length:
    if component.value("DTEND"):
        length = length_between(start, _stamp(component, "DTEND", zones, fallback=start.zone))
        # An end on the first day itself is a common slip for the day after.
        length = Length(nominal=DAY) if start.whole_day and not length.total else length
    elif component.value("DURATION"):
        length = read_duration(component.value("DURATION"))
    else:
        length = Length(nominal=DAY) if start.whole_day else Length()
    if length.total < timedelta():
        raise UnreadableValueError
    return length


def _state(component: Component, policy: Policy, *, whole_day: bool) -> State:
    status = component.value("STATUS").upper()
    shown_as = component.value("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    whole_day = whole_day or component.value("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
    if status == "CANCELLED":
        return State.FREE
    if shown_as == "OOF":
        return State.BUSY
    if whole_day and policy.ignore_all_day:
        return State.FREE
    if policy.treat_all_as_busy:
        return State.BUSY
    if component.value("TRANSP").upper() == "TRANSPARENT" or shown_as == "FREE":
        return State.FREE
    return State.TENTATIVE if "TENTATIVE" in (status, shown_as) else State.BUSY


def _stamp(component: Component, name: str, zones: Zones, *, fallback: tzinfo | None = None) -> Stamp:
    found = component.all(name)
    if not found:
        raise UnreadableValueError
    return zones.stamp(found[0].value, tzid(found[0]), fallback=fallback)


def _stamps(
    properties: list[Property], zones: Zones, fallback: tzinfo, problems: Counter[ProblemKind]
) -> tuple[Stamp, ...]:
    """Return the readable ones of comma-separated dates, and count the others as a problem."""
    stamps = []
    for found, text in _dates(properties):
        try:
            stamps.append(zones.stamp(text, tzid(found), fallback=fallback))
        except UnreadableValueError:
            problems[ProblemKind.UNREADABLE_EXCEPTION] += 1
    return tuple(stamps)


def _extras(
    component: Component, zones: Zones, start: Stamp, length: Length, problems: Counter[ProblemKind]
) -> tuple[Extra, ...]:
    extras = []
    for found, text in _dates(component.all("RDATE")):
        try:
            extras.append(_extra(text, found, zones, start, length))
        except UnreadableValueError:
            problems[ProblemKind.UNREADABLE_EXCEPTION] += 1
    return tuple(extras)


def _dates(properties: list[Property]) -> list[tuple[Property, str]]:
    """Return the dates of comma-separated lists as written, up to one more than an event may have."""
    texts = ((found, text) for found in properties for text in map(str.strip, found.value.split(",")) if text)
    return list(islice(texts, MAX_DATES + 1))


def _extra(text: str, found: Property, zones: Zones, start: Stamp, length: Length) -> Extra:
    if "/" in text:
        return read_period(text, found, zones, start.zone)
    stamp = zones.stamp(text, tzid(found), fallback=start.zone)
    if stamp.whole_day and not start.whole_day:
        stamp = replace(stamp, local=datetime.combine(stamp.local, start.local.time()), whole_day=False)
    return Extra(stamp, length)


def _sequence(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
