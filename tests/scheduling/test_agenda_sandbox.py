"""Reading in a child process: the same answers, and an end to everything."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from scheduling.agenda import (
    AgendaUnreadableError,
    Limits,
    Reading,
    UnreadableKind,
    keep_lines,
    read_agenda_safely,
)
from scheduling.agenda.sandbox import DEFAULT_LIMITS
from scheduling.interval import Interval
from tests.scheduling.agendas import BRUSSELS, MARCH, calendar, days, event, meeting, problems, read_file, utc

RICH = calendar(
    meeting("RRULE:FREQ=WEEKLY"),
    meeting("STATUS:TENTATIVE", uid="two").replace("20260302", "20260303"),
    event("DTSTART:20260304T090000Z", "RRULE:FREQ=HOURLY", uid="three"),
)


def read_safely(
    data: bytes,
    *,
    treat_all_as_busy: bool = False,
    ignore_all_day: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Return what a child makes of a file; fail where it takes longer than it may."""
    began = time.monotonic()
    try:
        return read_agenda_safely(
            keep_lines(data),
            window=MARCH,
            zone=BRUSSELS,
            treat_all_as_busy=treat_all_as_busy,
            ignore_all_day=ignore_all_day,
            limits=limits,
        )
    finally:
        assert time.monotonic() - began < limits.wall_seconds + 1


def refusal(data: bytes, limits: Limits = DEFAULT_LIMITS) -> UnreadableKind:
    with pytest.raises(AgendaUnreadableError) as caught:
        read_safely(data, limits=limits)
    return caught.value.kind


def heavy() -> bytes:
    """Return a calendar just below the caps on size and events."""
    exceptions = "EXDATE:" + "20260302T090000Z," * 20
    lines = ("DTSTART:20250101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", exceptions)
    return calendar(*(event(*lines, uid=str(number)) for number in range(19_000)))


def test_a_child_reads_what_this_process_reads() -> None:
    expected = read_file(RICH)
    assert all((expected.busy, expected.tentative, expected.unknown, expected.problems))
    assert read_safely(RICH) == expected


@pytest.mark.parametrize("option", ["treat_all_as_busy", "ignore_all_day"])
def test_a_child_knows_what_the_owner_wants(option: str) -> None:
    data = calendar(
        meeting("TRANSP:TRANSPARENT"), event("DTSTART;VALUE=DATE:20260303", "TRANSP:OPAQUE", uid="two")
    )
    reading = read_safely(data, **{option: True})  # type: ignore[arg-type] # by name
    assert reading == read_file(data, **{option: True})  # type: ignore[arg-type] # by name
    assert reading != read_safely(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"BEGIN:VCALENDAR\n", UnreadableKind.TRUNCATED),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 99, UnreadableKind.NOT_A_CALENDAR),
        (calendar(*["BEGIN:VEVENT\nEND:VEVENT"] * 20_001), UnreadableKind.TOO_MANY_EVENTS),
    ],
    ids=lambda value: value.value if isinstance(value, UnreadableKind) else "",
)
def test_a_child_refuses_what_this_process_refuses(data: bytes, kind: UnreadableKind) -> None:
    assert refusal(data) is kind


def test_threads_may_read_at_once() -> None:
    def read(day: int) -> tuple[Interval, ...]:
        data = calendar(event(f"DTSTART:202603{day:02}T090000Z", "DURATION:PT1H"))
        return read_safely(data).busy

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


GOOD, GOOD_HOUR = (
    event("DTSTART:20260331T080000Z", "DURATION:PT1H", uid="good"),
    utc("03-31 08:00", "03-31 09:00"),
)
FIRST_HOUR = utc("03-01 09:00", "03-01 10:00")
FROM_FIRST_ON = (utc("03-01 10:00", "03-31 08:00"), utc("03-31 09:00", "04-01 00:00"))
EVERY = {
    "BYYEARDAY": ",".join(map(str, range(1, 367))),
    "BYHOUR": ",".join(map(str, range(24))),
    "BYMINUTE": ",".join(map(str, range(60))),
    "BYSECOND": ",".join(map(str, range(60))),
}


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["RRULE:FREQ=SECONDLY"], "sub_daily_rule"),
        (["RRULE:FREQ=MINUTELY;COUNT=1000000"], "sub_daily_rule"),
        (["RRULE:FREQ=HOURLY;BYSETPOS=1"], "sub_daily_rule"),
        ([f"RRULE:FREQ=DAILY;BYHOUR={EVERY['BYHOUR']};BYMINUTE={EVERY['BYMINUTE']}"], "sub_daily_rule"),
        (
            [f"RRULE:FREQ=YEARLY;{';'.join(f'{name}={value}' for name, value in EVERY.items())}"],
            "sub_daily_rule",
        ),
        (["RDATE:" + ",".join(["20260302T090000Z", "20260303T100000Z"] * 50_000)], "too_much_work"),
        (["RDATE:20260302T090000Z"] * 100_000, "too_much_work"),
        (["EXDATE:" + ",".join(["20260302T090000Z"] * 100_000), "RRULE:FREQ=DAILY"], "too_much_work"),
        (["RRULE:FREQ=DAILY"] * 20_000, "too_much_work"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0][:24],
)
def test_an_event_that_asks_for_too_much_is_unknown_from_its_start_on(lines: list[str], kind: str) -> None:
    greedy = event("DTSTART:20260301T090000Z", "DURATION:PT1H", *lines)
    reading = read_safely(calendar(greedy, GOOD))
    assert reading == Reading((FIRST_HOUR, GOOD_HOUR), (), FROM_FIRST_ON, problems(**{kind: 1}), 2)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYSETPOS=366",
        "FREQ=MONTHLY;BYSETPOS=-366",
        "FREQ=YEARLY;BYSETPOS=2",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100",
        "FREQ=DAILY;INTERVAL=999999999",
        "FREQ=DAILY;INTERVAL=999999999;COUNT=999999999",
        "FREQ=YEARLY;INTERVAL=999999999;BYYEARDAY=-366",
    ],
)
def test_a_rule_that_never_repeats_ends_in_time(rule: str) -> None:
    once = event("DTSTART:20260301T090000Z", "DURATION:PT1H", f"RRULE:{rule}")
    assert read_safely(calendar(once, GOOD)) == Reading((FIRST_HOUR, GOOD_HOUR), (), (), (), 2)


def test_a_million_repetitions_are_looked_at_only_in_the_window() -> None:
    daily = event("DTSTART:19000101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=1000000")
    march = days(*(f"03-{day:02}" for day in range(1, 32)))
    assert read_safely(calendar(daily)) == Reading(march, (), (), (), 1)


def zone(*lines: str) -> str:
    """Return a zone an hour east of Greenwich, with more said about it."""
    observance = ("DTSTART:16010101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", *lines)
    parts = ("BEGIN:VTIMEZONE", "TZID:Own", "BEGIN:STANDARD", *observance, "END:STANDARD", "END:VTIMEZONE")
    return "\r\n".join(parts)


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["RRULE:FREQ=SECONDLY"], ["unknown_zone"]),
        (["RRULE:FREQ=MINUTELY;COUNT=1000000"], ["unknown_zone"]),
        (["RRULE:FREQ=HOURLY;UNTIL=99991231T000000Z"], ["unknown_zone"]),
        (
            [f"RRULE:FREQ=YEARLY;{';'.join(f'{name}={value}' for name, value in EVERY.items())}"],
            ["unknown_zone"],
        ),
        (["RRULE:FREQ=YEARLY;COUNT=999999999"], []),
        ([f"RRULE:FREQ=YEARLY;BYYEARDAY={EVERY['BYYEARDAY']}"], []),
        (["RDATE:" + ",".join(["20260302T090000", "20260303T100000"] * 50_000)], []),
    ],
    ids=lambda value: value[0][:24] if value else "",
)
def test_a_zone_that_asks_for_too_much_ends_in_time(lines: list[str], kinds: list[str]) -> None:
    reading = read_safely(calendar(zone(*lines), meeting(tzid="Own"), GOOD))
    assert reading == Reading((*days("03-02"), GOOD_HOUR), (), (), problems(**dict.fromkeys(kinds, 1)), 2)


def test_as_many_events_as_an_agenda_may_have_are_read_in_time() -> None:
    tiny = "BEGIN:VEVENT\r\nDTSTART:20260301T090000Z\r\nDTEND:20260301T100000Z\r\nEND:VEVENT"
    assert read_safely(calendar(*[tiny] * 20_000)) == Reading((FIRST_HOUR,), (), (), (), 20_000)


def test_a_hundred_thousand_events_are_refused() -> None:
    tiny = "BEGIN:VEVENT\r\nDTSTART:20260302\r\nEND:VEVENT"
    assert refusal(calendar(*[tiny] * 100_000)) is UnreadableKind.TOO_MANY_EVENTS
