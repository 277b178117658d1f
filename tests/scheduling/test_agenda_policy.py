"""Which events count, and as what."""

import pytest

from scheduling.agenda import Reading
from tests.scheduling.agendas import days, event, meeting, read, utc

LEAVE = ("DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260303")
LEAVE_DAY = (utc("03-01 23:00", "03-02 23:00"),)


def kind(reading: Reading) -> str:
    """Return as what the only event of a reading counts."""
    found = [name for name in ("busy", "tentative", "unknown") if getattr(reading, name)]
    return found[0] if found else "free"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), "busy"),
        (("TRANSP:OPAQUE",), "busy"),
        (("TRANSP:TRANSPARENT",), "free"),
        (("transp:transparent",), "free"),
        (("STATUS:CONFIRMED",), "busy"),
        (("STATUS:TENTATIVE",), "tentative"),
        (("STATUS:CANCELLED",), "free"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), "free"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",), "tentative"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "TRANSP:OPAQUE"), "busy"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "TRANSP:TRANSPARENT"), "busy"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "STATUS:CANCELLED"), "free"),
        (("STATUS:TENTATIVE", "TRANSP:TRANSPARENT"), "free"),
    ],
)
def test_an_event_counts_as_its_status_and_transparency_say(lines: tuple[str, ...], expected: str) -> None:
    assert kind(read(meeting(*lines))) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("TRANSP:TRANSPARENT",), "busy"),
        (("STATUS:TENTATIVE",), "busy"),
        (("STATUS:CANCELLED",), "free"),
    ],
)
def test_an_owner_may_count_all_but_the_cancelled_as_busy(lines: tuple[str, ...], expected: str) -> None:
    assert kind(read(meeting(*lines), treat_all_as_busy=True)) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), LEAVE_DAY),
        (("TRANSP:TRANSPARENT",), ()),
        (("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), LEAVE_DAY),
    ],
)
def test_a_whole_day_counts_by_its_transparency_unless_it_is_out_of_office(
    lines: tuple[str, ...], expected: object
) -> None:
    assert read(event(*LEAVE, *lines)).busy == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((*LEAVE,), "free"),
        ((*LEAVE, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), "busy"),
        (
            (
                "DTSTART:20260301T230000Z",
                "DTEND:20260302T230000Z",
                "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            ),
            "free",
        ),
        (("DTSTART:20260301T230000Z", "DTEND:20260302T230000Z"), "busy"),
    ],
)
def test_an_owner_may_ignore_whole_days(lines: tuple[str, ...], expected: str) -> None:
    assert kind(read(event(*lines), ignore_all_day=True)) == expected


@pytest.mark.parametrize(
    "end", ["DTEND;VALUE=DATE:20260303", "DURATION:P1D", "X-A:1", "DTEND;VALUE=DATE:20260302"]
)
def test_a_whole_day_is_a_day_on_the_owners_clock(end: str) -> None:
    assert read(event("DTSTART;VALUE=DATE:20260302", end)).busy == LEAVE_DAY


def test_time_that_is_both_busy_and_tentative_is_busy() -> None:
    maybe = event("DTSTART:20260302T083000Z", "DTEND:20260302T103000Z", "STATUS:TENTATIVE", uid="two")
    reading = read(meeting(), maybe)
    assert (reading.busy, reading.tentative) == (
        days("03-02"),
        (utc("03-02 08:30", "03-02 09:00"), utc("03-02 10:00", "03-02 10:30")),
    )


def test_tasks_journals_and_alarms_take_no_time() -> None:
    task = ("BEGIN:VTODO", "DTSTART:20260303T090000Z", "DUE:20260303T100000Z", "END:VTODO")
    alarm = ("BEGIN:VALARM", "TRIGGER:-PT15M", "DURATION:PT9H", "DTSTART:20260304T090000Z", "END:VALARM")
    reading = read(*task, meeting(*alarm))
    assert (reading.busy, reading.events) == (days("03-02"), 1)
