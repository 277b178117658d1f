"""Painted weeks: hours as people write them, exceptions, and the time that they take."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.interval import Interval
from scheduling.painted import (
    MAX_EXCEPTIONS,
    Exceptional,
    Hours,
    PaintedWeek,
    Stretch,
    UnreadableHoursError,
    UnreadableWeekError,
    from_document,
    read_hours,
    read_week,
    time_of,
    to_document,
    write_hours,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
FREE_WEEK: tuple[Hours, ...] = ((),) * 7
QUARTER = timedelta(minutes=15)


def hours(text: str) -> Hours:
    own, after = read_hours(text)
    assert after == ()
    return own


def week(*exceptions: Exceptional, **days: str) -> PaintedWeek:
    """Return a week of texts by day: week(mon="7-15", sun="21-7")."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return PaintedWeek(read_week([days.get(name, "") for name in names]), exceptions)


def local(start: str, end: str) -> Interval:
    """Return the interval between "2026-03-28 21:00" and "2026-03-29 07:00" in Brussels."""
    return Interval(*(datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS) for moment in (start, end)))


def utc(start: str, end: str) -> Interval:
    return Interval(*(datetime.fromisoformat(f"{moment}+00:00") for moment in (start, end)))


@pytest.mark.parametrize(
    ("start", "end"), [(-15, 15), (60, 60), (75, 60), (0, 1455), (1440, 1455), (5, 60), (0, 50)]
)
def test_a_stretch_refuses_nonsense(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="a stretch"):
        Stretch(start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" , ;\n", ()),
        ("7:00-15:30, 18-19:15?", (Stretch(420, 930), Stretch(1080, 1155, True))),
        ("7-15.30", (Stretch(420, 930),)),
        ("7u30-15u", (Stretch(450, 900),)),
        ("7 u 30 - 15 uur", (Stretch(450, 900),)),
        ("7h30–15H", (Stretch(450, 900),)),
        ("07:00 — 15:30", (Stretch(420, 930),)),
        ("0730-1530", (Stretch(450, 930),)),
        ("7\u00a0tot\t15:30 ?", (Stretch(420, 930, True),)),
        ("9 to 17; 19-20\n21-22?", (Stretch(540, 1020), Stretch(1140, 1200), Stretch(1260, 1320, True))),
        ("0-24", (Stretch(0, 1440),)),
        ("21:00-0:00", (Stretch(1260, 1440),)),
        ("7:10-7:20", (Stretch(420, 450),)),
        ("7:59-8:01?", (Stretch(465, 495, True),)),
        ("13-17, 8-12", (Stretch(480, 720), Stretch(780, 1020))),
        ("8-12, 12-17, 9-10", (Stretch(480, 1020),)),
        ("8-17?, 10-12", (Stretch(480, 600, True), Stretch(600, 720), Stretch(720, 1020, True))),
        ("8-12, 10-13?", (Stretch(480, 720), Stretch(720, 780, True))),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: Hours) -> None:
    assert read_hours(text) == (expected, ())


@pytest.mark.parametrize(
    ("text", "own", "after"),
    [
        ("21:00-7:00", (Stretch(1260, 1440),), (Stretch(0, 420),)),
        ("21-7?, 14-14:30", (Stretch(840, 870), Stretch(1260, 1440, True)), (Stretch(0, 420, True),)),
        ("0-0", (Stretch(0, 1440),), ()),
        ("7-7", (Stretch(420, 1440),), (Stretch(0, 420),)),
        ("23:59-23:58", (Stretch(1425, 1440),), (Stretch(0, 1425),)),
        ("20-6, 22-7?", (Stretch(1200, 1440),), (Stretch(0, 360), Stretch(360, 420, True))),
    ],
)
def test_an_end_at_or_before_the_start_is_on_the_next_day(text: str, own: Hours, after: Hours) -> None:
    assert read_hours(text) == (own, after)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("7-15, overdag", "overdag"),
        ("7", "7"),
        ("7-25", "7-25"),
        ("7-24:15", "7-24:15"),
        ("24-7", "24-7"),
        ("7:60-8", "7:60-8"),
        ("7:5-8", "7:5-8"),
        ("-7-8", "-7-8"),
        ("7-8-9", "7-8-9"),
        ("٧-٨", "٧-٨"),
        (
            "ik   werk  op maandag altijd van acht uur tot vijf uur",
            "ik werk op maandag altijd van acht uur t",
        ),
        ("0-1," * 1000, "0-1," * 10),
    ],
)
def test_what_gives_no_hours_is_named(text: str, part: str) -> None:
    with pytest.raises(UnreadableHoursError) as raised:
        read_hours(text)
    assert raised.value.part == part


def test_hours_are_written_in_one_way() -> None:
    assert [write_hours(hours(text)) for text in ("18-19.15?;7u-15:30", "0-24", "")] == [
        "7:00-15:30, 18:00-19:15?",
        "0:00-24:00",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("21-7", "21:00-7:00"),
        ("14-15, 21-7?", "14:00-15:00, 21:00-7:00?"),
        ("20-6, 22-7?", "20:00-6:00, 20:00-7:00?"),
        ("3-13, 12-6", "3:00-24:00, 6:00-6:00"),
    ],
)
def test_hours_past_midnight_are_written_on_the_day_they_begin(text: str, written: str) -> None:
    assert write_hours(*read_hours(text)) == written


def test_a_week_has_hours_past_midnight_on_the_next_day_and_sunday_is_before_monday() -> None:
    assert read_week(["5-9", "", "21-7?", "5-8", "", "", "22-6"]) == (
        (Stretch(0, 540),),
        (),
        (Stretch(1260, 1440, True),),
        (Stretch(0, 300, True), Stretch(300, 480)),
        (),
        (),
        (Stretch(1320, 1440),),
    )


def test_every_day_that_cannot_be_read_is_named() -> None:
    with pytest.raises(UnreadableWeekError) as raised:
        read_week(["9-17", "9-17, ?", "", "", "vrij", "", "9-12"])
    assert raised.value.parts == {1: "?", 4: "vrij"}


@pytest.mark.parametrize(
    "days",
    [
        FREE_WEEK[:6],
        ((Stretch(60, 90), Stretch(0, 30)), *FREE_WEEK[1:]),
        ((Stretch(0, 30), Stretch(30, 60)), *FREE_WEEK[1:]),
        ((Stretch(0, 30), Stretch(15, 60, True)), *FREE_WEEK[1:]),
    ],
)
def test_a_week_refuses_nonsense(days: tuple[Hours, ...]) -> None:
    with pytest.raises(ValueError, match=r"seven days|hours are sorted"):
        PaintedWeek(days)


def test_a_week_has_room_for_so_many_exceptions() -> None:
    one = Exceptional(date(2026, 11, 2), date(2026, 11, 2), ())
    assert PaintedWeek(FREE_WEEK, (one,) * MAX_EXCEPTIONS).exceptions[-1] == one
    with pytest.raises(ValueError, match="too many"):
        PaintedWeek(FREE_WEEK, (one,) * (MAX_EXCEPTIONS + 1))


@pytest.mark.parametrize(
    ("last", "own", "after"),
    [
        (date(2026, 11, 1), (), ()),
        (date(2027, 11, 3), (), ()),
        (datetime(2026, 11, 2, tzinfo=UTC), (), ()),
        (date(2026, 11, 2), (Stretch(0, 30), Stretch(30, 60)), ()),
        (date(2026, 11, 2), (), (Stretch(0, 30),)),
        (date(2026, 11, 2), (Stretch(0, 1440),), (Stretch(30, 60),)),
    ],
)
def test_an_exception_refuses_nonsense(last: date, own: Hours, after: Hours) -> None:
    with pytest.raises(ValueError, match="an exception"):
        Exceptional(date(2026, 11, 2), last, own, after)


def test_a_usual_week_takes_the_same_hours_every_week() -> None:
    painted = week(mon="7-15:30, 18-19:15?", thu="9-12")
    assert time_of(painted, local("2026-11-02 00:00", "2026-11-10 00:00"), BRUSSELS) == (
        (
            local("2026-11-02 07:00", "2026-11-02 15:30"),
            local("2026-11-05 09:00", "2026-11-05 12:00"),
            local("2026-11-09 07:00", "2026-11-09 15:30"),
        ),
        (
            local("2026-11-02 18:00", "2026-11-02 19:15"),
            local("2026-11-09 18:00", "2026-11-09 19:15"),
        ),
    )


def test_time_lies_inside_the_window() -> None:
    painted = week(mon="7-15:30, 18-19:15?", sun="21-7")
    window = local("2026-11-02 06:20", "2026-11-02 18:50")
    assert time_of(painted, window, BRUSSELS) == (
        (local("2026-11-02 06:20", "2026-11-02 15:30"),),
        (local("2026-11-02 18:00", "2026-11-02 18:50"),),
    )


def test_nights_are_whole() -> None:
    painted = week(sat="21-7", sun="21-7", mon="6:30-8?")
    assert time_of(painted, local("2026-11-06 00:00", "2026-11-10 00:00"), BRUSSELS) == (
        (
            local("2026-11-07 21:00", "2026-11-08 07:00"),
            local("2026-11-08 21:00", "2026-11-09 07:00"),
        ),
        (local("2026-11-09 07:00", "2026-11-09 08:00"),),
    )


def test_exceptions_hold_instead_of_the_weekday_and_the_later_one_wins() -> None:
    workdays = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9-17")
    painted = week(
        Exceptional(date(2026, 11, 2), date(2026, 11, 6), ()),
        Exceptional(date(2026, 11, 4), date(2026, 11, 4), hours("10-11?")),
        Exceptional(date(2026, 11, 7), date(2026, 11, 7), hours("13-14")),
        **workdays,
    )
    assert time_of(painted, local("2026-10-30 00:00", "2026-11-10 00:00"), BRUSSELS) == (
        (
            local("2026-10-30 09:00", "2026-10-30 17:00"),
            local("2026-11-07 13:00", "2026-11-07 14:00"),
            local("2026-11-09 09:00", "2026-11-09 17:00"),
        ),
        (local("2026-11-04 10:00", "2026-11-04 11:00"),),
    )


def test_an_exception_goes_on_past_midnight_into_the_day_after_it() -> None:
    nights = Exceptional(date(2026, 11, 3), date(2026, 11, 4), *read_hours("21-7"))
    painted = week(nights, **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "6-9?"))
    assert time_of(painted, local("2026-11-02 00:00", "2026-11-07 00:00"), BRUSSELS) == (
        (
            local("2026-11-03 21:00", "2026-11-04 07:00"),
            local("2026-11-04 21:00", "2026-11-05 07:00"),
        ),
        (
            local("2026-11-02 06:00", "2026-11-02 09:00"),
            local("2026-11-05 07:00", "2026-11-05 09:00"),
            local("2026-11-06 06:00", "2026-11-06 09:00"),
        ),
    )


def test_a_free_day_ends_the_usual_night_before_it_at_midnight() -> None:
    painted = week(Exceptional(date(2026, 11, 2), date(2026, 11, 2), ()), sun="21-7")
    busy, _ = time_of(painted, local("2026-11-01 12:00", "2026-11-03 00:00"), BRUSSELS)
    assert busy == (local("2026-11-01 21:00", "2026-11-02 00:00"),)


def test_hours_stay_on_the_wall_when_the_clocks_change() -> None:
    painted = week(sat="21-7", sun="9-10")
    assert [
        time_of(painted, local(f"{first} 12:00", f"{last} 12:00"), BRUSSELS)[0]
        for first, last in (("2026-03-28", "2026-03-29"), ("2026-10-24", "2026-10-25"))
    ] == [
        (utc("2026-03-28 20:00", "2026-03-29 05:00"), utc("2026-03-29 07:00", "2026-03-29 08:00")),
        (utc("2026-10-24 19:00", "2026-10-25 06:00"), utc("2026-10-25 08:00", "2026-10-25 09:00")),
    ]


@pytest.mark.parametrize(
    ("text", "spring", "autumn"),
    [
        ("2-3", (), (utc("2026-10-25 00:00", "2026-10-25 02:00"),)),
        (
            "2:30-4",
            (utc("2026-03-29 01:00", "2026-03-29 02:00"),),
            (utc("2026-10-25 00:30", "2026-10-25 01:00"), utc("2026-10-25 01:30", "2026-10-25 03:00")),
        ),
        (
            "1-2:15",
            (utc("2026-03-29 00:00", "2026-03-29 01:00"),),
            (utc("2026-10-24 23:00", "2026-10-25 00:15"), utc("2026-10-25 01:00", "2026-10-25 01:15")),
        ),
    ],
)
def test_a_skipped_hour_takes_no_time_and_a_repeated_hour_twice(
    text: str, spring: tuple[Interval, ...], autumn: tuple[Interval, ...]
) -> None:
    assert [
        time_of(week(sun=text), local(f"{day} 00:00", f"{day} 12:00"), BRUSSELS)[0]
        for day in ("2026-03-29", "2026-10-25")
    ] == [spring, autumn]


def _hours_of(states: list[int]) -> Hours:
    """Return the hours of a day whose quarters are free (0), maybe busy (1) or busy (2)."""
    parts = [
        f"{at // 4}:{at % 4 * 15:02}-{(at + 1) // 4}:{(at + 1) % 4 * 15:02}{'?' if state == 1 else ''}"
        for at, state in enumerate(states)
        if state
    ]
    return read_hours(",".join(parts))[0]


days_of_states = st.lists(st.integers(0, 2), min_size=96, max_size=96)
some_hours = days_of_states.map(_hours_of)
clocks = st.integers(0, 24 * 60 - 1).map(lambda minutes: f"{minutes // 60}:{minutes % 60:02}")
parts = st.builds("{}-{}{}".format, clocks, clocks, st.sampled_from(["", "?"]))
texts = st.lists(parts, max_size=5).map(", ".join)
dates = st.dates(date(2026, 3, 20), date(2026, 4, 10))


@st.composite
def exceptions(draw: st.DrawFn) -> Exceptional:
    first = draw(dates)
    return Exceptional(first, first + timedelta(days=draw(st.integers(0, 9))), *read_hours(draw(texts)))


weeks = st.builds(
    PaintedWeek,
    st.lists(texts, min_size=7, max_size=7).map(read_week),
    st.lists(exceptions(), max_size=3).map(tuple),
)


@given(given_hours=some_hours)
def test_what_is_written_is_read_as_the_same_hours(given_hours: Hours) -> None:
    assert read_hours(write_hours(given_hours)) == (given_hours, ())


@given(text=texts)
def test_what_is_read_is_written_as_a_text_with_the_same_meaning(text: str) -> None:
    assert read_hours(write_hours(*read_hours(text))) == read_hours(text)


@given(painted=weeks)
def test_a_week_becomes_a_document_and_back(painted: PaintedWeek) -> None:
    assert from_document(json.loads(json.dumps(to_document(painted)))) == painted


def test_a_document_is_made_of_the_texts_that_people_know() -> None:
    painted = week(Exceptional(date(2026, 12, 12), date(2026, 12, 13), *read_hours("21-7?")), mon="7-15:30")
    assert to_document(painted) == {
        "days": ["7:00-15:30", "", "", "", "", "", ""],
        "exceptions": [{"first": "2026-12-12", "last": "2026-12-13", "hours": "21:00-7:00?"}],
    }


@given(painted=weeks, first=dates)
def test_a_moment_is_taken_when_the_clock_then_shows_a_painted_hour(
    painted: PaintedWeek, first: date
) -> None:
    start = datetime(first.year, first.month, first.day, tzinfo=BRUSSELS).astimezone(UTC)
    window = Interval(start, start + timedelta(days=3))
    taken = time_of(painted, window, BRUSSELS)
    quarters = [start + at * QUARTER for at in range(3 * 96)]
    for tentative, intervals in zip((False, True), taken, strict=True):
        held = {moment for one in intervals for moment in quarters if one.start <= moment < one.end}
        assert held == {moment for moment in quarters if _kind_at(painted, moment) is tentative}


def _kind_at(painted: PaintedWeek, moment: datetime) -> bool | None:
    """Return whether the hour that a clock in Brussels shows is only maybe busy, None where it is free."""
    clock = moment.astimezone(BRUSSELS)
    minute = 60 * clock.hour + clock.minute
    shown = (one for one in painted.hours_on(clock.date()) if one.start <= minute < one.end)
    return next((one.tentative for one in shown), None)
