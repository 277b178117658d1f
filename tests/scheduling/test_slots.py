from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduling.demand import Request
from scheduling.grid import Mask
from scheduling.interval import Interval
from scheduling.planner.problem import Agendas, Problem, Rule
from scheduling.slots import horizon, pose, windows

BRUSSELS = ZoneInfo("Europe/Brussels")
# The clocks go forward on Sunday 29 March 2026 and back on Sunday 25 October 2026.
SPRING = Request(
    sessions=1,
    minutes=60,
    first_day=date(2026, 3, 27),
    last_day=date(2026, 3, 30),
    hours_from=time(9),
    hours_until=time(10, 30),
)


def nobody(request: Request, people: int = 0) -> Agendas:
    free = np.zeros((people, horizon(request).slots), dtype=np.bool_)
    return Agendas(free, free, free)


def posed(request: Request, **given: object) -> Problem:
    return pose(request, **{"people": nobody(request), "hosts": nobody(request), **given})  # type: ignore[arg-type]


def starts(problem: Problem) -> list[datetime]:
    return [problem.time(start) for start in range(len(problem.starts))]


def person(request: Request, *busy: Interval) -> Mask:
    return horizon(request).mask(busy)[None, :]


def test_starts_keep_the_hours_of_the_wall_clock_when_the_clocks_change() -> None:
    friday, monday = datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)
    quarters = [timedelta(minutes=15 * quarter) for quarter in range(3)]
    assert starts(posed(SPRING)) == [day + quarter for day in (friday, monday) for quarter in quarters]


def test_the_night_of_the_change_has_no_session_in_the_hour_that_is_not() -> None:
    night = replace(SPRING, weekdays=frozenset({6}), hours_from=time(1), hours_until=time(4))
    local = [start.astimezone(BRUSSELS).strftime("%H:%M") for start in starts(posed(night))]
    assert local == ["01:00", "01:15", "01:30", "01:45", "03:00"]


def test_the_horizon_is_local_midnight_to_midnight() -> None:
    grid = horizon(SPRING)
    assert (grid.start, grid.end) == (
        datetime(2026, 3, 26, 23, tzinfo=UTC),
        datetime(2026, 3, 30, 22, tzinfo=UTC),
    )


def test_no_session_starts_on_an_excluded_date() -> None:
    found = starts(posed(SPRING, excluded={date(2026, 3, 30)}))
    assert {start.date() for start in found} == {date(2026, 3, 27)}


def test_no_session_touches_a_hosts_busy_time() -> None:
    nine = datetime(2026, 3, 27, 8, tzinfo=UTC)
    teaching = Interval(nine + timedelta(minutes=75), nine + timedelta(minutes=90))
    hosts = replace(nobody(SPRING, 1), busy=person(SPRING, teaching))
    friday = [start for start in starts(posed(SPRING, hosts=hosts)) if start.date() == nine.date()]
    assert friday == [nine, nine + timedelta(minutes=15)]


def test_a_session_that_does_not_fill_its_last_quarter_still_takes_it() -> None:
    assert posed(replace(SPRING, minutes=50)).length == 4


def test_people_are_free_only_where_all_of_the_session_is_known_to_be_free() -> None:
    nine = datetime(2026, 3, 27, 8, tzinfo=UTC)
    quarter = Interval(nine + timedelta(minutes=60), nine + timedelta(minutes=75))
    mark, no = person(SPRING, quarter), person(SPRING)
    whole = ~no
    people = Agendas(
        busy=np.concatenate((mark, no, no, no)),
        tentative=np.concatenate((no, mark, no, no)),
        unknown=np.concatenate((no, no, mark, whole)),
    )
    friday = slice(0, 3)
    problem = posed(SPRING, people=people)
    assert problem.free[:, friday].tolist() == [
        [True, False, False],
        [True, True, True],
        [True, False, False],
        [False, False, False],
    ]
    assert problem.firm[:, friday].tolist() == [
        [True, False, False],
        [True, False, False],
        [True, False, False],
        [False, False, False],
    ]
    assert problem.unknown[:, friday].tolist() == [
        [False, False, False],
        [False, False, False],
        [False, True, True],
        [True, True, True],
    ]


def test_sessions_split_the_open_days_in_order_with_two_days_in_common() -> None:
    request = replace(SPRING, sessions=3)
    days = np.array([1, 2, 3, 4, 5, 8, 9, 10, 11])
    assert windows(days, request) == (range(1, 6), range(4, 11), range(9, 12))


def test_more_sessions_than_open_days_still_have_a_window_each() -> None:
    assert windows(np.array([5]), replace(SPRING, sessions=2)) == (range(5, 6), range(5, 6))


def test_without_open_days_every_window_is_the_whole_request() -> None:
    problem = posed(replace(SPRING, weekdays=frozenset({2})))
    first = date(2026, 3, 27).toordinal()
    assert problem.windows == (range(first, first + 4),)
    assert len(problem.starts) == 0


@given(
    first=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    days=st.integers(0, 9),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.integers(0, 22),
    hours=st.integers(1, 23),
    minutes=st.integers(5, 240),
    zone=st.sampled_from(["Europe/Brussels", "Asia/Kathmandu", "America/New_York"]),
)
def test_every_start_and_only_those_keep_the_request(
    first: date, days: int, weekdays: frozenset[int], opens: int, hours: int, minutes: int, zone: str
) -> None:
    request = (
        Request(
            sessions=1,
            minutes=minutes,
            first_day=first,
            last_day=first + timedelta(days=days),
            weekdays=weekdays,
            hours_from=time(opens),
            hours_until=time(min(opens + hours, 23)),
            zone=zone,
        )
        if opens < 23
        else SPRING
    )
    problem = posed(request)
    assert set(starts(problem)) == {moment for moment in quarters_of(request) if kept(request, moment)}


def quarters_of(request: Request) -> list[datetime]:
    """Return every quarter of an hour from the day before the request to the day after it."""
    begin = datetime.combine(request.first_day - timedelta(days=1), time(), UTC)
    count = ((request.last_day - request.first_day).days + 3) * 96
    return [begin + timedelta(minutes=15 * quarter) for quarter in range(count)]


def kept(request: Request, moment: datetime) -> bool:
    begin = moment.astimezone(ZoneInfo(request.zone))
    end = (moment + request.duration).astimezone(ZoneInfo(request.zone))
    return (
        request.first_day <= begin.date() == end.date() <= request.last_day
        and begin.weekday() in request.weekdays
        and request.hours_from <= begin.time() <= request.hours_until
        and end.time() <= request.hours_until
    )


def test_what_is_published_is_kept_where_it_lies_on_the_grid() -> None:
    begins = datetime(2026, 3, 27, 8, tzinfo=UTC)
    others = [begins + timedelta(minutes=7), begins - timedelta(days=30), begins + timedelta(days=30)]
    grid = horizon(SPRING)
    assert posed(SPRING, published=[[begins, *others]]).published == (frozenset({grid.slot(begins)}),)


def test_bars_tell_the_rules_apart() -> None:
    problem = posed(SPRING, excluded={date(2026, 3, 30)})
    saturday_noon = problem.grid.slot(datetime(2026, 3, 28, 12, tzinfo=UTC))
    monday_nine = problem.grid.slot(datetime(2026, 3, 30, 7, tzinfo=UTC))
    assert [rule for rule, mask in problem.bars.items() if mask[saturday_noon]] == [Rule.WEEKDAY, Rule.HOURS]
    assert [rule for rule, mask in problem.bars.items() if mask[monday_nine]] == [Rule.EXCLUDED_DATE]
