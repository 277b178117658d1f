"""What cannot be read is unknown, never free; and one bad event stays one bad event."""

import codecs

import pytest

from scheduling.agenda import AgendaUnreadableError, Reading, UnreadableKind
from scheduling.interval import Interval
from tests.scheduling.agendas import MARCH, calendar, days, event, meeting, problems, read, read_file, utc

GOOD = event("DTSTART:20260331T080000Z", "DTEND:20260331T090000Z", uid="good")
GOOD_HOUR = (utc("03-31 08:00", "03-31 09:00"),)


def refusal(data: bytes) -> UnreadableKind:
    with pytest.raises(AgendaUnreadableError) as caught:
        read_file(data)
    return caught.value.kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 1000, UnreadableKind.NOT_A_CALENDAR),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026", UnreadableKind.TRUNCATED),
        (calendar(GOOD) + b"BEGIN:VCALENDAR\n", UnreadableKind.TRUNCATED),
        (calendar(*["BEGIN:VEVENT\nEND:VEVENT"] * 20_001), UnreadableKind.TOO_MANY_EVENTS),
    ],
    ids=lambda value: value.value if isinstance(value, UnreadableKind) else "",
)
def test_what_is_no_whole_calendar_is_refused_with_the_reason(data: bytes, kind: UnreadableKind) -> None:
    assert refusal(data) is kind


def test_a_file_that_stops_anywhere_in_its_calendar_is_refused() -> None:
    whole = calendar(GOOD)
    begun = len("BEGIN:VCALENDAR")
    assert {refusal(whole[:end]) for end in range(begun, len(whole.rstrip()))} == {UnreadableKind.TRUNCATED}
    assert {refusal(whole[:end]) for end in range(1, begun)} == {UnreadableKind.NOT_A_CALENDAR}


@pytest.mark.parametrize(
    "data",
    [
        calendar(GOOD).decode().encode("utf-16"),
        calendar(GOOD).decode().encode("utf-16-le"),
        calendar(GOOD).decode().encode("utf-16-be"),
        b"\xef\xbb\xbf" + calendar(GOOD),
        calendar(GOOD).replace(b"\r\n", b"\r"),
        calendar(GOOD).replace(b"\r\n", b"\n"),
        calendar(GOOD).replace(b"\r\n", b"\r\r\n"),
        calendar(GOOD).replace(b"DTEND", b"DT\r\n END").replace(b"0090", b"00\r\n\t90"),
        calendar(GOOD).replace(b"Gesprek", b"caf\xe9\0"),
        calendar(GOOD).lower().replace(b"t080000z", b"T080000Z"),
        b"X-Header: 1\r\n\r\n" + calendar(GOOD),
        b" \r\n\r\n \t" + calendar(GOOD),
        calendar(GOOD) + b"\x1a",
        calendar(GOOD).replace(b"\r\n", b"\r\n\r\n"),
        calendar(GOOD).replace(b"DTEND", b"DT\r\n\r\n END"),
        calendar() + calendar(GOOD),
        codecs.BOM_UTF8 + calendar() + codecs.BOM_UTF8 + calendar(GOOD),
    ],
)
def test_a_calendar_is_read_in_any_coding_and_with_any_line_ends(data: bytes) -> None:
    reading = read_file(data)
    assert (reading.busy, reading.problems) == (GOOD_HOUR, ())


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("DTSTART:20260230T100000Z",), "no_time"),
        (("DTSTART:20261301", "DTEND:20261302"), "no_time"),
        (("DTSTART:00000101T100000Z",), "no_time"),
        (("DTSTART:00000101T100000Z", "DTEND:20260302T090000Z"), "unreadable_start"),
        (("DTSTART:20260302T090000Z", "DTEND:00000101T100000Z"), "unreadable_end"),
        (("DTSTART:20260302T090000Z", "DTEND:99991231T235960Z"), ""),
        (("DTSTART:99991231T235959Z", "RRULE:FREQ=YEARLY"), ""),
        (("DTSTART:00010101T000000Z", "RRULE:FREQ=YEARLY", "DURATION:PT1H"), ""),
        (("DTSTART:20260302T090000Z", "RRULE:FREQ=FORTNIGHTLY"), "unreadable_rule"),
        (("DTSTART:20260302T090000Z", "RRULE:FREQ=WEEKLY;BYDAY=ZO"), "unreadable_rule"),
        (("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=-1"), "unreadable_rule"),
        (("DTSTART:20260302T090000Z", "RRULE:RSCALE=HEBREW;FREQ=YEARLY"), "unreadable_rule"),
        (("DTSTART:20260302T090000Z", "RRULE:RSCALE=GREGORIAN;FREQ=YEARLY"), ""),
        (("DTSTART:20260302T090000Z", "DURATION:P9999999999999999W"), ""),
        (("DTEND:20260302T100000Z",), "unreadable_start"),
        ((), "no_time"),
        ((f"DTSTART;TZID={'A' * 5000}:20260302T100000", "DURATION:PT1H"), "unknown_zone"),
        (("EXDATE:20260230", "RDATE:x", "DTSTART:20260302T090000Z", "DURATION:PT1H"), "unreadable_exception"),
    ],
)
def test_one_bad_event_stays_one_bad_event(lines: tuple[str, ...], kind: str) -> None:
    reading = read(event(*lines), GOOD)
    assert {problem.kind.value for problem in reading.problems} == {kind} - {""}
    assert any(found.start <= GOOD_HOUR[0].start < GOOD_HOUR[0].end <= found.end for found in reading.busy)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("DTSTART:",),
        ("DTSTART:20260230T100000Z",),
        ("DTSTART:00000101T100000Z", "DTEND:00000101T110000Z"),
        ("DTSTART:morgen", "DTEND:overmorgen"),
        ("DTSTART;VALUE=DATE:20261301",),
    ],
)
def test_an_event_without_a_readable_time_is_a_problem_of_its_own(lines: tuple[str, ...]) -> None:
    reading = read(event(*lines), GOOD)
    assert (reading.busy, reading.problems) == (GOOD_HOUR, problems(no_time=1))


def test_an_event_without_a_readable_start_makes_its_last_day_unknown_up_to_its_end() -> None:
    reading = read(event("DTSTART:morgen", "DTEND;TZID=Europe/Brussels:20260302T110000"), GOOD)
    assert (reading.busy, reading.unknown, reading.problems) == (
        GOOD_HOUR,
        (utc("03-01 23:00", "03-02 10:00"),),
        problems(unreadable_start=1),
    )


def test_a_moved_repetition_without_a_readable_start_makes_its_old_time_unknown() -> None:
    moved = event("RECURRENCE-ID:20260309T090000Z", "DTSTART:morgen")
    reading = read(meeting("RRULE:FREQ=WEEKLY;COUNT=2"), moved)
    assert (reading.busy, reading.unknown) == (
        days("03-02"),
        (utc("03-09 09:00", "03-10 00:00"),),
    )


@pytest.mark.parametrize(
    "end", ["DTEND:straks", "DTEND:20260301T090000Z", "DURATION:-PT1H", "DURATION:1 uur", "DURATION:P"]
)
def test_without_a_readable_end_the_rest_of_the_day_is_unknown(end: str) -> None:
    reading = read(event("DTSTART;TZID=Europe/Brussels:20260302T100000", end), GOOD)
    assert (reading.busy, reading.unknown, reading.problems) == (
        GOOD_HOUR,
        days("03-02", end="23:00"),
        problems(unreadable_end=1),
    )


@pytest.mark.parametrize(
    "length", ["P999999999999D", "PT99999999999999999S", "P99999999W", "P400000DT99999999999H"]
)
def test_a_huge_duration_lasts_to_the_end_of_the_window(length: str) -> None:
    reading = read(event("DTSTART:20260302T090000Z", f"DURATION:{length}"))
    assert (reading.busy, reading.problems) == ((utc("03-02 09:00", "04-01 00:00"),), ())


@pytest.mark.parametrize("year", ["0001", "1000", "9999"])
def test_an_event_in_a_far_year_is_outside_the_window(year: str) -> None:
    reading = read(event(f"DTSTART:{year}1231T100000Z", f"DTEND:{year}1231T235959Z"), GOOD)
    assert (reading.busy, reading.problems) == (GOOD_HOUR, ())


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=",
        "FREQ=WEEKLYY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=MO TU",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=veel",
        "FREQ=DAILY;INTERVAL=-2",
        "FREQ=DAILY;UNTIL=later",
        "FREQ=DAILY;WKST=XX",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYEASTER=1",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD",
        "FREQ=YEARLY;BYYEARDAY=" + ",".join(["1"] * 3000),
    ],
    ids=lambda rule: rule[:40],
)
def test_an_unreadable_rule_makes_its_hour_unknown_on_every_day(rule: str) -> None:
    reading = read(meeting(f"RRULE:{rule}"), window=Interval(MARCH.start, MARCH.start.replace(day=5)))
    assert (reading.busy, reading.unknown, reading.problems) == (
        days("03-02"),
        days("03-03", "03-04"),
        problems(unreadable_rule=1),
    )


def test_an_unreadable_rule_that_ends_makes_nothing_unknown_after_its_end() -> None:
    reading = read(meeting("RRULE:FREQ=WEEKLY;BYDAY=XX;UNTIL=20260304"))
    assert (reading.busy, reading.unknown) == (days("03-02"), days("03-03", "03-04"))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=1000000",
        "FREQ=HOURLY;INTERVAL=2",
        "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
    ],
    ids=lambda rule: rule[:20],
)
def test_a_rule_that_repeats_within_the_day_makes_all_time_unknown(rule: str) -> None:
    reading = read(meeting(f"RRULE:{rule}"))
    assert (reading.busy, reading.unknown, reading.problems) == (
        days("03-02"),
        (utc("03-02 10:00", "04-01 00:00"),),
        problems(sub_daily_rule=1),
    )


def test_a_rule_within_the_day_that_ends_makes_nothing_unknown_after_its_end() -> None:
    reading = read(meeting("RRULE:FREQ=HOURLY;UNTIL=20260302T120000Z"))
    assert reading.unknown == (utc("03-02 10:00", "03-02 13:00"),)


def test_a_problem_outside_the_window_is_not_worth_telling() -> None:
    old = event("DTSTART;TZID=Klimopland:20100302T100000", "DTEND:straks")
    ended = event("DTSTART:20100302T100000Z", "RRULE:FREQ=HOURLY;UNTIL=20110101", uid="two")
    assert read(old, ended) == Reading((), (), (), (), 2)


def test_exceptions_that_cannot_be_read_leave_the_series_as_it_is() -> None:
    reading = read(
        meeting("RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:gisteren,20260309T0", "RDATE:x/y,,z", "EXRULE:FREQ=X")
    )
    assert (reading.busy, reading.problems) == (days("03-02", "03-09"), problems(unreadable_exception=5))


def test_a_moved_repetition_with_an_unreadable_name_stands_beside_the_others() -> None:
    moved = event("RECURRENCE-ID:ooit", "DTSTART:20260310T090000Z", "DURATION:PT1H")
    reading = read(meeting("RRULE:FREQ=WEEKLY;COUNT=2"), moved)
    assert (reading.busy, reading.problems) == (
        days("03-02", "03-09", "03-10"),
        problems(unreadable_exception=1),
    )


def test_a_free_event_is_free_however_unreadable_it_is() -> None:
    reading = read(meeting("TRANSP:TRANSPARENT", "RRULE:FREQ=SECONDLY"))
    assert (reading.busy, reading.unknown, reading.problems) == ((), (), ())


@pytest.mark.parametrize(
    "parts",
    [
        (meeting().replace("\r\nEND:VEVENT", ""), GOOD),
        (meeting(), "END:VALARM", GOOD),
        (meeting("BEGIN:VALARM"), GOOD),
    ],
)
def test_blocks_that_do_not_match_are_a_problem_and_their_events_are_kept(parts: tuple[str, ...]) -> None:
    reading = read(*parts)
    assert (reading.busy, reading.problems) == ((*days("03-02"), *GOOD_HOUR), problems(broken_structure=1))


@pytest.mark.parametrize("end", ["", "END:VCALENDAR\r\n"])
def test_what_comes_behind_the_end_of_a_calendar_is_taken_too(end: str) -> None:
    data = calendar(meeting()) + f"{GOOD}\r\n{end}".encode()
    reading = read_file(data)
    assert (reading.busy, reading.problems) == ((*days("03-02"), *GOOD_HOUR), problems(broken_structure=1))
    assert refusal(data + b"BEGIN:VEVENT\r\n") is UnreadableKind.TRUNCATED


def test_an_agenda_that_asks_for_too_much_work_is_unknown_where_it_does() -> None:
    counted = "RRULE:FREQ=DAILY;COUNT=1000000"
    greedy = [
        event("DTSTART:19000101T090000Z", "DTEND:19000101T100000Z", counted, uid=str(n)) for n in range(5)
    ]
    reading = read(*greedy, GOOD)
    assert reading.unknown != ()
    assert {problem.kind.value for problem in reading.problems} == {"too_much_work"}
    assert read(greedy[0]).problems == ()


@pytest.mark.parametrize("name", ["RDATE", "EXDATE"])
def test_an_event_with_more_dates_than_anybody_has_is_unknown_from_its_start(name: str) -> None:
    reading = read(meeting(f"{name}:" + ",".join(["20270302T090000Z"] * 10_001)))
    assert (reading.busy, reading.unknown, reading.problems) == (
        days("03-02"),
        (utc("03-02 10:00", "04-01 00:00"),),
        problems(too_much_work=1),
    )


def test_no_word_of_an_agenda_is_in_its_reading() -> None:
    reading = read(meeting("LOCATION:Gasthuis", "ATTENDEE:mailto:an@example.org", "RRULE:FREQ=GEHEIM"), GOOD)
    shown = repr(reading).lower()
    assert [word for word in ("gesprek", "gasthuis", "an@", "geheim", "good") if word in shown] == []
