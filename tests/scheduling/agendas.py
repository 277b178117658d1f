"""Agendas to read in tests, and the times that are expected of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scheduling.agenda import Problem, ProblemKind, Reading, keep_lines, read_agenda
from scheduling.interval import Interval

BRUSSELS = ZoneInfo("Europe/Brussels")
MARCH = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
YEAR = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def calendar(*parts: str) -> bytes:
    """Return a calendar of components and property lines."""
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", "")).encode()


def event(*lines: str, uid: str = "one") -> str:
    """Return a VEVENT of those property lines."""
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Gesprek", *lines, "END:VEVENT"))


def meeting(*lines: str, uid: str = "one", tzid: str = "Europe/Brussels") -> str:
    """Return a VEVENT on Monday 2 March 2026 from 10 to 11 h."""
    return event(
        f"DTSTART;TZID={tzid}:20260302T100000", f"DTEND;TZID={tzid}:20260302T110000", *lines, uid=uid
    )


def read(
    *parts: str, window: Interval = MARCH, treat_all_as_busy: bool = False, ignore_all_day: bool = False
) -> Reading:
    """Return what a calendar of those parts takes of its owner in Brussels."""
    return read_file(
        calendar(*parts),
        window=window,
        treat_all_as_busy=treat_all_as_busy,
        ignore_all_day=ignore_all_day,
    )


def read_file(
    data: bytes,
    *,
    window: Interval = MARCH,
    treat_all_as_busy: bool = False,
    ignore_all_day: bool = False,
) -> Reading:
    """Return what a file takes of its owner in Brussels."""
    return read_agenda(
        keep_lines(data),
        window=window,
        zone=BRUSSELS,
        treat_all_as_busy=treat_all_as_busy,
        ignore_all_day=ignore_all_day,
    )


def utc(start: str, end: str) -> Interval:
    """Return the interval between "03-02 09:00" and "03-02 10:00" of 2026 in UTC."""
    return Interval(*(datetime.fromisoformat(f"2026-{moment}:00+00:00") for moment in (start, end)))


def days(*dates: str, start: str = "09:00", end: str = "10:00") -> tuple[Interval, ...]:
    """Return those hours in UTC on those dates of 2026 ("03-02")."""
    return tuple(utc(f"{date} {start}", f"{date} {end}") for date in dates)


def problems(**counts: int) -> tuple[Problem, ...]:
    """Return problems by the names of their kinds."""
    return tuple(sorted(Problem(ProblemKind(kind), count) for kind, count in counts.items()))
