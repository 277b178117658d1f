"""From lines to calendars with the components that matter, whatever state their BEGINs and ENDs are in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from scheduling.agenda.lines import Line
from scheduling.agenda.reading import AgendaUnreadableError, UnreadableKind

MAX_EVENTS = 20_000
MAX_DEPTH = 16

_MAIN = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"})
# Their names or values may hold a colon; a date or a rule never does, but an unquoted TZID before it may.
_SPLIT_AT_FIRST_COLON = frozenset({"UID", "TZID", "X-WR-TIMEZONE"})


class Property(NamedTuple):
    """A value and the parameters before it, as written."""

    params: str
    value: str


@dataclass(frozen=True, slots=True)
class Component:
    """A BEGIN…END block: its lines by their names, its blocks inside."""

    name: str
    lines: dict[str, list[str]] = field(default_factory=dict)
    children: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        found = self.lines.get(name)
        return [Property(*_split(name, line)) for line in found] if found else []

    def value(self, name: str) -> str:
        """Return the first value of that name, or an empty string."""
        found = self.lines.get(name)
        return _split(name, found[0])[1] if found else ""

    def named(self, name: str) -> list["Component"]:
        return [child for child in self.children if child.name == name]


@dataclass(frozen=True)
class Tree:
    """The calendars of a file, and how many BEGIN or END lines had no partner."""

    calendars: tuple[Component, ...]
    broken: int


def read_tree(lines: Iterable[Line]) -> Tree:
    """Return the calendars, each with its main components as direct children.

    Raises AgendaUnreadableError where the file stops inside a calendar or holds too much.
    """
    builder = _Builder()
    for name, rest in lines:
        if name == "BEGIN":
            builder.begin(rest[1:].strip().upper())
        elif name == "END":
            builder.end(rest[1:].strip().upper())
        elif builder.path:
            builder.path[-1].lines.setdefault(name, []).append(rest)
    if len(builder.path) > builder.closed:
        raise AgendaUnreadableError(UnreadableKind.TRUNCATED)
    return Tree(tuple(builder.calendars), builder.broken)


class _Builder:
    def __init__(self) -> None:
        self.calendars: list[Component] = []
        self.path: list[Component] = []  # the open components, outermost first; the first is a calendar
        self.closed = 0  # of the open components, how many the file has closed before
        self.broken = 0
        self.events = 0

    def begin(self, name: str) -> None:
        if name in _MAIN and not self.path:
            self._reopen()
        component = Component(name)
        if name == "VCALENDAR":
            self.broken += bool(self.path)
            self.path, self.closed = [component], 0
            self.calendars.append(component)
        elif self.path:
            if name in _MAIN:
                self._begin_main(component)
            else:
                self.path[-1].children.append(component)
            self.path.append(component)
        if len(self.path) > MAX_DEPTH:
            raise AgendaUnreadableError(UnreadableKind.NOT_A_CALENDAR)

    def _reopen(self) -> None:
        """Go on with the calendar that ended last: what comes behind its end is time that is taken too."""
        self.broken += 1
        self.path, self.closed = self.calendars[-1:], 1

    def _begin_main(self, component: Component) -> None:
        self.events += component.name == "VEVENT"
        if self.events > MAX_EVENTS:
            raise AgendaUnreadableError(UnreadableKind.TOO_MANY_EVENTS)
        # A main component inside another means that the END of the other is missing.
        for depth, opened in enumerate(self.path):
            if opened.name in _MAIN:
                self.broken += 1
                del self.path[depth:]
                break
        self.path[0].children.append(component)

    def end(self, name: str) -> None:
        depths = [depth for depth, opened in enumerate(self.path) if opened.name == name]
        if not depths:
            self.broken += bool(self.path)
            return
        self.broken += depths[-1] != len(self.path) - 1
        del self.path[depths[-1] :]


def _split(name: str, line: str) -> tuple[str, str]:
    params, _, value = line.partition(":") if name in _SPLIT_AT_FIRST_COLON else line.rpartition(":")
    return params, value.strip()
