"""Time zone names as calendars write them: IANA, Windows, display names, offsets, or defined in the file."""

import pkgutil
import re
import runpy
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.util import find_spec
from zoneinfo import ZoneInfo

from scheduling.agenda.components import Component
from scheduling.agenda.notes import Notes
from scheduling.agenda.values import Stamp, Written, read_written, to_local
from scheduling.agenda.vtimezone import UnreadableZoneError, defined_zone

LONGEST_NAME = 255
MAX_DEFINITIONS = 100

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d\d))?", re.ASCII | re.IGNORECASE)
_DISPLAY = re.compile(r"\(((?:UTC|GMT)[^)]*)\)\s*(.*)", re.IGNORECASE)


class Zones:
    """The zones of one calendar. Definitions are kept per calendar, so that none reaches another person's."""

    def __init__(self, calendar: Component, owner: ZoneInfo, *, years: range, notes: Notes) -> None:
        self._definitions: dict[str, Component] = {}
        for definition in calendar.named("VTIMEZONE")[:MAX_DEFINITIONS]:
            self._definitions.setdefault(_bare(definition.value("TZID")), definition)
        self._years, self._notes = years, notes
        self._found: dict[str, tzinfo | None] = {}
        self._owner = owner
        published = _bare(calendar.value("X-WR-TIMEZONE"))
        self._published = self._find(published) if published else None
        self.default: tzinfo = self._published or owner

    def stamp(self, value: str, tzid: str = "", *, fallback: tzinfo | None = None) -> Stamp:
        """Return a date or date-time in its zone: UTC, named, or else `fallback` or the calendar's default.

        Where a calendar names its zone in X-WR-TIMEZONE, times in UTC are times there that were converted.
        Raises UnreadableValueError.
        """
        written = read_written(value)
        if written.utc:
            return self._utc_stamp(written)
        name = _bare(tzid)
        if written.whole_day or not name:
            return Stamp(written.local, fallback or self.default, written.whole_day)
        if name not in self._found:
            self._found[name] = self._find(name)
        zone = self._found[name]
        return Stamp(written.local, zone or self._owner, whole_day=False, guessed=zone is None)

    def _utc_stamp(self, written: Written) -> Stamp:
        if self._published is None:
            return Stamp(written.local, UTC, whole_day=False, exact=True)
        local = to_local(written.local.replace(tzinfo=UTC), self._published)
        return Stamp(local, self._published, whole_day=False, exact=True)

    def _find(self, name: str) -> tzinfo | None:
        """Return the zone, or None for a name that says nothing; the file's own goes before guesses."""
        if len(name) > LONGEST_NAME:
            return None
        known = _iana(name) or _windows(name)
        if known:
            return known
        if name in self._definitions:
            try:
                return defined_zone(self._definitions[name], years=self._years, notes=self._notes)
            except UnreadableZoneError:
                pass
        return _fixed(name) or self._displayed(name)

    def _displayed(self, name: str) -> tzinfo | None:
        """Return the zone of "(UTC+01:00) Amsterdam, Berlin": of its cities, or else of its offset."""
        match = _DISPLAY.fullmatch(name)
        offset = match and _fixed(match[1])
        if not match or not offset:
            return None
        cities = (_folded(city) for city in match[2].split(","))
        zones = [ZoneInfo(_iana_cities()[city]) for city in cities if city in _iana_cities()]
        return next((zone for zone in (*zones, self._owner) if _has_offset(zone, offset)), offset)


def _bare(name: str) -> str:
    return name.strip().strip('"').strip()


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def _iana(name: str) -> ZoneInfo | None:
    """Return the zone of a name in any case, also behind a path ("/mozilla.org/2007/Europe/Brussels")."""
    parts = _folded(name).split("/")
    suffixes = ("/".join(parts[start:]) for start in range(len(parts)))
    for suffix in suffixes:
        if suffix in _iana_names() and ("/" in suffix or len(parts) == 1 or suffix == "utc"):
            return ZoneInfo(_iana_names()[suffix])
    return None


def _windows(name: str) -> ZoneInfo | None:
    found = _windows_names().get(name.casefold())
    return ZoneInfo(found) if found else None


def _fixed(name: str) -> timezone | None:
    """Return the zone of "GMT+0200", "UTC-3" or "+01:00"."""
    if _folded(name) in ("utc", "gmt"):
        return timezone(timedelta())
    match = _OFFSET.fullmatch(name)
    if not match:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset) if offset < timedelta(hours=24) else None


def _has_offset(zone: ZoneInfo, offset: timezone) -> bool:
    """Return whether the zone has the offset in winter: display names give the standard time."""
    winters: Iterable[datetime] = (datetime(2025, month, 1, tzinfo=zone) for month in (1, 7))
    return offset.utcoffset(None) in [winter.utcoffset() for winter in winters if not winter.dst()]


@cache
def _iana_names() -> Mapping[str, str]:
    """Return the IANA names by their names in small letters."""
    names = pkgutil.get_data("tzdata", "zones") or b""
    return {name.casefold(): name for name in names.decode().split()}


@cache
def _iana_cities() -> Mapping[str, str]:
    """Return the IANA names by their last part in small letters."""
    return {name.rpartition("/")[2].casefold(): name for name in _iana_names().values() if "/" in name}


@cache
def _windows_names() -> Mapping[str, str]:
    """Return the IANA names by the names that Windows uses, in small letters."""
    # Importing icalendar for its table would take longer than reading most agendas: run only that file.
    package = find_spec("icalendar")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("icalendar")
    table = runpy.run_path(f"{package.submodule_search_locations[0]}/timezone/windows_to_olson.py")
    return {windows.casefold(): name for windows, name in table["WINDOWS_TO_OLSON"].items()}
