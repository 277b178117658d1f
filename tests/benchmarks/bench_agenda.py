"""An Outlook calendar to the time that it takes: Klimop against icalendar with recurring-ical-events.

The peer is used as its documentation shows, and what it finds is counted as the statuses say, so that both
must give the very same intervals. Measured is processor time, of child processes too, in turns.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from scheduling.agenda import Reading, keep_lines, read_agenda, read_agenda_safely
from scheduling.interval import Interval, merged, without
from tests.benchmarks.outlook_calendar import outlook_calendar
from tests.benchmarks.report import report

ROUNDS = 9
BRUSSELS = ZoneInfo("Europe/Brussels")
START = datetime(2026, 2, 2, tzinfo=UTC)
WINDOW = Interval(START, START + timedelta(weeks=15))


def read_by_peer(data: bytes) -> list[Event]:
    # To it a day is a day in UTC, so a day more is asked for than is needed.
    found = recurring_ical_events.of(Calendar.from_ical(data))
    expanded: list[Event] = found.between(WINDOW.start - timedelta(days=1), WINDOW.end + timedelta(days=1))
    return expanded


def filter_only(data: bytes) -> str:
    return keep_lines(data).digest


def read_here(data: bytes) -> Reading:
    return read_agenda(keep_lines(data), window=WINDOW, zone=BRUSSELS)


def read_in_child(data: bytes) -> Reading:
    return read_agenda_safely(keep_lines(data), window=WINDOW, zone=BRUSSELS)


WAYS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "peer": ("icalendar and recurring-ical-events", read_by_peer),
    "klimop": ("Klimop", read_here),
    "child": ("Klimop, in a child process", read_in_child),
    "unchanged": ("Klimop, where no line that matters has changed", filter_only),
}


def main() -> None:
    agendas = {
        2000: outlook_calendar(events=2000, series=200, moved=100),
        150: outlook_calendar(events=150, series=15, moved=8),
    }
    measured = {events: _measured(data) for events, data in agendas.items()}
    report(
        "agenda",
        ratio=measured[2000]["peer"] / measured[2000]["klimop"],
        details={
            "events": {
                str(events): _sizes(data) | _rounded(measured[events]) for events, data in agendas.items()
            },
            "rounds": ROUNDS,
        },
        columns=("15 weeks of a calendar", "ms of processor", "times as fast"),
        rows=[
            (f"{events} events: {WAYS[way][0]}", 1000 * seconds, times["peer"] / seconds)
            for events, times in measured.items()
            for way, seconds in times.items()
        ],
    )


def _sizes(data: bytes) -> dict[str, float]:
    return {"bytes": len(data), "kept_bytes": len(keep_lines(data).text)}


def _rounded(times: dict[str, float]) -> dict[str, float]:
    return {f"{way}_ms": round(1000 * seconds, 1) for way, seconds in times.items()}


def _measured(data: bytes) -> dict[str, float]:
    """Return the seconds of each way to read a calendar, once they have proved to read the same."""
    reading = read_here(data)
    if _counted(read_by_peer(data)) != (reading.busy, reading.tentative) or read_in_child(data) != reading:
        raise AssertionError("not all read the same")
    rounds = [{way: _seconds(read, data) for way, (_, read) in WAYS.items()} for _ in range(ROUNDS)]
    return {way: median(times[way] for times in rounds) for way in WAYS}


def _counted(events: list[Event]) -> tuple[tuple[Interval, ...], tuple[Interval, ...]]:
    """Return the busy and the tentative time of the peer's events."""
    found: dict[str, list[Interval]] = {"busy": [], "tentative": [], "free": []}
    for event in events:
        start, end = (
            moment if isinstance(moment, datetime) else datetime.combine(moment, time(), BRUSSELS)
            for moment in (event.start, event.end)
        )
        part = Interval(start, end).clipped(WINDOW)
        if part:
            found[_state(event)].append(part)
    busy = merged(found["busy"])
    return busy, without(found["tentative"], busy)


def _state(event: Event) -> str:
    status, shown = event.get("STATUS"), event.get("X-MICROSOFT-CDO-BUSYSTATUS")
    if status == "CANCELLED" or (shown != "OOF" and event.get("TRANSP") == "TRANSPARENT"):
        return "free"
    return "tentative" if shown != "OOF" and "TENTATIVE" in (status, shown) else "busy"


def _seconds(read: Callable[[bytes], object], data: bytes) -> float:
    started = _processor()
    read(data)
    return _processor() - started


def _processor() -> float:
    """Return the processor seconds of this process and of the children that it has had."""
    used = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
