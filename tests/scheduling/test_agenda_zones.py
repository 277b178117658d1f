"""Zone names as calendars write them; the meeting is at 10 h in winter, wherever that is."""

from itertools import permutations

import pytest

from scheduling.agenda import keep_lines, read_agenda_safely
from tests.scheduling.agendas import (
    BRUSSELS,
    MARCH,
    YEAR,
    calendar,
    days,
    event,
    meeting,
    problems,
    read,
    read_file,
    utc,
)


def zone(tzid: str, winter: str, summer: str) -> str:
    """Return a VTIMEZONE with the European changes between two offsets."""
    return "\r\n".join(
        (
            *("BEGIN:VTIMEZONE", f"TZID:{tzid}"),
            *("BEGIN:STANDARD", "DTSTART:16010101T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
            *(f"TZOFFSETFROM:{summer}", f"TZOFFSETTO:{winter}", "END:STANDARD"),
            *("BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
            *(f"TZOFFSETFROM:{winter}", f"TZOFFSETTO:{summer}", "END:DAYLIGHT", "END:VTIMEZONE"),
        )
    )


@pytest.mark.parametrize(
    ("tzid", "hour"),
    [
        ("Europe/Brussels", 9),
        ('"Europe/Brussels"', 9),
        ("europe/rome", 9),
        ("Romance Standard Time", 9),
        ("W. Europe Standard Time", 9),
        ("gmt standard time", 10),
        ("/mozilla.org/20070129_1/Europe/Brussels", 9),
        ("tzone://Microsoft/Utc", 10),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', 9),
        ("(UTC+01:00) Brussel, Kopenhagen, Madrid, Parijs", 9),
        ("(UTC-05:00) Bogotá, Lima, Quito, Rio Branco", 15),
        ("(UTC-03:00) Brasília", 13),
        ("(UTC) Coordinated Universal Time", 10),
        ("(UTC+09:00) Nergens", 1),
        ("GMT+0200", 8),
        ("UTC-3", 13),
        ("+01:00", 9),
        ("Etc/GMT+2", 12),
    ],
)
def test_a_zone_is_known_by_any_of_its_names(tzid: str, hour: int) -> None:
    reading = read(meeting(tzid=tzid))
    assert (reading.busy, reading.problems) == (
        days("03-02", start=f"{hour:02}:00", end=f"{hour + 1:02}:00"),
        (),
    )


@pytest.mark.parametrize(
    "tzid", ["Klimopland", "Europe", "../../etc/passwd", "/etc/passwd", "GMT+99", "A" * 5000, "(Nergens) x"]
)
def test_a_zone_that_is_not_known_is_the_owners_and_a_problem(tzid: str) -> None:
    reading = read(meeting(tzid=tzid))
    assert (reading.busy, reading.problems) == (days("03-02"), problems(unknown_zone=1))


def test_a_display_name_without_cities_has_the_summer_time_of_the_owners_zone() -> None:
    lines = "DTSTART;TZID=(UTC+01:00) Nergens:20260330T100000", "DURATION:PT1H"
    assert read(event(*lines)).busy == (utc("03-30 08:00", "03-30 09:00"),)


def test_a_zone_may_begin_on_the_first_day_of_all() -> None:
    ours = zone("Ours", "+0500", "+0600").replace("16010101T0", "00010101T0")
    reading = read(ours, meeting(tzid="Ours"))
    assert (reading.busy, reading.problems) == (days("03-02", start="05:00", end="06:00"), ())


def test_times_without_a_zone_are_in_the_calendars_zone() -> None:
    floating = event("DTSTART:20260302T100000", "DTEND:20260302T110000")
    assert read("X-WR-TIMEZONE:America/New_York", floating).busy == days("03-02", start="15:00", end="16:00")


def test_times_without_a_zone_in_a_calendar_without_one_are_in_the_owners() -> None:
    assert read(event("DTSTART:20260302T100000", "DTEND:20260302T110000")).busy == days("03-02")


def test_a_series_in_utc_keeps_its_hour_in_the_calendars_zone() -> None:
    series = event("DTSTART:20260323T090000Z", "DTEND:20260323T100000Z", "RRULE:FREQ=WEEKLY;COUNT=2")
    reading = read("X-WR-TIMEZONE:Europe/Brussels", series)
    assert reading.busy == (*days("03-23"), utc("03-30 08:00", "03-30 09:00"))


def test_an_event_between_two_zones_lasts_from_the_one_clock_to_the_other() -> None:
    flight = event(
        "DTSTART;TZID=Europe/Brussels:20260302T100000", "DTEND;TZID=America/New_York:20260302T120000"
    )
    assert read(flight).busy == (utc("03-02 09:00", "03-02 17:00"),)


def test_a_zone_that_the_file_defines_is_followed_through_its_changes() -> None:
    series = meeting("RRULE:FREQ=WEEKLY;COUNT=5", tzid="Customized")
    reading = read(zone("Customized", "-0300", "-0200"), series)
    assert (reading.busy, reading.problems) == (
        (
            *days("03-02", "03-09", "03-16", "03-23", start="13:00", end="14:00"),
            utc("03-30 12:00", "03-30 13:00"),
        ),
        (),
    )


@pytest.mark.parametrize(("until", "last"), [("120000", "03-30 12:00"), ("115959", "03-23 13:00")])
def test_an_end_in_utc_is_understood_in_a_defined_zone(until: str, last: str) -> None:
    series = meeting(f"RRULE:FREQ=WEEKLY;UNTIL=20260330T{until}Z", tzid="Customized")
    reading = read(zone("Customized", "-0300", "-0200"), series)
    assert f"{reading.busy[-1].start:%m-%d %H:%M}" == last


def test_a_calendar_may_live_in_a_zone_that_it_defines() -> None:
    night = event("DTSTART:20261025T033000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    reading = read("X-WR-TIMEZONE:Own", zone("Own", "-0300", "-0200"), night, window=YEAR)
    assert reading.busy == (utc("10-25 03:30", "10-25 04:30"), utc("10-26 04:30", "10-26 05:30"))


def test_a_zone_may_be_defined_after_its_use_and_with_a_colon_in_its_name() -> None:
    tzid = "(UTC-03:00) Brasília"
    assert read(meeting(tzid=tzid), zone(tzid, "-0330", "-0230")).busy == days(
        "03-02", start="13:30", end="14:30"
    )


def test_a_zone_of_dates_only_is_followed() -> None:
    definition = (
        *("BEGIN:VTIMEZONE", "TZID:Dates", "BEGIN:STANDARD", "DTSTART:20000101T000000"),
        *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0200", "RDATE:20260315T000000,20270101T000000"),
        *("END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:20260310T000000"),
        *("TZOFFSETFROM:+0200", "TZOFFSETTO:+0500", "END:DAYLIGHT", "END:VTIMEZONE"),
    )
    reading = read(*definition, meeting("RRULE:FREQ=WEEKLY;COUNT=3", tzid="Dates"))
    assert reading.busy == (
        *days("03-02", "03-09", start="08:00", end="09:00"),
        *days("03-16", start="08:00", end="09:00"),
    )


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("20260329T013000", "03-29 04:30"),
        ("20260329T023000", "03-29 05:30"),  # skipped: the offset before the change holds
        ("20260329T033000", "03-29 05:30"),
        ("20261025T013000", "10-25 03:30"),
        ("20261025T023000", "10-25 04:30"),  # repeated: the first is meant
        ("20261025T033000", "10-25 06:30"),
    ],
)
def test_a_defined_zone_changes_its_clock_as_a_known_one_does(local: str, expected: str) -> None:
    lines = f"DTSTART;TZID=Own:{local}", "DURATION:PT15M"
    reading = read(zone("Own", "-0300", "-0200"), event(*lines), window=YEAR)
    assert [f"{interval.start:%m-%d %H:%M}" for interval in reading.busy] == [expected]


@pytest.mark.parametrize(
    "broken",
    [
        ("+2400", "+2500"),
        ("+5744", "+5744"),
        ("", ""),
    ],
)
def test_a_definition_with_impossible_offsets_is_not_followed(broken: tuple[str, str]) -> None:
    reading = read(zone("Odd", *broken), meeting(tzid="Odd"))
    assert (reading.busy, reading.problems) == (days("03-02"), problems(unknown_zone=1))


def test_a_definition_that_changes_every_second_is_not_followed() -> None:
    definition = zone("Odd", "-0300", "-0200").replace("FREQ=YEARLY", "FREQ=SECONDLY")
    reading = read(definition, meeting(tzid="Odd"))
    assert (reading.busy, reading.problems) == (days("03-02"), problems(unknown_zone=1))


def test_a_definition_does_not_change_what_a_known_name_means() -> None:
    assert read(zone("Europe/Brussels", "-0900", "-0800"), meeting()).busy == days("03-02")


@pytest.mark.parametrize("tzid", ["Ziekenhuis", "Customized Time Zone", "(UTC+01:00) Nergens"])
@pytest.mark.parametrize("order", [*permutations(("An", "Bo", "nobody"))])
def test_one_persons_definition_does_not_change_anothers_times(tzid: str, order: tuple[str, ...]) -> None:
    agendas = {
        "An": calendar(zone(tzid, "+0500", "+0500"), meeting(tzid=tzid)),
        "Bo": calendar(zone(tzid, "-0500", "-0500"), meeting(tzid=tzid)),
        "nobody": calendar(meeting(tzid=tzid)),
    }
    expected = {
        "An": days("03-02", start="05:00", end="06:00"),
        "Bo": days("03-02", start="15:00", end="16:00"),
        "nobody": days("03-02"),
    }
    twice = (*order, *order)
    assert [read_file(agendas[name]).busy for name in twice] == [expected[name] for name in twice]


def test_a_child_process_knows_no_zone_of_another() -> None:
    def busy(offset: str) -> object:
        lines = keep_lines(calendar(zone("Ziekenhuis", offset, offset), meeting(tzid="Ziekenhuis")))
        return read_agenda_safely(lines, window=MARCH, zone=BRUSSELS).busy

    assert [busy("+0500"), busy("-0500"), busy("+0500")] == [
        days("03-02", start="05:00", end="06:00"),
        days("03-02", start="15:00", end="16:00"),
        days("03-02", start="05:00", end="06:00"),
    ]


def test_a_known_zone_is_the_same_after_somebody_defined_it_otherwise() -> None:
    redefined = calendar(
        zone("Romance Standard Time", "-0900", "-0800"), meeting(tzid="Romance Standard Time")
    )
    before, redefining, after = read(meeting()), read_file(redefined), read(meeting())
    assert before.busy == redefining.busy == after.busy == days("03-02")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("TZOFFSETTO:-0300", "TZOFFSETTO:-2400"),
        ("TZOFFSETTO:-0300", "TZOFFSETTO:+9999"),
        ("TZOFFSETFROM:-0200", "TZOFFSETFROM:+2400"),
        ("TZOFFSETTO:-0300", "TZOFFSETTO:drie uur"),
        ("TZOFFSETTO:-0300", "X-A:1"),
        ("FREQ=YEARLY;BYDAY=-1SU", "FREQ=SECONDLY;BYDAY=-1SU"),
        ("FREQ=YEARLY;BYDAY=-1SU", "FREQ=HOURLY;BYDAY=-1SU"),
        ("FREQ=YEARLY;BYDAY=-1SU", "FREQ=DAILY;BYDAY=-1SU"),
        ("FREQ=YEARLY;BYDAY=-1SU", "FREQ=MONTHLY;BYDAY=-1SU"),
        ("FREQ=YEARLY;BYDAY=-1SU", "FREQ=YEARLY;BYDAY=-1ZO"),
        ("DTSTART:16010101T030000", "DTSTART:00000101T030000"),
        ("DTSTART:16010101T030000", "X-A:1"),
        ("STANDARD", "STANDAARD"),
    ],
)
def test_a_definition_that_cannot_be_followed_leaves_the_zone_unknown(written: str, instead: str) -> None:
    definition = zone("Own", "-0300", "-0200")
    unreadable = definition.replace(written, instead)
    if written == "STANDARD":
        unreadable = unreadable.replace("DAYLIGHT", "ZOMER")
    assert unreadable != definition
    reading = read(unreadable, meeting(tzid="Own"), meeting(uid="good").replace("20260302", "20260303"))
    assert (reading.busy, reading.problems) == (days("03-02", "03-03"), problems(unknown_zone=1))


def test_each_calendar_in_a_file_has_zones_of_its_own() -> None:
    two = calendar(zone("Own", "+0500", "+0500"), meeting(tzid="Own")) + calendar(
        "X-WR-TIMEZONE:UTC", zone("Own", "-0500", "-0500"), meeting(tzid="Own", uid="two")
    )
    reading = read_file(two)
    assert reading.busy == (utc("03-02 05:00", "03-02 06:00"), utc("03-02 15:00", "03-02 16:00"))
