"""A week as a grid draws it, in the nights in which the clocks change too."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.web.show import week_blocks
from lti_tool.zone import ZONE
from scheduling.interval import Interval

SUNDAY = 6
WEEK = date(2027, 2, 8)
# The clocks change at 1:00 UTC on the last Sunday of March and of October.
SUMMER_TIME_WEEK = date(2027, 3, 22)
WINTER_TIME_WEEK = date(2027, 10, 25)


def _busy(monday: date, *ends: datetime) -> list[tuple[object, str, str]]:
    """Return the blocks of one busy interval as (day, from, until) on the wall."""
    blocks = week_blocks(monday, {"busy": [Interval(*ends)]})
    drawn = [(block["day"], _ends(block)) for block in blocks]
    return [(day, _clock(start), _clock(end)) for day, (start, end) in drawn]


def _ends(block: dict[str, object]) -> tuple[int, int]:
    start, end = block["start"], block["end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    return start, end


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _in_utc(day: int, hour: int, minute: int = 0, *, month: int) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def test_a_block_carries_its_day_its_minutes_and_its_kind() -> None:
    meeting = Interval(datetime(2027, 2, 9, 8, tzinfo=UTC), datetime(2027, 2, 9, 9, 30, tzinfo=UTC))
    day = {"day": 1, "start": 540, "end": 630}
    assert week_blocks(WEEK, {"busy": [meeting], "session": [meeting]}, "Live") == [
        day | {"kind": "busy", "label": ""},
        day | {"kind": "session", "label": "Live"},
    ]


def test_a_night_is_cut_at_midnight() -> None:
    assert _busy(WEEK, _in_utc(9, 21, month=2), _in_utc(10, 5, month=2)) == [
        (1, "22:00", "24:00"),
        (2, "0:00", "6:00"),
    ]


def test_what_lies_outside_the_week_is_not_drawn() -> None:
    assert _busy(WEEK, _in_utc(1, 9, month=2), _in_utc(8, 0, month=2)) == [(0, "0:00", "1:00")]


def test_a_whole_week_is_seven_whole_days_whether_the_clocks_change_or_not() -> None:
    for monday in (WEEK, SUMMER_TIME_WEEK, WINTER_TIME_WEEK):
        long = Interval(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
        blocks = week_blocks(monday, {"unknown": [long]})
        assert [(block["day"], block["start"], block["end"]) for block in blocks] == [
            (day, 0, 1440) for day in range(7)
        ]


def test_the_hour_that_summer_time_skips_is_filled() -> None:
    before, after = _in_utc(28, 0, 30, month=3), _in_utc(28, 1, 15, month=3)
    change = _in_utc(28, 1, month=3)
    assert _busy(SUMMER_TIME_WEEK, before, after) == [(SUNDAY, "1:30", "3:15")]
    assert _busy(SUMMER_TIME_WEEK, before, change) == [(SUNDAY, "1:30", "3:00")]
    assert _busy(SUMMER_TIME_WEEK, change, after) == [(SUNDAY, "3:00", "3:15")]


def test_the_hour_that_winter_time_repeats_is_drawn_once() -> None:
    first_time, second_time = _in_utc(31, 0, 15, month=10), _in_utc(31, 1, 45, month=10)
    assert _busy(WINTER_TIME_WEEK, first_time, second_time) == [(SUNDAY, "2:00", "3:00")]
    assert _busy(WINTER_TIME_WEEK, _in_utc(30, 20, month=10), _in_utc(31, 6, month=10)) == [
        (SUNDAY - 1, "22:00", "24:00"),
        (SUNDAY, "0:00", "7:00"),
    ]


def test_a_stretch_that_ends_earlier_on_the_wall_than_it_began_is_two_blocks() -> None:
    assert _busy(WINTER_TIME_WEEK, _in_utc(31, 0, 30, month=10), _in_utc(31, 1, 15, month=10)) == [
        (SUNDAY, "2:00", "2:15"),
        (SUNDAY, "2:30", "3:00"),
    ]


def test_a_stretch_up_to_the_change_ends_at_three() -> None:
    assert _busy(WINTER_TIME_WEEK, _in_utc(31, 0, 30, month=10), _in_utc(31, 1, month=10)) == [
        (SUNDAY, "2:30", "3:00")
    ]


def test_a_later_day_of_winter_time_is_drawn_by_its_own_clock() -> None:
    assert _busy(WINTER_TIME_WEEK, _in_utc(31, 8, month=10), _in_utc(31, 9, month=10)) == [
        (SUNDAY, "9:00", "10:00")
    ]


@given(
    st.sampled_from([WEEK, SUMMER_TIME_WEEK, WINTER_TIME_WEEK]),
    st.integers(-4 * 24, 4 * 24 * 7),
    st.integers(1, 4 * 24 * 8),
)
def test_blocks_fill_every_quarter_that_the_wall_shows_meanwhile(
    monday: date, since: int, length: int
) -> None:
    midnight = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    quarters = [midnight + timedelta(minutes=15 * number) for number in range(since, since + length)]
    interval = Interval(quarters[0], quarters[-1] + timedelta(minutes=15))
    drawn = [
        (block["day"], minute)
        for block in week_blocks(monday, {"busy": [interval]})
        for minute in range(*_ends(block), 15)
    ]
    assert sorted(drawn) == sorted(_shown(monday, quarters))


def _shown(monday: date, quarters: list[datetime]) -> set[tuple[object, int]]:
    """Return the (day, minute) of a week that a wall shows in these quarters, the skipped ones included."""
    shown: set[tuple[object, int]] = set()
    for quarter in quarters:
        wall = quarter.astimezone(ZONE)
        if 0 <= (day := (wall.date() - monday).days) < 7:
            shown.add((day, wall.hour * 60 + wall.minute))
        if quarter == _in_utc(28, 0, 45, month=3):
            shown |= {(SUNDAY, minute) for minute in range(120, 180, 15)}
    return shown
