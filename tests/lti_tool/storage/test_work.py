"""Workers share rows: each is done by one, and one that dies gives its row back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from lti_tool.storage.database import Database
from lti_tool.storage.models import Agenda, AgendaKind, Institution, Person, Registration
from lti_tool.storage.work import claim, finish, postpone

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LEASE = timedelta(minutes=2)
ROWS = 12


@pytest.fixture
def due(database: Database) -> Database:
    """A database with rows of work that are due."""
    with database.begin() as db:
        institution = Institution(slug="ucll", name="UCLL", locale="nl")
        db.add(institution)
        db.flush()
        registration = Registration(
            institution_id=institution.id,
            issuer="https://lms.example",
            client_id="1",
            auth_login_url="https://lms.example/auth",
            token_url="https://lms.example/token",
            jwks_url="https://lms.example/jwks",
            registered_at=NOW,
        )
        db.add(registration)
        db.flush()
        for number in range(ROWS):
            person = Person(registration_id=registration.id, subject=str(number))
            db.add(person)
            db.flush()
            db.add(Agenda(person_id=person.id, kind=AgendaKind.ADDRESS, connected_at=NOW, due_at=NOW))
    return database


def _take(database: Database, now: datetime = NOW) -> int | None:
    with database.begin() as db:
        row = claim(db, Agenda, now, lease=LEASE)
        return None if row is None else row.id


def test_each_row_is_taken_by_one_worker(due: Database) -> None:
    def work(_worker: int) -> list[int]:
        taken = []
        misses = 0
        while misses < 3:
            row = _take(due)
            if row is None:
                misses += 1
            else:
                taken.append(row)
        return taken

    with ThreadPoolExecutor(4) as workers:
        taken = [row for rows in workers.map(work, range(4)) for row in rows]
    assert len(taken) == len(set(taken)) == ROWS


def test_a_dead_workers_row_comes_up_again_after_its_lease(due: Database) -> None:
    first = [_take(due) for _ in range(ROWS)]
    assert _take(due, NOW + LEASE - timedelta(seconds=1)) is None
    again = [_take(due, NOW + LEASE) for _ in range(ROWS)]
    assert again == first


def test_nothing_is_taken_before_it_is_due(due: Database) -> None:
    assert _take(due, NOW - timedelta(seconds=1)) is None


def test_a_failure_waits_longer_each_time_up_to_an_hour(due: Database) -> None:
    waits = []
    now = NOW
    with due.begin() as db:
        for _ in range(12):
            row = claim(db, Agenda, now, lease=LEASE)
            assert row is not None
            postpone(row, now)
            assert row.due_at is not None
            waits.append((row.due_at - now).total_seconds())
            for other in db.query(Agenda).filter(Agenda.id != row.id):
                other.due_at = None
            db.flush()
            now = row.due_at
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_a_platform_that_asks_for_more_time_gets_it(due: Database) -> None:
    with due.begin() as db:
        row = claim(db, Agenda, NOW, lease=LEASE)
        assert row is not None
        postpone(row, NOW, at_least=timedelta(minutes=10))
        assert row.due_at == NOW + timedelta(minutes=10)


def test_what_is_finished_for_good_does_not_come_back(due: Database) -> None:
    with due.begin() as db:
        while row := claim(db, Agenda, NOW, lease=LEASE):
            finish(row, due_at=None)
    assert _take(due, NOW + timedelta(days=365)) is None
