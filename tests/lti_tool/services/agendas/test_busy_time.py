"""Someone's time from several agendas and her own wishes, as she and the planner see it."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from lti_tool.lti.roles import Role
from lti_tool.services.agendas import sources
from lti_tool.services.agendas.busy_time import BusyTime, Shared, busy_times, count_shared, week_of
from lti_tool.services.agendas.preferences import find_preferences, keep_preferences
from lti_tool.services.agendas.sources import Handling
from lti_tool.storage.database import Database
from lti_tool.zone import ZONE
from scheduling.agenda import Reading
from scheduling.grid import Grid
from scheduling.interval import Interval
from scheduling.preferences import Preferences
from tests.lti_tool.services.agendas.people import ANN, BOB, NOW, assignment_of, connect, record
from tests.lti_tool.services.cohort import add_enrolment

MONDAY = date(2027, 3, 1)
GRID = Grid(datetime(2027, 3, 1, tzinfo=ZONE), 2 * 96)  # Monday and Tuesday
NO_WISHES = Preferences(rest=timedelta(0))


def at(start: str, end: str) -> Interval:
    """Return the time between "1 09:00" and "1 10:00" of March 2027 on the wall."""

    def moment(text: str) -> datetime:
        day, hour = text.split()
        return datetime.fromisoformat(f"2027-03-{int(day):02}T{hour}").replace(tzinfo=ZONE)

    return Interval(moment(start), moment(end))


def holds(
    database: Database,
    person_id: int,
    *busy: Interval,
    tentative: tuple[Interval, ...] = (),
    unknown: tuple[Interval, ...] = (),
) -> None:
    reading = Reading(busy=busy, tentative=tentative, unknown=unknown, problems=(), events=1)
    with database.begin() as db:
        sources.connect_file(db, person_id, reading, Handling(), NOW)


def wishes(database: Database, person_id: int, chosen: Preferences) -> None:
    with database.begin() as db:
        keep_preferences(db, person_id, chosen)


def times(database: Database, *, on_campus: bool = False) -> dict[int, BusyTime]:
    with database.read() as db:
        return busy_times(db, 1, GRID, zone=ZONE, now=NOW, on_campus=on_campus)


def week(database: Database, person_id: int) -> dict[str, tuple[Interval, ...]]:
    with database.read() as db:
        return week_of(db, person_id, MONDAY, ZONE, NOW)


def test_busy_in_one_agenda_is_busy_and_unknown_in_one_is_unknown(cohort: Database) -> None:
    wishes(cohort, ANN, NO_WISHES)
    holds(cohort, ANN, at("1 09:00", "1 10:00"), tentative=(at("1 12:00", "1 14:00"),))
    holds(
        cohort,
        ANN,
        at("1 13:00", "1 15:00"),
        unknown=(at("1 09:30", "1 11:00"), at("1 12:00", "1 12:30")),
    )
    [known] = times(cohort).values()
    assert GRID.intervals(known.busy) == (at("1 09:00", "1 10:00"), at("1 13:00", "1 15:00"))
    assert GRID.intervals(known.unknown) == (at("1 10:00", "1 11:00"), at("1 12:00", "1 12:30"))
    assert GRID.intervals(known.tentative) == (at("1 12:30", "1 13:00"),)


def test_an_agenda_that_was_never_read_makes_all_time_unknown_that_no_other_makes_busy(
    cohort: Database,
) -> None:
    wishes(cohort, ANN, NO_WISHES)
    holds(cohort, ANN, at("1 09:00", "1 10:00"))
    connect(cohort, ANN)
    found = week(cohort, ANN)
    assert found["busy"] == (at("1 09:00", "1 10:00"),)
    assert found["unknown"] == (at("1 00:00", "1 09:00"), at("1 10:00", "8 00:00"))


def test_the_planner_knows_what_is_not_known(cohort: Database) -> None:
    wishes(cohort, ANN, NO_WISHES)
    holds(cohort, ANN, at("1 09:00", "1 10:00"))
    connect(cohort, ANN)
    [known] = times(cohort).values()
    assert GRID.intervals(~known.unknown) == (at("1 09:00", "1 10:00"),)


def test_a_file_of_another_time_says_nothing_and_does_not_count_as_free(cohort: Database) -> None:
    wishes(cohort, ANN, NO_WISHES)
    reading = Reading(busy=(), tentative=(), unknown=(), problems=(), events=0)
    with cohort.begin() as db:
        sources.connect_file(db, ANN, reading, Handling(), NOW - timedelta(weeks=60))
    assert times(cohort)[ANN].unknown.all()
    holds(cohort, ANN, at("1 09:00", "1 10:00"))
    assert not times(cohort)[ANN].unknown.any()


def test_who_shared_nothing_is_not_guessed(cohort: Database) -> None:
    holds(cohort, ANN, at("1 09:00", "1 10:00"))
    connect(cohort, BOB)
    assert list(times(cohort)) == [ANN]


def test_the_night_before_the_first_day_asks_for_rest_on_it(cohort: Database) -> None:
    holds(cohort, ANN, Interval(datetime(2027, 2, 28, 21, tzinfo=ZONE), at("1 07:00", "1 08:00").start))
    assert week(cohort, ANN)["rest"] == (at("1 07:00", "1 15:00"),)
    assert GRID.intervals(times(cohort)[ANN].busy) == (at("1 00:00", "1 15:00"),)


def test_travel_counts_for_sessions_on_campus_only(cohort: Database) -> None:
    wishes(cohort, ANN, Preferences(travel_before=timedelta(hours=1), rest=timedelta(0)))
    holds(cohort, ANN, at("1 09:00", "1 10:00"))
    assert week(cohort, ANN)["travel"] == (at("1 10:00", "1 11:00"),)
    online, campus = (GRID.intervals(times(cohort, on_campus=where)[ANN].busy) for where in (False, True))
    assert (online, campus) == ((at("1 09:00", "1 10:00"),), (at("1 09:00", "1 11:00"),))


def test_hours_and_days_that_do_not_suit_are_busy_for_the_planner_whatever_else_is_known(
    cohort: Database,
) -> None:
    chosen = Preferences(hours_from=8 * 60, hours_until=17 * 60, days_never=frozenset({1}), rest=timedelta(0))
    wishes(cohort, ANN, chosen)
    holds(cohort, ANN, tentative=(at("1 16:00", "1 18:00"),), unknown=(at("2 08:00", "2 12:00"),))
    [known] = times(cohort).values()
    assert GRID.intervals(~known.busy) == (at("1 08:00", "1 17:00"),)
    assert GRID.intervals(known.tentative) == (at("1 16:00", "1 17:00"),)
    assert not known.unknown.any()


def test_notice_counts_from_now(cohort: Database) -> None:
    wishes(cohort, ANN, Preferences(notice=timedelta(days=1), rest=timedelta(0)))
    holds(cohort, ANN)
    [known] = times(cohort).values()
    assert GRID.intervals(~known.busy) == (at("2 10:00", "3 00:00"),)


@pytest.mark.parametrize("on_campus", [False, True])
def test_no_quarter_is_of_two_kinds(cohort: Database, on_campus: bool) -> None:
    wishes(cohort, ANN, Preferences(9 * 60, 12 * 60, travel_after=timedelta(hours=2)))
    both = at("1 08:00", "1 20:00")
    holds(cohort, ANN, at("1 09:00", "1 10:00"), tentative=(both,))
    holds(cohort, ANN, at("1 11:00", "1 12:00"), unknown=(at("1 08:00", "1 20:00"),))
    [known] = times(cohort, on_campus=on_campus).values()
    masks = np.array([known.busy, known.tentative, known.unknown], dtype=np.int64)
    assert masks.sum(axis=0).max() == 1


def test_preferences_are_as_they_were_chosen(cohort: Database) -> None:
    chosen = Preferences(
        hours_from=7 * 60 + 30,
        hours_until=20 * 60,
        days_never=frozenset({2, 6}),
        notice=timedelta(days=3),
        travel_before=timedelta(minutes=40),
        travel_after=timedelta(minutes=50),
        rest=timedelta(hours=10),
    )
    wishes(cohort, ANN, NO_WISHES)
    wishes(cohort, ANN, chosen)
    with cohort.read() as db:
        assert (find_preferences(db, ANN), find_preferences(db, BOB)) == (chosen, Preferences())


def test_someone_with_two_agendas_counts_once_among_those_who_shared(cohort: Database) -> None:
    holds(cohort, ANN)
    holds(cohort, ANN)
    record(cohort, assignment_of(cohort, connect(cohort, ANN)))
    connect(cohort, BOB)
    with cohort.begin() as db:
        add_enrolment(db, 9, role=Role.LEARNER).left_at = NOW
    with cohort.read() as db:
        assert count_shared(db, 1) == Shared(connected=1, learners=2)
