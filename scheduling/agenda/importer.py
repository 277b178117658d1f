"""The importer: an agenda's lines to the time that it takes of a window."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from scheduling.agenda.availability import availability, free_busy
from scheduling.agenda.components import Component, read_tree
from scheduling.agenda.events import Event, NoTimeError, Policy, State, is_elsewhere, read_event
from scheduling.agenda.lines import AgendaLines
from scheduling.agenda.notes import Notes
from scheduling.agenda.reading import ProblemKind, Reading
from scheduling.agenda.series import Taken, expand
from scheduling.agenda.values import clocks_in
from scheduling.agenda.zones import Zones
from scheduling.interval import Interval, merged, without


def read_agenda(
    lines: AgendaLines,
    *,
    window: Interval,
    zone: ZoneInfo,
    treat_all_as_busy: bool = False,
    ignore_all_day: bool = False,
) -> Reading:
    """Return what an agenda takes of the window; `zone` is where its owner lives.

    Cancelled and transparent events are free. `treat_all_as_busy` makes all but the cancelled ones busy;
    `ignore_all_day` leaves out all-day events that are not marked as out of office. What cannot be read is
    unknown, never free. Raises AgendaUnreadableError. An agenda from outside is for read_agenda_safely.
    """
    tree = read_tree(lines)
    policy = Policy(treat_all_as_busy=treat_all_as_busy, ignore_all_day=ignore_all_day)
    notes = Notes()
    notes.add(ProblemKind.BROKEN_STRUCTURE, tree.broken)
    found: dict[State, list[Interval]] = {state: [] for state in State}
    for calendar in tree.calendars:
        for state, interval in _taken(calendar, window, zone, policy, notes):
            found[state].append(interval)
    if treat_all_as_busy:
        found[State.BUSY] += found.pop(State.TENTATIVE)
    busy = merged(found[State.BUSY])
    unknown = without(found[State.UNKNOWN], busy)
    return Reading(
        busy=busy,
        tentative=without(found.get(State.TENTATIVE, ()), (*busy, *unknown)),
        unknown=unknown,
        problems=notes.problems,
        events=sum(len(calendar.named("VEVENT")) for calendar in tree.calendars),
    )


def _taken(
    calendar: Component, window: Interval, owner: ZoneInfo, policy: Policy, notes: Notes
) -> Iterator[Taken]:
    years = range(window.start.year - 2, window.end.year + 2)
    zones = Zones(calendar, owner, years=years, notes=notes)
    near = clocks_in(window)
    events = (event for event in calendar.named("VEVENT") if not is_elsewhere(event, near))
    for series in _series(events, zones, policy, notes):
        yield from expand(series, window, notes)
    for component in calendar.named("VFREEBUSY"):
        yield from free_busy(component, zones, window, notes)
    yield from availability(calendar.named("VAVAILABILITY"), zones, window, notes)


def _series(components: Iterable[Component], zones: Zones, policy: Policy, notes: Notes) -> list[list[Event]]:
    """Return the events by UID; one without a UID stands alone."""
    by_uid: dict[str, list[Event]] = {}
    alone: list[list[Event]] = []
    for component in components:
        try:
            event = read_event(component, zones, policy)
        except NoTimeError:
            notes.add(ProblemKind.NO_TIME)
            continue
        uid = component.value("UID")
        if uid:
            by_uid.setdefault(uid, []).append(event)
        else:
            alone.append([event])
    return [*by_uid.values(), *alone]
