"""Reading again and again: when, how much of it, and what stays in force where it fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lti_tool.services.agendas import hosts, reading, refreshing, sources
from lti_tool.services.agendas.fetching import FetchFailure
from lti_tool.services.agendas.reading import Outcome, reading_window
from lti_tool.services.agendas.refreshing import (
    LONGEST_REFRESH,
    REFRESH_EVERY,
    SPREAD,
    STALE_WINDOW,
    claim_reading,
    put_off_reading,
    read_assignment,
    start_reading,
)
from lti_tool.services.agendas.sources import Handling
from lti_tool.storage.database import Database
from lti_tool.storage.models import Agenda, CalendarHost
from lti_tool.zone import ZONE
from scheduling.agenda import UnreadableKind
from scheduling.grid import Grid, unpack
from scheduling.painted import PaintedWeek, read_week
from tests.lti_tool.lti.server import Reply, serving
from tests.lti_tool.services.agendas.people import (
    ANN,
    BOB,
    HOUR,
    NOW,
    READ,
    READING,
    VAULT,
    WINDOW,
    assignment_of,
    connect,
    only,
    paint,
    record,
)

SECOND = timedelta(seconds=1)
NOTHING_NEW = replace(READ, reading=None, window=None)


def failed(kind: str = FetchFailure.NOT_FOUND.value, wait: timedelta | None = None) -> Outcome:
    return Outcome(failure=kind, wait=wait)


def due(database: Database, agenda_id: int) -> timedelta:
    """Return how long after NOW an agenda is due."""
    with database.read() as db:
        at = db.get_one(Agenda, agenda_id).due_at
    assert at is not None
    return at - NOW


def claimed(database: Database, now: datetime = NOW) -> int | None:
    with database.begin() as db:
        return claim_reading(db, now)


def test_a_window_begins_before_the_week_for_the_night_before_it() -> None:
    assert WINDOW.start == NOW - timedelta(days=2, hours=9)
    assert reading_window(NOW + timedelta(days=6)) == WINDOW


def test_what_was_read_is_kept_and_read_again_a_quarter_of_an_hour_later(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    assert claimed(cohort) == agenda_id
    record(cohort, assignment_of(cohort, agenda_id))
    held = only(cohort, ANN)
    assert (held.read_at, held.failure, held.events, held.covered) == (
        NOW,
        None,
        1,
        Grid.covering(WINDOW).window,
    )
    assert REFRESH_EVERY <= due(cohort, agenda_id) <= REFRESH_EVERY * (1 + SPREAD)
    assert claimed(cohort, NOW + REFRESH_EVERY - SECOND) is None
    assert claimed(cohort, NOW + REFRESH_EVERY * (1 + SPREAD)) == agenda_id


def test_readings_that_began_together_drift_apart(cohort: Database) -> None:
    found = set()
    for number in range(8):
        agenda_id = connect(cohort, ANN, f"https://example.org/{number}.ics")
        record(cohort, assignment_of(cohort, agenda_id))
        found.add(due(cohort, agenda_id))
    assert len(found) > 1


@pytest.mark.parametrize(
    ("said", "least"),
    [
        (timedelta(seconds=1), REFRESH_EVERY),
        (2 * HOUR, 2 * HOUR),
        (timedelta(days=365), LONGEST_REFRESH),
    ],
)
def test_a_server_says_how_long_its_answer_stays_right(
    cohort: Database, said: timedelta, least: timedelta
) -> None:
    agenda_id = connect(cohort, ANN)
    record(cohort, assignment_of(cohort, agenda_id), replace(READ, wait=said))
    assert least <= due(cohort, agenda_id) <= least * (1 + SPREAD)


def test_nothing_new_keeps_what_was_read_and_is_fresh(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    record(cohort, assignment_of(cohort, agenda_id))
    before, later = only(cohort, ANN), NOW + HOUR
    asked = assignment_of(cohort, agenda_id, later)
    assert (asked.digest, asked.etag) == ("1", '"1"')
    record(cohort, asked, NOTHING_NEW, later)
    assert only(cohort, ANN) == replace(before, read_at=later)


def test_a_window_of_last_week_is_read_whole(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    record(cohort, assignment_of(cohort, agenda_id))
    asked = assignment_of(cohort, agenda_id, NOW + STALE_WINDOW)
    assert (asked.digest, asked.etag, asked.last_modified) == (None, None, None)


def test_after_a_failure_the_last_good_reading_stays_in_force_and_ages(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    record(cohort, assignment_of(cohort, agenda_id))
    good = only(cohort, ANN)
    for hours in (1, 2):
        record(cohort, assignment_of(cohort, agenda_id), failed(), NOW + hours * HOUR)
    assert only(cohort, ANN) == replace(good, failure="not_found", failing_since=NOW + HOUR)
    with cohort.read() as db:
        row = db.get_one(Agenda, agenda_id)
    assert row.busy is not None
    assert unpack(row.busy, row.slots).sum() == 4
    record(cohort, assignment_of(cohort, agenda_id), READ, NOW + 3 * HOUR)
    assert only(cohort, ANN) == replace(good, read_at=NOW + 3 * HOUR)


def test_what_nobody_mends_in_a_minute_is_not_tried_each_minute(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    assert claimed(cohort) == agenda_id
    record(cohort, assignment_of(cohort, agenda_id), failed())
    assert due(cohort, agenda_id) == REFRESH_EVERY


def test_an_agenda_whose_reading_breaks_off_says_so_and_keeps_what_was_read(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    record(cohort, assignment_of(cohort, agenda_id))
    good, later = only(cohort, ANN), NOW + HOUR
    assert claimed(cohort, later) == agenda_id
    with cohort.begin() as db:
        put_off_reading(db, agenda_id, later)
    assert only(cohort, ANN) == replace(good, failure="crashed", failing_since=later)
    assert claimed(cohort, later) is None
    assert claimed(cohort, later + 5 * SECOND) == agenda_id


def test_there_is_nothing_to_read_of_what_is_gone_or_of_a_file(cohort: Database) -> None:
    with cohort.begin() as db:
        file = sources.connect_file(db, ANN, READING, Handling(), NOW)
        assert read_assignment(db, VAULT, file, NOW) is None
        assert read_assignment(db, VAULT, file + 1, NOW) is None
        assert db.get_one(Agenda, file).due_at is None


def test_an_owner_does_not_read_beside_the_worker_or_for_someone_else(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)

    def start(who: int, now: datetime) -> bool:
        with cohort.begin() as db:
            return start_reading(db, who, agenda_id, now)

    assert [start(BOB, NOW), start(ANN, NOW), start(ANN, NOW + SECOND)] == [False, True, False]
    assert claimed(cohort) is None
    assert start(ANN, NOW + refreshing.READING_LEASE)


def test_a_painted_week_is_laid_out_anew_each_day(cohort: Database) -> None:
    week = PaintedWeek(read_week(["8:00-12:00", "", "", "", "", "", ""]))
    agenda_id = paint(cohort, ANN, week)
    assert due(cohort, agenda_id) == LONGEST_REFRESH
    later = NOW + timedelta(weeks=2)
    outcome = reading.read(
        assignment_of(cohort, agenda_id, later), zone=ZONE, allowed_hosts=frozenset(), now=later
    )
    record(cohort, assignment_of(cohort, agenda_id, later), outcome, later)
    assert only(cohort, ANN).covered == Grid.covering(reading_window(later)).window
    assert outcome.reading is not None
    assert len(outcome.reading.busy) == 32


def test_an_address_of_another_secret_key_is_asked_for_once_more(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    with cohort.begin() as db:
        db.get_one(Agenda, agenda_id).address = b"of another installation"
    asked = assignment_of(cohort, agenda_id)
    outcome = reading.read(asked, zone=ZONE, allowed_hosts=frozenset(), now=NOW)
    record(cohort, asked, outcome)
    assert only(cohort, ANN).failure == "lost_address"


def test_workers_share_the_agendas_and_read_none_twice(cohort: Database) -> None:
    expected = {connect(cohort, who, f"https://example.org/{n}.ics") for who in (ANN, BOB) for n in range(9)}

    def claim_all(_: int) -> list[int]:
        return list(iter(lambda: claimed(cohort), None))

    with ThreadPoolExecutor(4) as workers:
        found = [agenda_id for taken in workers.map(claim_all, range(4)) for agenda_id in taken]
    assert sorted(found) == sorted(expected)


# A server that does not answer is left alone


Failing = Callable[[FetchFailure, datetime, timedelta | None], None]


@pytest.fixture
def fail(cohort: Database) -> Failing:
    """Makes a reading of Ann's agenda fail; Bob's is on the same server."""
    anns = connect(cohort, ANN, "https://example.org/ann.ics")
    connect(cohort, BOB, "https://EXAMPLE.org/bob.ics")

    def make(kind: FetchFailure, now: datetime = NOW, wait: timedelta | None = None) -> None:
        record(cohort, assignment_of(cohort, anns), failed(kind.value, wait), now)

    return make


@pytest.mark.parametrize(
    ("kind", "rests"),
    [
        (FetchFailure.SERVER_TROUBLE, True),
        (FetchFailure.SERVER_SLOW, True),
        (FetchFailure.SERVER_BUSY, True),
        (FetchFailure.NOT_FOUND, False),
        (FetchFailure.LOGIN_PAGE, False),
        (FetchFailure.UNKNOWN_HOST, False),
    ],
)
def test_all_agendas_of_a_server_in_trouble_wait(
    cohort: Database, fail: Failing, kind: FetchFailure, rests: bool
) -> None:
    fail(kind, NOW, None)
    assert (claimed(cohort) is None) is rests
    elsewhere = connect(cohort, BOB, "https://example.com/bob.ics")
    while (found := claimed(cohort)) is not None and found != elsewhere:
        pass
    assert found == elsewhere


def test_a_server_is_left_alone_longer_each_time_and_as_long_as_it_asks(
    cohort: Database, fail: Failing
) -> None:
    def rest() -> timedelta:
        with cohort.read() as db:
            return db.scalars(select(CalendarHost.rests_until)).one() - now

    now = NOW
    found = []
    for _ in range(4):
        fail(FetchFailure.SERVER_TROUBLE, now, None)
        found.append(rest())
        now += found[-1]
    assert found == [5 * SECOND, 10 * SECOND, 20 * SECOND, 40 * SECOND]
    fail(FetchFailure.SERVER_BUSY, now, HOUR)
    assert rest() == HOUR


def test_failures_that_were_under_way_together_are_one(cohort: Database, fail: Failing) -> None:
    for _ in range(5):
        fail(FetchFailure.SERVER_TROUBLE, NOW, None)
    with cohort.read() as db:
        assert db.scalars(select(CalendarHost.failures)).one() == 1


def test_what_is_too_slow_to_read_says_nothing_of_its_server(cohort: Database, fail: Failing) -> None:
    with cohort.read() as db:
        anns = db.scalars(select(Agenda.id).where(Agenda.person_id == ANN)).one()
    record(cohort, assignment_of(cohort, anns), failed(UnreadableKind.TOO_SLOW.value))
    assert claimed(cohort) is not None


def test_an_owner_does_not_disturb_a_server_at_rest(cohort: Database, fail: Failing) -> None:
    fail(FetchFailure.SERVER_BUSY, NOW, HOUR)
    with cohort.begin() as db:
        anns, bobs = db.scalars(select(Agenda.id).order_by(Agenda.person_id))
        assert not start_reading(db, BOB, bobs, NOW + HOUR - SECOND)
        assert start_reading(db, BOB, bobs, NOW + HOUR)
        assert not start_reading(db, BOB, anns, NOW + HOUR)


def test_an_answer_that_was_under_way_ends_no_rest(cohort: Database, fail: Failing) -> None:
    fail(FetchFailure.SERVER_BUSY, NOW, HOUR)
    with cohort.read() as db:
        bobs = db.scalars(select(Agenda.id).where(Agenda.person_id == BOB)).one()
    record(cohort, assignment_of(cohort, bobs), READ, NOW + SECOND)
    assert claimed(cohort, NOW + HOUR - SECOND) is None


def test_an_answer_between_two_steps_of_a_failure_is_no_crash(cohort: Database, fail: Failing) -> None:
    def both(number: int) -> None:
        with cohort.begin() as db:
            if number % 2:
                hosts.note_failure(db, "host", NOW, at_least=timedelta(0))
            else:
                hosts.note_answer(db, "host", NOW + HOUR)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(both, range(60)))


def test_an_answer_forgets_the_failures(cohort: Database, fail: Failing) -> None:
    fail(FetchFailure.SERVER_TROUBLE, NOW, None)
    with cohort.read() as db:
        bobs = db.scalars(select(Agenda.id).where(Agenda.person_id == BOB)).one()
    record(cohort, assignment_of(cohort, bobs), READ, NOW + HOUR)
    with cohort.read() as db:
        assert db.scalars(select(CalendarHost)).all() == []


# What is fetched again and says the same is not read again


def published(stamp: str, start: str) -> Reply:
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", f"DTSTAMP:{stamp}"),
        *(f"DTSTART:{start}", "DURATION:PT1H", f"SUMMARY:Gesprek {stamp}", "END:VEVENT", "END:VCALENDAR", ""),
    )
    return Reply(content="\r\n".join(lines).encode())


def test_new_stamps_and_titles_are_nothing_new(cohort: Database) -> None:
    with serving() as server:
        address = server.answer(
            "/a.ics",
            published("20270301T090000Z", "20270302T090000Z"),
            published("20270301T091500Z", "20270302T090000Z"),
            published("20270301T093000Z", "20270302T110000Z"),
        )
        agenda_id = connect(cohort, ANN, address)
        outcomes = []
        for _ in range(3):
            asked = assignment_of(cohort, agenda_id)
            outcome = reading.read(asked, zone=ZONE, allowed_hosts=frozenset({"127.0.0.1"}), now=NOW)
            record(cohort, asked, outcome)
            outcomes.append(outcome)
    first, same, changed = (outcome.reading for outcome in outcomes)
    assert (first is not None, same, changed is not None) == (True, None, True)
    assert outcomes[0].digest == outcomes[1].digest != outcomes[2].digest


def test_a_switch_reads_the_same_lines_anew(cohort: Database) -> None:
    with serving() as server:
        address = server.answer("/a.ics", published("20270301T090000Z", "20270302T090000Z"))
        agenda_id = connect(cohort, ANN, address)
        for handling in (Handling(), Handling(treat_all_as_busy=True)):
            with cohort.begin() as db:
                sources.change(db, ANN, agenda_id, handling, NOW)
            asked = assignment_of(cohort, agenda_id)
            outcome = reading.read(asked, zone=ZONE, allowed_hosts=frozenset({"127.0.0.1"}), now=NOW)
            record(cohort, asked, outcome)
            assert outcome.reading is not None
