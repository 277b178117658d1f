"""Recurrence rules as iCalendar writes them (RFC 5545, 3.3.10), and as programs get them wrong."""

import re
from datetime import UTC, datetime, time
from itertools import product

from scheduling.agenda.rules import Frequency, Rule
from scheduling.agenda.values import LAST, Stamp, UnreadableValueError, read_written, to_local

LONGEST_RULE = 3_000
MAX_TIMES_A_DAY = 48

_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_PARTS = {
    *("COUNT", "INTERVAL", "UNTIL", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"),
    *("BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"),
}
_NUMBER = re.compile(r"[+-]?\d{1,9}", re.ASCII)


class UnreadableRuleError(ValueError):
    """A rule that does not follow the format, or uses a part of it that nobody can be asked to support."""


class SubDailyRuleError(UnreadableRuleError):
    """A rule that repeats within a day."""


def read_rule(text: str, start: Stamp) -> Rule:
    """Return the rule of a series that begins at `start`.

    Raises SubDailyRuleError, or UnreadableRuleError for anything else that is not understood. An interval of
    0 is read as 1 and an empty part as absent, as the programs that write them mean it.
    """
    if len(text) > LONGEST_RULE:
        raise UnreadableRuleError
    parts = _parts(text)
    frequency = parts.pop("FREQ", "").upper()
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise SubDailyRuleError
    if frequency not in Frequency.__members__ or not parts.keys() <= _PARTS:
        raise UnreadableRuleError
    count = _number(parts["COUNT"], 1, 10**9) if "COUNT" in parts else None
    return Rule(
        frequency=Frequency(frequency),
        interval=_number(parts.get("INTERVAL", "1"), 0, 10**9) or 1,
        count=count,
        until=read_until(parts["UNTIL"], start) if "UNTIL" in parts else None,
        months=_numbers(parts, "BYMONTH", 1, 12),
        weeks=_signed(parts, "BYWEEKNO", 53),
        year_days=_signed(parts, "BYYEARDAY", 366),
        month_days=_signed(parts, "BYMONTHDAY", 31),
        weekdays=_weekdays(parts, ordinals=frequency in ("MONTHLY", "YEARLY")),
        times=() if start.whole_day else _times(parts, start.local),
        positions=tuple(sorted(_signed(parts, "BYSETPOS", 366))),
        week_start=_week_start(parts),
    )


def read_until(value: str, start: Stamp) -> datetime | None:
    """Return the inclusive end in the wall clock time of the series; raises UnreadableRuleError."""
    if not value:
        return None
    try:
        written = read_written(value)
    except UnreadableValueError:
        raise UnreadableRuleError from None
    local = to_local(written.local.replace(tzinfo=UTC), start.zone) if written.utc else written.local
    if start.whole_day:
        # Written in UTC it may mean either date; the later one is the safe reading.
        return datetime.combine(max(local, written.local), time.max)
    return datetime.combine(local, time.max) if written.whole_day else local


def last_until(text: str, start: Stamp) -> datetime:
    """Return the end of a rule of which the rest may be unreadable, or the end of time."""
    try:
        return read_until(_parts(text[:LONGEST_RULE]).get("UNTIL", ""), start) or LAST
    except UnreadableRuleError:
        return LAST


def _parts(text: str) -> dict[str, str]:
    """Return the parts that say something by name, in capitals."""
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    parts = {name.strip().upper(): value.strip() for name, _, value in pairs}
    if parts.get("RSCALE", "").upper() == "GREGORIAN" and parts.get("SKIP", "OMIT").upper() == "OMIT":
        parts.pop("RSCALE")
        parts.pop("SKIP", "")
    return {name: value for name, value in parts.items() if value and not name.startswith("X-")}


def _number(text: str, low: int, high: int) -> int:
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise UnreadableRuleError
    return int(text)


def _numbers(parts: dict[str, str], name: str, low: int, high: int) -> frozenset[int]:
    return frozenset(
        _number(text.strip(), low, high) for text in parts.get(name, "").split(",") if text.strip()
    )


def _signed(parts: dict[str, str], name: str, high: int) -> frozenset[int]:
    numbers = _numbers(parts, name, -high, high)
    if 0 in numbers:
        raise UnreadableRuleError
    return numbers


def _weekdays(parts: dict[str, str], *, ordinals: bool) -> frozenset[tuple[int, int]]:
    found = set()
    for text in parts.get("BYDAY", "").upper().split(","):
        match = _BY_DAY.fullmatch(text.strip())
        if match:
            found.add((int(match[1] or 0) if ordinals else 0, _WEEKDAYS[match[2]]))
        elif text.strip():
            raise UnreadableRuleError
    return frozenset(found)


def _times(parts: dict[str, str], start: datetime) -> tuple[time, ...]:
    hours = _numbers(parts, "BYHOUR", 0, 23) or {start.hour}
    minutes = _numbers(parts, "BYMINUTE", 0, 59) or {start.minute}
    seconds = _numbers(parts, "BYSECOND", 0, 59) or {start.second}
    if len(hours) * len(minutes) * len(seconds) > MAX_TIMES_A_DAY:
        raise SubDailyRuleError
    return tuple(sorted(time(*clock) for clock in product(hours, minutes, seconds)))


def _week_start(parts: dict[str, str]) -> int:
    name = parts.get("WKST", "MO").upper()
    if name not in _WEEKDAYS:
        raise UnreadableRuleError
    return _WEEKDAYS[name]
