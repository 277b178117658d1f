"""Two people with agendas, and short ways to do things with these."""

from datetime import UTC, datetime, timedelta

from lti_tool.services.agendas import refreshing, sources
from lti_tool.services.agendas.reading import Assignment, Outcome, reading_window
from lti_tool.services.agendas.sources import Source
from lti_tool.storage.database import Database
from lti_tool.storage.vault import Vault
from lti_tool.zone import ZONE
from scheduling.agenda import Reading
from scheduling.interval import Interval
from scheduling.painted import PaintedWeek

ANN, BOB = 2, 3
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)  # a Monday
VAULT = Vault("a secret that only these tests know")
WINDOW = reading_window(NOW)
HOUR = timedelta(hours=1)
READING = Reading(busy=(Interval(NOW, NOW + HOUR),), tentative=(), unknown=(), problems=(), events=1)
READ = Outcome(READING, WINDOW, digest="1", etag='"1"')


def connect(database: Database, person_id: int, address: str = "https://example.org/a.ics") -> int:
    with database.begin() as db:
        return sources.connect_address(db, VAULT, person_id, address, NOW)


def disconnect(database: Database, person_id: int, agenda_id: int) -> None:
    with database.begin() as db:
        sources.disconnect(db, person_id, agenda_id)


def assignment_of(database: Database, agenda_id: int, now: datetime = NOW) -> Assignment:
    with database.read() as db:
        assignment = refreshing.read_assignment(db, VAULT, agenda_id, now)
    assert assignment is not None
    return assignment


def record(database: Database, assignment: Assignment, outcome: Outcome = READ, now: datetime = NOW) -> None:
    with database.begin() as db:
        refreshing.record_reading(db, assignment, outcome, now)


def sources_of(database: Database, person_id: int) -> tuple[Source, ...]:
    with database.read() as db:
        return sources.sources_of(db, VAULT, person_id)


def only(database: Database, person_id: int) -> Source:
    [source] = sources_of(database, person_id)
    return source


def paint(database: Database, person_id: int, week: PaintedWeek) -> int:
    with database.begin() as db:
        return sources.change_painted(db, person_id, lambda _: week, ZONE, NOW)
