"""Files of many programs and standards, and mutations of them: read or refused, and never anything else."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduling.agenda import AgendaUnreadableError, Reading, UnreadableKind, keep_lines, read_agenda
from scheduling.interval import Interval, merged
from tests.scheduling.agendas import BRUSSELS, MARCH, calendar, event, meeting, read_file

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
    *(b"", b"\0", b"\r", b"\n", b"\n ", b":", b";", b",", b"-", b"/", b"=", b"0", b"-1", b"T", b"Z", b"P"),
    *(b"0000", b"9999", b"99999999999999999999", b"SECONDLY", b"YEARLY", b"DAILY", b"BYWEEKNO=53;"),
    *(b"\nBEGIN:VCALENDAR\n", b"\nEND:VCALENDAR\n", b"\nBEGIN:VEVENT\n", b"\nEND:VEVENT\n"),
    *(b"\nRDATE:00010101T000000Z/P9999W\n", b"\nRRULE:FREQ=DAILY;COUNT=999999999\n"),
    *(b"\nDTSTART:00010101\n", b"\nDTSTART:99991231T235959\n", b"\nTZOFFSETTO:-2359\n"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", "é".encode(), b"\nSUMMARY;QUOTED-PRINTABLE:=\n"),
)
WHERE = st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), st.sampled_from(TOKENS))
MUTATIONS = st.lists(WHERE, min_size=1, max_size=6)

PRIVATE = ("SUMMARY", "LOCATION", "DESCRIPTION", "ATTENDEE", "ORGANIZER", "COMMENT", "CONTACT", "X-ALT-DESC")
PARAMETERS = ("", ";LANGUAGE=nl", ' ;CN="An: DTSTART"', ";UID=1", "\t", ";ENCODING=QUOTED-PRINTABLE")
FOLDS = (
    *("\r\n ", "\n\t", "\r\r\n ", "\r\n\r\n ", "\n \n\t"),
    *("\r", "\0", "\x0b", "\x1e", "\x85", "\u2028", "\ufeff"),  # no ends of lines beside line feeds
)
NO_LINE_FEED = st.characters(codec="utf-8", exclude_characters="\n")
WORDS = (
    *("DTSTART:", "dtstart;x=", "BEGIN:VEVENT", "END:VCALENDAR", "UID:", "TRANSP:TRANSPARENT"),
    *("ontslag", "é", "="),
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


def check_file(data: bytes) -> None:
    """Assert what keeping and reading the lines of any file promise."""
    try:
        lines = keep_lines(data)
    except AgendaUnreadableError:
        return
    assert keep_lines(lines.text) == lines
    try:
        reading = read_agenda(lines, window=MARCH, zone=BRUSSELS)
    except AgendaUnreadableError:
        return
    check(reading, MARCH)


def mutated(data: bytes, mutations: list[tuple[int, int, bytes]]) -> bytes:
    for start, length, token in mutations:
        data = data[:start] + token + data[start + length :]
    return data


def outcome(path: Path) -> str:
    """Return whether a sample is read in full, read in part, or why it is refused."""
    try:
        reading = read_file(path.read_bytes(), window=LONG)
    except AgendaUnreadableError as error:
        return error.kind.value
    check(reading, LONG)
    return "in part" if reading.problems else "in full"


@pytest.mark.skipif(not SAMPLES, reason="the sample calendars lie beside the checkout")
def test_the_samples_of_many_programs_are_read_or_refused_with_the_reason() -> None:
    assert Counter(map(outcome, SAMPLES)) == {
        "in full": 81,
        "in part": 25,
        UnreadableKind.NOT_A_CALENDAR.value: 47,  # nearly all are an event without a calendar around it
        UnreadableKind.TRUNCATED.value: 4,
    }


def test_the_seed_of_the_mutations_is_a_good_calendar() -> None:
    reading = read_file(SEED)
    assert (reading.events, reading.problems) == (3, ())
    assert all((reading.busy, reading.tentative))


@settings(max_examples=400)
@example(mutations=[(102, 0, b"\nDTSTART:00010101\n")])
@given(mutations=MUTATIONS)
def test_a_mutated_calendar_is_read_or_refused(mutations: list[tuple[int, int, bytes]]) -> None:
    check_file(mutated(SEED, mutations))


@settings(max_examples=200)
@given(data=st.binary(max_size=300))
def test_bytes_inside_an_event_are_read_or_refused(data: bytes) -> None:
    head, _, tail = SEED.partition(b"SUMMARY:Gesprek\r\n")
    check_file(head + data + b"\r\n" + tail)


@settings(max_examples=100)
@given(mutations=MUTATIONS, coding=st.sampled_from(("utf-16", "utf-16-le", "utf-16-be", "utf-32")))
def test_a_mutated_calendar_in_another_coding_is_read_or_refused(
    mutations: list[tuple[int, int, bytes]], coding: str
) -> None:
    check_file(mutated(SEED.decode().encode(coding), mutations))


@st.composite
def private_lines(draw: st.DrawFn) -> str:
    """Return a property of words, in any case, folded anywhere, with what looks like other lines inside."""
    name = "".join(
        draw(st.sampled_from((str.lower, str.upper)))(letter) for letter in draw(st.sampled_from(PRIVATE))
    )
    parameter = draw(st.sampled_from(PARAMETERS))
    pieces = st.one_of(st.sampled_from((*WORDS, *FOLDS)), st.text(NO_LINE_FEED, max_size=8))
    if "QUOTED" in parameter:
        pieces = st.one_of(pieces, st.sampled_from(("=\r\n", "= \n", "=3D=\n")))
    value = "".join(draw(st.lists(pieces, max_size=12)))
    folded = draw(st.sampled_from(("", *FOLDS)))
    return f"{name[:3]}{folded}{name[3:]}{parameter}:{value}x"


@settings(max_examples=400)
@given(line=private_lines(), coding=st.sampled_from(("utf-8", "utf-16", "utf-16-be")))
def test_no_word_of_a_private_line_is_kept(line: str, coding: str) -> None:
    head, _, tail = SEED.decode().partition("SUMMARY:Gesprek\r\n")
    data = f"{head}{line}\r\n{tail}".encode(coding)
    assert keep_lines(data) == keep_lines(SEED)


@settings(max_examples=200)
@given(value=st.binary(max_size=100))
def test_no_byte_of_a_private_line_is_kept(value: bytes) -> None:
    head, _, tail = SEED.partition(b"SUMMARY:Gesprek\r\n")
    folded = value.replace(b"\n", b"\n ")
    assert keep_lines(head + b"SUMMARY:" + folded + b"\r\n" + tail) == keep_lines(SEED)
