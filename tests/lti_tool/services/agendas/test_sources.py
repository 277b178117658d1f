"""Connecting and reading agendas: what was read goes to whom it was read for, or nowhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lti_tool.services.live.agendas import (
    REFRESH_EVERY,
    AgendaState,
    Assignment,
    NoAgendaError,
    Outcome,
    claim_reading,
    connect_address,
    connect_file,
    disconnect,
    find_agenda,
    put_off_reading,
    read_assignment,
    reading_window,
    record_reading,
    start_reading,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import Agenda, AgendaKind
from lti_tool.storage.vault import Vault
from scheduling.agenda import Reading
from scheduling.interval import Interval
from tests.lti_tool.services.cohort import add_cohort

ANN, BOB = 2, 3
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
VAULT = Vault("a secret that only these tests know")
WINDOW = reading_window(NOW)
READING = Reading((Interval(NOW, NOW + timedelta(hours=1)),), (), (), (), "", 1)
READ = Outcome(READING, WINDOW)
UNREAD = AgendaState(AgendaKind.ADDRESS, NOW, None, None, 0, (), None)
WELL_READ = replace(UNREAD, read_at=NOW, events=1, covered=WINDOW)


@pytest.fixture
def cohort(database: Database) -> Database:
    with database.begin() as db:
        add_cohort(db, learners=2)
    return database


def _connect(cohort: Database, person_id: int, address: str = "https://example.org/a.ics") -> int:
    with cohort.begin() as db:
        return connect_address(db, VAULT, person_id, address, NOW)


def _start(cohort: Database, agenda_id: int) -> Assignment:
    with cohort.begin() as db:
        return start_reading(db, VAULT, agenda_id, NOW)


def _record(cohort: Database, assignment: Assignment, outcome: Outcome = READ) -> None:
    with cohort.begin() as db:
        record_reading(db, assignment, outcome, NOW)


def _disconnect(cohort: Database, person_id: int) -> None:
    with cohort.begin() as db:
        disconnect(db, person_id)


def _state(cohort: Database, person_id: int) -> AgendaState:
    with cohort.read() as db:
        return find_agenda(db, person_id)


def test_what_was_read_is_kept_and_read_again_in_half_an_hour(cohort: Database) -> None:
    agenda_id = _connect(cohort, ANN)
    _record(cohort, _start(cohort, agenda_id))
    assert _state(cohort, ANN) == WELL_READ
    with cohort.begin() as db:
        assert claim_reading(db, NOW + REFRESH_EVERY - timedelta(seconds=1)) is None
        assert claim_reading(db, NOW + REFRESH_EVERY) == agenda_id


def test_nothing_is_written_into_a_strangers_agenda_that_got_the_id_of_one_taken_away(
    cohort: Database,
) -> None:
    anns = _connect(cohort, ANN)
    in_flight = _start(cohort, anns)
    _disconnect(cohort, ANN)
    bobs = _connect(cohort, BOB)
    _record(cohort, replace(in_flight, agenda_id=bobs))
    assert _state(cohort, BOB) == UNREAD


def test_a_corrected_address_is_not_overwritten_by_the_reading_of_the_wrong_one(cohort: Database) -> None:
    in_flight = _start(cohort, _connect(cohort, ANN, "https://example.org/wrong.ics"))
    right = _connect(cohort, ANN, "https://example.org/right.ics")
    _record(cohort, replace(in_flight, agenda_id=right))
    assert _state(cohort, ANN) == UNREAD
    with cohort.begin() as db:
        assert claim_reading(db, NOW) == right


def test_an_uploaded_file_is_not_overwritten_by_the_address_before_it(cohort: Database) -> None:
    in_flight = _start(cohort, _connect(cohort, ANN))
    with cohort.begin() as db:
        connect_file(db, ANN, READING, WINDOW, NOW)
        file = db.scalars(select(Agenda.id)).one()
    _record(cohort, replace(in_flight, agenda_id=file), Outcome(failure="not_found"))
    assert _state(cohort, ANN) == replace(WELL_READ, kind=AgendaKind.FILE)


def test_an_agenda_taken_away_meanwhile_stays_away(cohort: Database) -> None:
    in_flight = _start(cohort, _connect(cohort, ANN))
    _disconnect(cohort, ANN)
    _record(cohort, in_flight)
    with pytest.raises(NoAgendaError):
        _state(cohort, ANN)


def test_there_is_nothing_to_read_of_an_agenda_taken_away(cohort: Database) -> None:
    agenda_id = _connect(cohort, ANN)
    _disconnect(cohort, ANN)
    with cohort.read() as db, pytest.raises(NoAgendaError):
        read_assignment(db, VAULT, agenda_id, NOW)


def test_an_agenda_whose_reading_breaks_off_says_so_and_keeps_what_was_read(cohort: Database) -> None:
    agenda_id = _connect(cohort, ANN)
    _record(cohort, _start(cohort, agenda_id))
    later = NOW + REFRESH_EVERY
    with cohort.begin() as db:
        claim_reading(db, later)
        put_off_reading(db, agenda_id, later)
    assert _state(cohort, ANN) == replace(WELL_READ, failure="crashed")
    with cohort.begin() as db:
        assert claim_reading(db, later) is None
        assert claim_reading(db, later + timedelta(seconds=5)) == agenda_id


def test_of_connections_made_at_once_one_stays(cohort: Database) -> None:
    def connect(number: int) -> None:
        with cohort.begin() as db:
            agenda_id = connect_address(db, VAULT, ANN, f"https://example.org/{number}.ics", NOW)
            start_reading(db, VAULT, agenda_id, NOW)

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(connect, range(8)))
    assert _state(cohort, ANN) == UNREAD
    with cohort.read() as db:
        assert db.scalar(select(func.count()).select_from(Agenda)) == 1


def test_connecting_and_taking_away_at_once_harm_nothing(cohort: Database) -> None:
    def click(number: int) -> None:
        if number % 2:
            _connect(cohort, ANN)
            return
        try:
            _disconnect(cohort, ANN)
        except NoAgendaError:
            return

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(click, range(16)))
    with cohort.read() as db:
        assert db.scalar(select(func.count()).select_from(Agenda)) in (0, 1)
