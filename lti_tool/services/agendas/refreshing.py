"""Reading agendas, once they are connected and again and again.

Reading has the network in its middle, so it is three steps, of which only the outer two touch the database:
`claim_reading` or `start_reading`, and `read_assignment`; then `reading.read`; then `record_reading`.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.agendas import hosts
from lti_tool.services.agendas.fetching import FetchFailure
from lti_tool.services.agendas.reading import Assignment, Outcome, reading_window
from lti_tool.storage import work
from lti_tool.storage.models import Agenda, AgendaKind
from lti_tool.storage.vault import Vault
from scheduling.agenda import Reading, UnreadableKind
from scheduling.grid import Grid, pack
from scheduling.interval import Interval

REFRESH_EVERY = timedelta(minutes=15)
LONGEST_REFRESH = timedelta(days=1)
# Readings drift apart by up to this share of their interval, so that they do not all come at once.
SPREAD = 0.1
READING_LEASE = timedelta(minutes=2)
# The window is moved on, and everything in it read anew, a week after it began.
STALE_WINDOW = timedelta(weeks=1)
# Nobody mends these from one minute to the next.
LASTING = frozenset(
    {
        *(FetchFailure.NOT_FOUND, FetchFailure.LOGIN_PAGE, FetchFailure.CERTIFICATE),
        *(FetchFailure.FORBIDDEN_TARGET, FetchFailure.TOO_LARGE, FetchFailure.LOST_ADDRESS),
        FetchFailure.UNKNOWN_HOST,
        *UnreadableKind,
    }
)


def start_reading(db: Session, person_id: int, agenda_id: int, now: datetime) -> bool:
    """Take an agenda in hand because its owner waits for it; return whether there is one to read.

    There is none where someone is reading it already, or where its server is at rest.
    """
    query = select(Agenda).where(
        Agenda.id == agenda_id,
        Agenda.person_id == person_id,
        Agenda.kind == AgendaKind.ADDRESS,
        hosts.is_rested(now),
    )
    agenda = db.scalars(query.with_for_update(key_share=True)).one_or_none()
    if agenda is None or (agenda.leased_until is not None and agenda.leased_until > now):
        return False
    agenda.leased_until, agenda.attempts = now + READING_LEASE, agenda.attempts + 1
    return True


def claim_reading(db: Session, now: datetime) -> int | None:
    """Take the agenda in hand that is due longest and whose server is not at rest; None if none is."""
    agenda = work.claim(db, Agenda, now, lease=READING_LEASE, where=hosts.is_rested(now))
    return None if agenda is None else agenda.id


def read_assignment(db: Session, vault: Vault, agenda_id: int, now: datetime) -> Assignment | None:
    """Return what there is to read; None where its owner has taken it away."""
    agenda = db.get(Agenda, agenda_id)
    if agenda is None or agenda.kind is AgendaKind.FILE:
        return None
    address = vault.readable(agenda.address) or ""
    # "Nothing new" leaves the masks where they are, so it is asked for only while they reach far enough.
    reaches = agenda.starts_at is not None and reading_window(now).start - agenda.starts_at < STALE_WINDOW
    knows = reaches and agenda.digest is not None
    return Assignment(
        agenda_id=agenda.id,
        treat_all_as_busy=agenda.treat_all_as_busy,
        ignore_all_day=agenda.ignore_all_day,
        sealed=agenda.address,
        address=address,
        host=hosts.host_key(vault, address) if address else agenda.host,
        etag=agenda.etag if knows else None,
        last_modified=agenda.last_modified if knows else None,
        digest=agenda.digest if knows else None,
        painted=agenda.painted,
    )


def record_reading(db: Session, assignment: Assignment, outcome: Outcome, now: datetime) -> None:
    """Keep what was read; after a failure the last good reading stays in force."""
    agenda = work.find_locked(db, Agenda, assignment.agenda_id)
    # Its owner may have taken it away or changed it meanwhile; its id may be someone else's by now.
    if agenda is None or _differs(agenda, assignment):
        return
    agenda.host = assignment.host
    keep_outcome(agenda, outcome, now)
    if assignment.host and outcome.failure in hosts.FAILURES:
        hosts.note_failure(db, assignment.host, now, at_least=outcome.wait or timedelta(0))
    elif assignment.host:
        hosts.note_answer(db, assignment.host, now)


def put_off_reading(db: Session, agenda_id: int, now: datetime) -> None:
    """Try an agenda again later whose reading broke off, and tell its owner."""
    agenda = work.put_off(db, Agenda, agenda_id, now)
    if agenda is not None:
        _note_failure(agenda, UnreadableKind.CRASHED.value, now)


def keep_outcome(agenda: Agenda, outcome: Outcome, now: datetime) -> None:
    """Write what came of a reading into its row, and when to read again."""
    if outcome.failure is not None:
        _note_failure(agenda, outcome.failure, now)
        at_least = REFRESH_EVERY if outcome.failure in LASTING else timedelta(0)
        work.postpone(agenda, now, at_least=max(at_least, outcome.wait or timedelta(0)))
        return
    agenda.digest, agenda.etag, agenda.last_modified = outcome.digest, outcome.etag, outcome.last_modified
    if outcome.reading is not None and outcome.window is not None:
        _keep_reading(agenda, outcome.reading, outcome.window)
    agenda.read_at = now
    agenda.failure = agenda.failing_since = agenda.warned_at = None
    work.finish(agenda, due_at=_next_reading(agenda, outcome, now))


def read_again(agenda: Agenda, now: datetime) -> None:
    """Let an agenda be read anew, whatever is known of it and whoever is reading it."""
    agenda.digest = agenda.etag = agenda.last_modified = None
    agenda.due_at, agenda.leased_until = now, None


def _differs(agenda: Agenda, assignment: Assignment) -> bool:
    return (agenda.address, agenda.painted, agenda.treat_all_as_busy, agenda.ignore_all_day) != (
        assignment.sealed,
        assignment.painted,
        assignment.treat_all_as_busy,
        assignment.ignore_all_day,
    )


def _note_failure(agenda: Agenda, failure: str, now: datetime) -> None:
    agenda.failure, agenda.failing_since = failure, agenda.failing_since or now


def _keep_reading(agenda: Agenda, reading: Reading, window: Interval) -> None:
    grid = Grid.covering(window)
    agenda.starts_at, agenda.slots = grid.start, grid.slots
    agenda.busy = pack(grid.mask(reading.busy))
    agenda.tentative = pack(grid.mask(reading.tentative))
    agenda.unknown = pack(grid.mask(reading.unknown))
    agenda.events = reading.events
    agenda.problems = [{"kind": problem.kind.value, "count": problem.count} for problem in reading.problems]


def _next_reading(agenda: Agenda, outcome: Outcome, now: datetime) -> datetime | None:
    """Return when to read again; a file never, a painted week when its weeks have moved on."""
    if agenda.kind is AgendaKind.FILE:
        return None
    if agenda.kind is AgendaKind.PAINTED:
        return now + LONGEST_REFRESH
    wait = min(max(outcome.wait or REFRESH_EVERY, REFRESH_EVERY), LONGEST_REFRESH)
    return now + wait + secrets.randbelow(1 + int(wait.total_seconds() * SPREAD)) * timedelta(seconds=1)
