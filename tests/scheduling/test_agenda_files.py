"""Files of many programs and standards, and mutations of them: read or refused, and never anything else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduling.agenda import AgendaUnreadableError, Reading, read_agenda
from scheduling.interval import Interval, merged
from tests.scheduling.agendas import BRUSSELS, MARCH, calendar, event, meeting

SAMPLES = sorted((Path(__file__).parents[3] / "shared" / "samples" / "ics").glob("*.ics"))
LONG = Interval(datetime(1990, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))

SEED = calendar(
    "X-WR-TIMEZONE:Europe/Brussels",
    *("BEGIN:VTIMEZONE", "TZID:Own", "BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200"),
    *("TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD", "END:VTIMEZONE"),
    meeting("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;UNTIL=20260330T090000Z", "EXDATE:20260316T090000Z"),
    event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260317T090000Z",
        "DTSTART;TZID=Own:20260318T090000",
        "DURATION:P1DT2H",
    ),
    event(
        "DTSTART;VALUE=DATE:20260303",
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1;COUNT=9",
        "STATUS:TENTATIVE",
        uid="b",
    ),
    *(
        "BEGIN:VFREEBUSY",
        "FREEBUSY;FBTYPE=BUSY:20260304T090000Z/PT1H,20260304T090000Z/20260305",
        "END:VFREEBUSY",
    ),
    *(
        "BEGIN:VAVAILABILITY",
        "DTSTART:20260302T000000Z",
        "DTEND:20260309T000000Z",
        "PRIORITY:2",
        "BEGIN:AVAILABLE",
    ),
    *("DTSTART:20260302T080000Z", "DURATION:PT9H", "RRULE:FREQ=DAILY", "END:AVAILABLE", "END:VAVAILABILITY"),
)
TOKENS = (
    *(
        b"",
        b"\0",
        b"\r",
        b"\n ",
        b":",
        b";",
        b",",
        b"-",
        b"0",
        b"9999",
        b"0000",
        b"99999999999999999999",
        b"T",
        b"Z",
    ),
    *(
        b"\nBEGIN:VCALENDAR\n",
        b"\nEND:VEVENT\n",
        b"\nBEGIN:VEVENT\n",
        b"SECONDLY",
        b"YEARLY",
        b"DAILY",
        b"-1",
        b"/",
    ),
    *(
        b"\nRDATE:00010101T000000Z/P9999W\n",
        b"\nRRULE:FREQ=DAILY;COUNT=999999999\n",
        b"\nDTSTART:00010101\n",
        b"P",
    ),
    *(b"\nTZOFFSETTO:-2359\n", b"\nDTSTART:99991231T235959\n", b"\xff\xfe", "é".encode(), b"BYWEEKNO=53;"),
)


def check(reading: Reading, window: Interval) -> None:
    """Assert what every reading promises."""
    kinds = (reading.busy, reading.tentative, reading.unknown)
    for intervals in kinds:
        assert intervals == merged(intervals)
        assert all(window.start <= interval.start and interval.end <= window.end for interval in intervals)
    total = sum((interval.duration for kind in kinds for interval in kind), start=window.duration * 0)
    together = merged(interval for kind in kinds for interval in kind)
    assert total == sum((interval.duration for interval in together), start=window.duration * 0)


@pytest.mark.skipif(not SAMPLES, reason="the sample calendars lie beside the checkout")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_or_refused(path: Path) -> None:
    try:
        reading = read_agenda(path.read_bytes(), window=LONG, zone=BRUSSELS)
    except AgendaUnreadableError:
        return
    check(reading, LONG)


@settings(max_examples=400, deadline=None)
@example(cuts=[(102, 0, b"\nDTSTART:00010101\n")])
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), st.sampled_from(TOKENS)),
        min_size=1,
        max_size=6,
    )
)
def test_a_mutated_calendar_is_read_or_refused(cuts: list[tuple[int, int, bytes]]) -> None:
    data = SEED
    for start, length, token in cuts:
        data = data[:start] + token + data[start + length :]
    try:
        reading = read_agenda(data, window=MARCH, zone=BRUSSELS)
    except AgendaUnreadableError:
        return
    check(reading, MARCH)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300))
def test_bytes_inside_an_event_are_read_or_refused(data: bytes) -> None:
    head, _, tail = SEED.partition(b"SUMMARY:Gesprek\r\n")
    try:
        reading = read_agenda(head + data + b"\r\n" + tail, window=MARCH, zone=BRUSSELS)
    except AgendaUnreadableError:
        return
    check(reading, MARCH)


def test_the_seed_of_the_mutations_is_a_good_calendar() -> None:
    reading = read_agenda(SEED, window=MARCH, zone=BRUSSELS)
    assert (reading.events, reading.problems) == (3, ())
    assert all((reading.busy, reading.tentative))
