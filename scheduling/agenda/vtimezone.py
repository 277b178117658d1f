"""Time zones that a calendar defines itself (RFC 5545, 3.6.5)."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from scheduling.agenda.components import Component
from scheduling.agenda.notes import Notes, TooMuchWorkError
from scheduling.agenda.rule_text import UnreadableRuleError, read_rule
from scheduling.agenda.rules import Frequency, Rule
from scheduling.agenda.values import Stamp, UnreadableValueError, read_written

MAX_OBSERVANCES = 200

EARLIEST = datetime(1, 1, 2)  # noqa: DTZ001 - a wall clock time
LATEST = datetime(9999, 12, 30)  # noqa: DTZ001 - a wall clock time
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?", re.ASCII)


class UnreadableZoneError(ValueError):
    """A zone definition that cannot be followed."""


@dataclass(frozen=True, order=True)
class Change:
    """From the local time `onset`, on the clock as it stood `before`, the offset to UTC is `after`."""

    onset: datetime
    before: timedelta
    after: timedelta


class DefinedZone(tzinfo):
    """A zone of known changes."""

    def __init__(self, changes: list[Change]) -> None:
        self._first = changes[0].before
        self._offsets = [change.after for change in changes]
        self._moments = [change.onset - change.before for change in changes]
        # A first reading of a repeated time, and a skipped time, still have the offset before the change.
        self._walls = [change.onset + max(change.after - change.before, timedelta()) for change in changes]
        self._later_walls = [
            change.onset + min(change.after - change.before, timedelta()) for change in changes
        ]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        if moment is None:
            return self._first
        walls = self._later_walls if moment.fold else self._walls
        return self._offset(bisect_right(walls, moment.replace(tzinfo=None, fold=0)))

    def fromutc(self, moment: datetime) -> datetime:
        passed = bisect_right(self._moments, moment.replace(tzinfo=None))
        local = moment + self._offset(passed)
        repeated = passed > 0 and local.replace(tzinfo=None) < self._walls[passed - 1]
        return local.replace(fold=int(repeated))

    def dst(self, moment: datetime | None) -> timedelta:  # noqa: ARG002 - the interface's argument
        return timedelta()

    def tzname(self, moment: datetime | None) -> str | None:  # noqa: ARG002 - the interface's argument
        return None

    def _offset(self, passed: int) -> timedelta:
        return self._offsets[passed - 1] if passed else self._first


def defined_zone(definition: Component, *, years: range, notes: Notes) -> tzinfo:
    """Return a zone that is right in those years; raises UnreadableZoneError."""
    observances = [child for child in definition.children if child.name in ("STANDARD", "DAYLIGHT")]
    if not 0 < len(observances) <= MAX_OBSERVANCES:
        raise UnreadableZoneError
    try:
        changes = [change for child in observances for change in _changes(child, years, notes)]
    except (UnreadableValueError, UnreadableRuleError, TooMuchWorkError) as error:
        raise UnreadableZoneError from error
    return DefinedZone(sorted(set(changes)))


def _changes(observance: Component, years: range, notes: Notes) -> list[Change]:
    before = _offset(observance.value("TZOFFSETFROM"))
    after = _offset(observance.value("TZOFFSETTO"))
    start = Stamp(read_written(observance.value("DTSTART")).local, timezone(before), whole_day=False)
    onsets = {start.local}
    for rule in observance.all("RRULE"):
        onsets.update(_onsets(read_rule(rule.value, start), start.local, years, notes))
    for dates in observance.all("RDATE"):
        onsets.update(read_written(date).local for date in dates.value.split(",") if date.strip())
    # Some programs write the first day of all; an offset must still fit before it.
    return [Change(min(max(onset, EARLIEST), LATEST), before, after) for onset in onsets]


def _onsets(rule: Rule, start: datetime, years: range, notes: Notes) -> list[datetime]:
    if rule.frequency is not Frequency.YEARLY:
        raise UnreadableZoneError
    last = datetime(years.stop, 1, 1)  # noqa: DTZ001 - a wall clock time
    # What a rule that ended before those years left behind may still hold in them.
    first_year = min(years.start, rule.until.year - 2 if rule.until else years.start)
    first = datetime(max(first_year, 1), 1, 1)  # noqa: DTZ001 - a wall clock time
    return rule.starts(start, (first, last), notes)


def _offset(value: str) -> timedelta:
    match = _OFFSET.fullmatch(value)
    if not match:
        raise UnreadableValueError
    sign, hours, minutes, seconds = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    if offset >= timedelta(hours=24):
        raise UnreadableValueError
    return -offset if sign == "-" else offset
