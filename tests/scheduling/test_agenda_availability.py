"""Time that is given without events."""

from tests.scheduling.agendas import days, event, meeting, problems, read, utc


def free_busy(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VFREEBUSY", *lines, "END:VFREEBUSY"))


def availability(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VAVAILABILITY", *lines, "END:VAVAILABILITY"))


def available(*lines: str) -> str:
    return "\r\n".join(("BEGIN:AVAILABLE", "UID:a", *lines, "END:AVAILABLE"))


MONDAY = ("DTSTART:20260302T000000Z", "DTEND:20260303T000000Z")


def test_free_busy_periods_count_by_their_type() -> None:
    reading = read(
        free_busy(
            "FREEBUSY:20260302T090000Z/20260302T100000Z,20260303T090000Z/PT1H",
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260304T090000Z/PT1H",
            "FREEBUSY;FBTYPE=X-ANYTHING:20260305T090000Z/PT1H",
            "FREEBUSY;FBTYPE=FREE:20260306T090000Z/PT1H",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260309T090000Z/PT1H",
        )
    )
    assert (reading.busy, reading.tentative, reading.problems) == (
        days("03-02", "03-03", "03-04", "03-05"),
        days("03-09"),
        (),
    )


def test_an_owner_may_count_tentative_periods_as_busy() -> None:
    reading = read(free_busy("FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260309T090000Z/PT1H"), treat_all_as_busy=True)
    assert (reading.busy, reading.tentative) == (days("03-09"), ())


def test_the_rest_of_the_day_is_unknown_after_a_period_without_a_readable_end() -> None:
    reading = read(free_busy("FREEBUSY:20260302T090000Z/gisteren,gisteren/20260303T090000Z"))
    assert (reading.unknown, reading.problems) == (
        (utc("03-02 09:00", "03-03 00:00"),),
        problems(unreadable_free_busy=2),
    )


def test_outside_what_is_available_is_busy() -> None:
    hours = available("DTSTART:20260302T090000Z", "DTEND:20260302T170000Z", "RRULE:FREQ=DAILY")
    reading = read(availability(*MONDAY, hours))
    assert reading.busy == (utc("03-02 00:00", "03-02 09:00"), utc("03-02 17:00", "03-03 00:00"))


def test_availability_without_dates_speaks_about_all_time() -> None:
    hours = available("DTSTART:20260310T090000Z", "DURATION:P1D")
    assert read(availability(hours)).busy == (
        utc("03-01 00:00", "03-10 09:00"),
        utc("03-11 09:00", "04-01 00:00"),
    )


def test_availability_may_be_tentative() -> None:
    reading = read(availability(*MONDAY, "BUSYTYPE:BUSY-TENTATIVE"))
    assert (reading.busy, reading.tentative) == ((), (utc("03-02 00:00", "03-03 00:00"),))


def test_the_availability_of_the_highest_priority_holds() -> None:
    usual = availability(*MONDAY, "PRIORITY:9")
    special = availability(
        *("DTSTART:20260302T080000Z", "DURATION:PT4H", "PRIORITY:1"),
        available("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"),
    )
    expected = (utc("03-02 00:00", "03-02 09:00"), utc("03-02 10:00", "03-03 00:00"))
    assert read(usual, special).busy == read(special, usual).busy == expected


def test_an_event_in_available_time_is_busy() -> None:
    hours = available("DTSTART:20260302T000000Z", "DTEND:20260303T000000Z")
    assert read(availability(*MONDAY, hours), meeting()).busy == days("03-02")


def test_available_time_that_cannot_be_read_frees_nothing() -> None:
    unreadable = available("DTSTART:20260302T090000Z", "DTEND:20260302T080000Z")
    reading = read(availability(*MONDAY, unreadable, available("DTSTART:morgen")))
    assert (reading.busy, reading.problems) == (
        (utc("03-02 00:00", "03-03 00:00"),),
        problems(unreadable_free_busy=1, unreadable_end=1),
    )


def test_a_file_may_hold_all_kinds() -> None:
    reading = read(
        free_busy("FREEBUSY:20260303T090000Z/PT1H"), event("DTSTART:20260304T090000Z", "DURATION:PT1H")
    )
    assert reading.busy == days("03-03", "03-04")
