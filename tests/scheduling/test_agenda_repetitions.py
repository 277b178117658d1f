"""What repeats, what is taken out of it, moved and added."""

import pytest

from tests.scheduling.agendas import MARCH, YEAR, days, event, meeting, problems, read, utc

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"


def test_a_single_event_is_busy_from_its_start_to_its_end() -> None:
    assert read(meeting()).busy == days("03-02")


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("DTEND;TZID=Europe/Brussels:20260302T110000", "03-02 10:00"),
        ("DTEND:20260302T110000", "03-02 10:00"),  # without a zone it is in that of the start
        ("DTEND:20260302T100000Z", "03-02 10:00"),
        ("DTEND;TZID=America/New_York:20260302T050000", "03-02 10:00"),
        ("DTEND;VALUE=DATE:20260303", "03-02 23:00"),
        ("DURATION:PT1H", "03-02 10:00"),
        ("DURATION:+PT60M", "03-02 10:00"),
        ("DURATION:PT3600S", "03-02 10:00"),
        ("DURATION:P1D", "03-03 09:00"),
        ("DURATION:P1DT2H", "03-03 11:00"),
        ("DURATION:P1W", "03-09 09:00"),
    ],
)
def test_an_event_gives_its_end_or_its_length(end: str, expected: str) -> None:
    lines = "DTSTART;TZID=Europe/Brussels:20260302T100000", end
    assert read(event(*lines)).busy == (utc("03-02 09:00", expected),)


def test_a_moment_without_a_length_takes_no_time() -> None:
    assert read(event("DTSTART:20260302T090000Z")).busy == ()


def test_only_the_part_of_an_event_in_the_window_counts() -> None:
    lines = "DTSTART:20260228T230000Z", "DTEND:20260301T020000Z"
    assert read(event(*lines)).busy == (utc("03-01 00:00", "03-01 02:00"),)


def test_an_event_until_the_end_of_time_lasts_as_long_as_the_window() -> None:
    lines = "DTSTART;VALUE=DATE:20260330", "DTEND;VALUE=DATE:99991231"
    assert read(event(*lines)).busy == (utc("03-29 22:00", "04-01 00:00"),)


def test_a_weekly_meeting_keeps_its_hour_when_summer_time_begins() -> None:
    reading = read(meeting("RRULE:FREQ=WEEKLY;COUNT=5"))
    assert reading.busy == (*days("03-02", "03-09", "03-16", "03-23"), utc("03-30 08:00", "03-30 09:00"))


def test_a_weekly_meeting_keeps_its_hour_when_summer_time_ends() -> None:
    lines = "DTSTART;TZID=Europe/Brussels:20261019T100000", "DTEND;TZID=Europe/Brussels:20261019T110000"
    reading = read(event(*lines, "RRULE:FREQ=WEEKLY;COUNT=2"), window=YEAR)
    assert reading.busy == (utc("10-19 08:00", "10-19 09:00"), utc("10-26 09:00", "10-26 10:00"))


def test_a_night_shift_ends_at_its_hour_when_the_clocks_change() -> None:
    shift = event(
        "DTSTART;TZID=Europe/Brussels:20260327T220000",
        "DTEND;TZID=Europe/Brussels:20260328T060000",
        "RRULE:FREQ=DAILY;COUNT=2",
    )
    assert read(shift).busy == (utc("03-27 21:00", "03-28 05:00"), utc("03-28 21:00", "03-29 04:00"))


def test_an_event_in_the_hour_that_spring_skips_does_not_end_before_it_starts() -> None:
    lines = "DTSTART;TZID=Europe/Brussels:20260329T023000", "DTEND;TZID=Europe/Brussels:20260329T031500"
    assert read(event(*lines)).busy == (utc("03-29 01:30", "03-29 02:15"),)


def test_of_the_hour_that_autumn_repeats_the_first_is_meant() -> None:
    lines = "DTSTART;TZID=Europe/Brussels:20261025T023000", "DTEND;TZID=Europe/Brussels:20261025T024500"
    assert read(event(*lines), window=YEAR).busy == (utc("10-25 00:30", "10-25 00:45"),)


def test_hours_of_a_duration_are_exact_and_its_days_are_nominal() -> None:
    start = "DTSTART;TZID=Europe/Brussels:20260328T220000"
    exact = read(event(start, "DURATION:PT24H"))
    nominal = read(event(start, "DURATION:P1D"))
    assert (exact.busy, nominal.busy) == (
        (utc("03-28 21:00", "03-29 21:00"),),
        (utc("03-28 21:00", "03-29 20:00"),),
    )


@pytest.mark.parametrize(
    "exdate",
    [
        "EXDATE;TZID=Europe/Brussels:20260309T100000",
        "EXDATE:20260309T090000Z",
        "EXDATE:20260309T100000",
        "EXDATE;VALUE=DATE:20260309",
        "EXDATE;TZID=America/New_York:20260309T050000",
        "EXDATE:20260309T090000Z,20270101T000000Z",
    ],
)
def test_an_exception_is_understood_in_any_form(exdate: str) -> None:
    assert read(meeting(WEEKLY, exdate)).busy == days("03-02", "03-16")


def test_an_excluding_rule_takes_its_repetitions_away() -> None:
    assert read(meeting(WEEKLY, "EXRULE:FREQ=WEEKLY;INTERVAL=2")).busy == days("03-09")


def test_added_dates_are_busy_with_their_own_length_where_they_have_one() -> None:
    reading = read(
        meeting(
            "RDATE;TZID=Europe/Brussels:20260303T100000",
            "RDATE;VALUE=DATE:20260304",
            "RDATE;VALUE=PERIOD:20260305T090000Z/PT2H,20260306T090000Z/20260306T093000Z",
        )
    )
    assert reading.busy == (
        *days("03-02", "03-03", "03-04"),
        *days("03-05", end="11:00"),
        *days("03-06", end="09:30"),
    )


def test_a_moved_repetition_leaves_its_old_time() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Brussels:20260309T100000",
        "DTSTART;TZID=Europe/Brussels:20260310T140000",
        "DTEND;TZID=Europe/Brussels:20260310T150000",
    )
    assert read(meeting(WEEKLY), moved).busy == (
        *days("03-02"),
        *days("03-10", start="13:00", end="14:00"),
        *days("03-16"),
    )


def test_a_moved_repetition_that_is_named_by_its_date_leaves_its_old_time() -> None:
    moved = event(
        "RECURRENCE-ID;VALUE=DATE:20260309",
        "DTSTART;TZID=Europe/Brussels:20260309T140000",
        "DTEND;TZID=Europe/Brussels:20260309T150000",
    )
    assert read(meeting(WEEKLY), moved).busy == (
        *days("03-02"),
        *days("03-09", start="13:00", end="14:00"),
        *days("03-16"),
    )


def test_a_repetition_that_moved_into_the_window_counts() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Brussels:20260413T100000",
        "DTSTART:20260331T080000Z",
        "DTEND:20260331T090000Z",
    )
    reading = read(meeting("RRULE:FREQ=WEEKLY;INTERVAL=6"), moved)
    assert reading.busy == (*days("03-02"), utc("03-31 08:00", "03-31 09:00"))


@pytest.mark.parametrize("named", ["20260309T090000Z", "20270309T090000Z"])
def test_a_moved_repetition_of_which_the_series_is_not_there_counts(named: str) -> None:
    moved = event(f"RECURRENCE-ID:{named}", "DTSTART:20260310T130000Z", "DTEND:20260310T140000Z")
    assert read(moved).busy == days("03-10", start="13:00", end="14:00")
    assert read(moved, meeting(WEEKLY, uid="other")).busy == (
        *days("03-02", "03-09"),
        *days("03-10", start="13:00", end="14:00"),
        *days("03-16"),
    )


def test_the_newest_version_of_a_moved_repetition_holds() -> None:
    def moved(hour: int, sequence: int) -> str:
        return event(
            "RECURRENCE-ID:20260309T090000Z",
            f"SEQUENCE:{sequence}",
            f"DTSTART:20260309T{hour}0000Z",
            f"DTEND:20260309T{hour}3000Z",
        )

    reading = read(meeting("RRULE:FREQ=WEEKLY;COUNT=2"), moved(14, 2), moved(12, 1))
    assert reading.busy == (*days("03-02"), utc("03-09 14:00", "03-09 14:30"))


def test_a_cancelled_repetition_is_free() -> None:
    cancelled = event(
        "RECURRENCE-ID:20260309T090000Z", "STATUS:CANCELLED", "DTSTART:20260309T090000Z", "DURATION:PT1H"
    )
    assert read(meeting(WEEKLY), cancelled).busy == days("03-02", "03-16")


def test_a_change_from_one_repetition_on_moves_all_later_ones() -> None:
    changed = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Brussels:20260309T100000",
        "DTSTART;TZID=Europe/Brussels:20260310T110000",
        "DTEND;TZID=Europe/Brussels:20260310T113000",
    )
    assert read(meeting(WEEKLY), changed).busy == (
        *days("03-02"),
        *days("03-10", "03-17", start="10:00", end="10:30"),
    )


def test_a_cancellation_from_one_repetition_on_frees_all_later_ones() -> None:
    cancelled = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260309T090000Z",
        "DTSTART:20260309T090000Z",
        "DURATION:PT1H",
        "STATUS:CANCELLED",
    )
    assert read(meeting(WEEKLY), cancelled).busy == days("03-02")


def test_a_rule_beside_a_recurrence_id_is_followed() -> None:
    continued = event(
        "RECURRENCE-ID:20260309T090000Z",
        "DTSTART;TZID=Europe/Brussels:20260309T140000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=2",
    )
    assert read(meeting("RRULE:FREQ=WEEKLY;COUNT=2"), continued).busy == (
        *days("03-02"),
        *days("03-09", "03-10", start="13:00", end="14:00"),
    )


def test_two_events_with_one_uid_are_both_kept() -> None:
    other = event("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z")
    assert read(meeting(), other).busy == days("03-02", "03-03")


def test_events_without_a_uid_stand_alone() -> None:
    moved = event("RECURRENCE-ID:20260302T090000Z", "DTSTART:20260303T090000Z", "DURATION:PT1H", uid="")
    assert read(meeting(uid=""), moved).busy == days("03-02", "03-03")


@pytest.mark.parametrize(
    "until", ["20260316", "20260316T090000Z", "20260316T100000", "20260316T225959Z", "20260322T000000"]
)
def test_the_day_on_which_a_rule_ends_is_its_last(until: str) -> None:
    reading = read(meeting(f"RRULE:FREQ=WEEKLY;UNTIL={until}"))
    assert reading.busy == days("03-02", "03-09", "03-16")


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;UNTIL=", "FREQ=WEEKLY;INTERVAL=0", "freq=weekly;count=;X-A=1"])
def test_empty_parts_of_a_rule_say_nothing(rule: str) -> None:
    reading = read(meeting(f"RRULE:{rule}"))
    assert reading == read(meeting("RRULE:FREQ=WEEKLY"))
    assert len(reading.busy) == 5


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ("03-02", "03-31")),
        ("FREQ=MONTHLY;BYDAY=1WE,-1FR", ("03-02", "03-04", "03-27")),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ("03-02", "03-31")),
        ("FREQ=YEARLY;BYWEEKNO=12;BYDAY=TH", ("03-02", "03-19")),
        ("FREQ=YEARLY;BYYEARDAY=70", ("03-02", "03-11")),
        ("RSCALE=GREGORIAN;FREQ=DAILY;COUNT=2", ("03-02", "03-03")),
        ("FREQ=DAILY;BYSETPOS=9", ("03-02",)),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", ("03-02",)),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", ("03-02",)),
    ],
)
def test_a_rule_repeats_on_its_days(rule: str, expected: tuple[str, ...]) -> None:
    hours = {date: ("08:00", "09:00") if date > "03-28" else ("09:00", "10:00") for date in expected}
    busy = tuple(utc(f"{date} {start}", f"{date} {end}") for date, (start, end) in hours.items())
    reading = read(meeting(f"RRULE:{rule}"))
    assert (reading.busy, reading.problems) == (busy, ())


def test_a_series_of_whole_days_follows_the_owners_clock() -> None:
    reading = read(event("DTSTART;VALUE=DATE:20260327", "RRULE:FREQ=DAILY;UNTIL=20260328T230000Z"))
    assert reading.busy == (utc("03-26 23:00", "03-29 22:00"),)


def test_a_repetition_is_found_far_from_where_its_series_began() -> None:
    old = event("DTSTART:19010107T090000Z", "DTEND:19010107T100000Z", "RRULE:FREQ=WEEKLY;INTERVAL=2")
    assert read(old).busy == days("03-02", "03-16", "03-30")


def test_a_window_without_events_is_free() -> None:
    reading = read(meeting("RRULE:FREQ=WEEKLY;UNTIL=20250101T000000Z"), window=MARCH)
    assert (reading.tentative, reading.unknown, reading.problems) == ((), (), problems())
