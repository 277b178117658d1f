"""Reading in a child process: the same answers, and an end to everything."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from scheduling.agenda import (
    AgendaUnreadableError,
    Limits,
    UnreadableKind,
    read_agenda,
    read_agenda_safely,
)
from scheduling.interval import Interval
from tests.scheduling.agendas import BRUSSELS, MARCH, calendar, event, meeting, utc

RICH = calendar(
    meeting("RRULE:FREQ=WEEKLY"),
    meeting("STATUS:TENTATIVE", uid="two").replace("20260302", "20260303"),
    event("DTSTART:20260304T090000Z", "RRULE:FREQ=HOURLY", uid="three"),
)


def refusal(data: bytes, limits: Limits | None = None) -> UnreadableKind:
    with pytest.raises(AgendaUnreadableError) as caught:
        read_agenda_safely(data, window=MARCH, zone=BRUSSELS, limits=limits or Limits())
    return caught.value.kind


def heavy() -> bytes:
    """Return a calendar just below the caps on size and events."""
    exceptions = "EXDATE:" + "20260302T090000Z," * 20
    lines = ("DTSTART:20250101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", exceptions)
    return calendar(*(event(*lines, uid=str(number)) for number in range(19_000)))


def test_a_child_reads_what_this_process_reads() -> None:
    expected = read_agenda(RICH, window=MARCH, zone=BRUSSELS)
    assert all((expected.busy, expected.tentative, expected.unknown, expected.problems))
    assert read_agenda_safely(RICH, window=MARCH, zone=BRUSSELS) == expected


@pytest.mark.parametrize("option", ["treat_all_as_busy", "ignore_all_day"])
def test_a_child_knows_what_the_owner_wants(option: str) -> None:
    data = calendar(
        meeting("TRANSP:TRANSPARENT"), event("DTSTART;VALUE=DATE:20260303", "TRANSP:OPAQUE", uid="two")
    )
    plain = read_agenda_safely(data, window=MARCH, zone=BRUSSELS)
    reading = read_agenda_safely(data, window=MARCH, zone=BRUSSELS, **{option: True})  # type: ignore[arg-type] # by name
    assert reading == read_agenda(data, window=MARCH, zone=BRUSSELS, **{option: True})
    assert reading != plain


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", UnreadableKind.EMPTY),
        (b"<html>", UnreadableKind.WEB_PAGE),
        (b"BEGIN:VCALENDAR\n", UnreadableKind.TRUNCATED),
        (b"x" * 10_000_001, UnreadableKind.TOO_LARGE),
    ],
)
def test_a_child_refuses_what_this_process_refuses(data: bytes, kind: UnreadableKind) -> None:
    assert refusal(data) is kind


def test_threads_may_read_at_once() -> None:
    def read(day: int) -> tuple[Interval, ...]:
        data = calendar(event(f"DTSTART:202603{day:02}T090000Z", "DURATION:PT1H"))
        return read_agenda_safely(data, window=MARCH, zone=BRUSSELS).busy

    with ThreadPoolExecutor(max_workers=3) as pool:
        starts = [found[0].start.day for found in pool.map(read, range(1, 7))]
    assert starts == [1, 2, 3, 4, 5, 6]


def test_a_child_that_needs_too_much_processor_time_is_ended() -> None:
    assert refusal(heavy(), Limits(cpu_seconds=1, wall_seconds=60)) is UnreadableKind.TOO_SLOW


def test_a_child_that_needs_too_long_is_ended() -> None:
    assert refusal(heavy(), Limits(wall_seconds=0.2)) is UnreadableKind.TOO_SLOW


def test_a_child_that_needs_too_much_memory_is_ended() -> None:
    limits = Limits(cpu_seconds=60, wall_seconds=60, memory_bytes=60_000_000)
    assert refusal(heavy(), limits) is UnreadableKind.TOO_MUCH_MEMORY


def test_limits_are_above_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Limits(cpu_seconds=0)


@pytest.mark.parametrize(
    "lines",
    [
        ("RRULE:FREQ=SECONDLY",),
        ("RRULE:FREQ=MINUTELY;COUNT=1000000",),
        ("RRULE:FREQ=DAILY;COUNT=1000000",),
        ("RRULE:FREQ=DAILY;BYSETPOS=400",),
        ("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",),
        ("RRULE:FREQ=DAILY;INTERVAL=999999999;COUNT=999999999",),
        (
            f"RRULE:FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 367)))}"
            f";BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}"
            f";BYSECOND={','.join(map(str, range(60)))}",
        ),
        ("RDATE:" + ",".join(["20260302T090000Z", "20260303T100000Z"] * 50_000),),
        ("EXDATE:" + ",".join(["20260302T090000Z"] * 100_000), "RRULE:FREQ=DAILY"),
        ("DURATION:P99999999999D", "RRULE:FREQ=DAILY"),
        ("RSCALE:X", "RRULE:RSCALE=HEBREW;FREQ=YEARLY"),
    ],
    ids=lambda lines: lines[0][:40],
)
def test_a_hostile_event_ends_in_time_and_leaves_the_others_readable(lines: tuple[str, ...]) -> None:
    good, hour = (
        event("DTSTART:20260331T080000Z", "DURATION:PT1H", uid="good"),
        utc("03-31 08:00", "03-31 09:00"),
    )
    hostile = event("DTSTART:20260228T090000Z", "DURATION:PT1H", *lines)
    began = time.monotonic()
    reading = read_agenda_safely(calendar(hostile, good), window=MARCH, zone=BRUSSELS)
    assert time.monotonic() - began < 6
    assert any(found.start <= hour.start and hour.end <= found.end for found in reading.busy)


def test_a_hundred_thousand_events_are_refused_in_time() -> None:
    began = time.monotonic()
    kind = refusal(calendar(*["BEGIN:VEVENT\r\nDTSTART:20260302\r\nEND:VEVENT"] * 100_000))
    assert (kind, time.monotonic() - began < 6) == (UnreadableKind.TOO_MANY_EVENTS, True)
