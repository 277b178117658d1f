"""Work agendas: connecting one, reading it, and showing its owner what was understood.

Reading has the network in its middle, so it is three steps, of which only the outer two touch the database:
`start_reading`, or `claim_reading` and `read_assignment`; then `read`; then `record_reading`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.services.live.fetching import FetchError, NotModified, fetch_calendar
from lti_tool.storage import work
from lti_tool.storage.models import Agenda, AgendaKind, Enrolment, Person
from lti_tool.storage.vault import Vault
from scheduling.agenda import AgendaUnreadableError, Reading, UnreadableKind, read_agenda_safely
from scheduling.grid import Grid, Mask, pack, unpack
from scheduling.interval import Interval

REFRESH_EVERY = timedelta(minutes=30)
READING_LEASE = timedelta(minutes=2)
HORIZON = timedelta(weeks=32)
# A reading reaches this far back of its first week before the window is moved on.
STALE_WINDOW = timedelta(weeks=1)


class NoAgendaError(Exception):
    """This person has connected no agenda."""


@dataclass(frozen=True)
class Assignment:
    """An agenda address to read, with what the server said of it last time.

    `sealed` is the address as it is kept: encrypted, so it differs at each connecting.
    """

    agenda_id: int
    sealed: bytes
    address: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True)
class Outcome:
    """What came of reading an address: a reading, nothing new, or a failure by its kind."""

    reading: Reading | None = None
    window: Interval | None = None
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None


@dataclass(frozen=True)
class AgendaState:
    """What we hold of a person's agenda, for its owner to see."""

    kind: AgendaKind
    connected_at: datetime
    read_at: datetime | None
    failure: str | None
    events: int
    problems: tuple[dict[str, object], ...]
    covered: Interval | None


@dataclass(frozen=True)
class Shared:
    """How many learners of a cohort shared an agenda, of how many."""

    connected: int
    learners: int


@dataclass(frozen=True)
class BusyTime:
    """A person's time on one grid; each mask has shape (slots,)."""

    busy: Mask
    tentative: Mask
    unknown: Mask


def reading_window(now: datetime) -> Interval:
    """Return the weeks that a reading covers, from this week's Monday on, in UTC."""
    monday = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    start = datetime.combine(monday, time(), UTC)
    return Interval(start, start + HORIZON)


def connect_address(db: Session, vault: Vault, person_id: int, address: str, now: datetime) -> int:
    """Take an iCal address as this person's agenda, in place of what was there; return the agenda's id."""
    agenda = _emptied(db, person_id, AgendaKind.ADDRESS, now)
    agenda.address = vault.encrypt(address)
    agenda.due_at = now
    return agenda.id


def connect_file(db: Session, person_id: int, reading: Reading, window: Interval, now: datetime) -> None:
    """Take an uploaded calendar's busy time as this person's agenda; the file itself is not kept."""
    agenda = _emptied(db, person_id, AgendaKind.FILE, now)
    _keep(agenda, reading, window, now)


def disconnect(db: Session, person_id: int) -> None:
    """Delete all that we hold of a person's agenda."""
    _hold(db, person_id)
    db.delete(_agenda(db, person_id))


def start_reading(db: Session, vault: Vault, agenda_id: int, now: datetime) -> Assignment:
    """Take an agenda in hand in the transaction that connected it, because its owner waits for it."""
    agenda = db.get_one(Agenda, agenda_id)
    agenda.leased_until, agenda.attempts = now + READING_LEASE, agenda.attempts + 1
    return read_assignment(db, vault, agenda_id, now)


def claim_reading(db: Session, now: datetime) -> int | None:
    """Take the agenda in hand that is due for a refresh longest; None if none is."""
    agenda = work.claim(db, Agenda, now, lease=READING_LEASE)
    return None if agenda is None else agenda.id


def read_assignment(db: Session, vault: Vault, agenda_id: int, now: datetime) -> Assignment:
    """Return what there is to read; raise `NoAgendaError` where its owner has taken it away."""
    agenda = db.get(Agenda, agenda_id)
    if agenda is None or agenda.address is None:
        raise NoAgendaError
    # "Not modified" leaves the masks where they are, so it is asked for only while they reach far enough.
    fresh = agenda.starts_at is not None and reading_window(now).start - agenda.starts_at < STALE_WINDOW
    return Assignment(
        agenda_id=agenda.id,
        sealed=agenda.address,
        address=vault.decrypt(agenda.address),
        etag=agenda.etag if fresh else None,
        last_modified=agenda.last_modified if fresh else None,
    )


def read(assignment: Assignment, *, zone: ZoneInfo, allowed_hosts: frozenset[str], now: datetime) -> Outcome:
    """Fetch and read an agenda; never raises for what the other side sends."""
    window = reading_window(now)
    try:
        fetched = fetch_calendar(
            assignment.address,
            etag=assignment.etag,
            last_modified=assignment.last_modified,
            allowed_hosts=allowed_hosts,
        )
        if isinstance(fetched, NotModified):
            return Outcome(etag=assignment.etag, last_modified=assignment.last_modified)
        reading = read_agenda_safely(fetched.data, window=window, zone=zone)
    except (FetchError, AgendaUnreadableError) as error:
        return Outcome(failure=error.kind.value)
    return Outcome(reading, window, fetched.etag, fetched.last_modified)


def record_reading(db: Session, assignment: Assignment, outcome: Outcome, now: datetime) -> None:
    """Keep what was read; after a failure the last good reading stays in force."""
    agenda = work.find_locked(db, Agenda, assignment.agenda_id)
    # Its owner may have taken it away or connected another meanwhile; its id may be someone else's by now.
    if agenda is None or agenda.address != assignment.sealed:
        return
    if outcome.failure is not None:
        agenda.failure = outcome.failure
        work.postpone(agenda, now)
        return
    agenda.etag, agenda.last_modified = outcome.etag, outcome.last_modified
    if outcome.reading is None or outcome.window is None:
        agenda.read_at, agenda.failure = now, None
    else:
        _keep(agenda, outcome.reading, outcome.window, now)
    work.finish(agenda, due_at=now + REFRESH_EVERY)


def put_off_reading(db: Session, agenda_id: int, now: datetime) -> None:
    """Try an agenda again later whose reading broke off, and tell its owner."""
    agenda = work.put_off(db, Agenda, agenda_id, now)
    if agenda is not None:
        agenda.failure = UnreadableKind.CRASHED.value


def find_agenda(db: Session, person_id: int) -> AgendaState:
    """Return what we hold of a person's agenda; raise `NoAgendaError` where it is nothing."""
    agenda = _agenda(db, person_id)
    return AgendaState(
        kind=agenda.kind,
        connected_at=agenda.connected_at,
        read_at=agenda.read_at,
        failure=agenda.failure,
        events=agenda.events,
        problems=tuple(agenda.problems),
        covered=None if agenda.starts_at is None else _grid(agenda).window,
    )


def week_of(db: Session, person_id: int, monday: date, zone: ZoneInfo) -> dict[str, tuple[Interval, ...]]:
    """Return a person's busy, tentative and unknown time in the week that begins on `monday` in `zone`."""
    start = datetime.combine(monday, time(), zone)
    end = datetime.combine(monday + timedelta(days=7), time(), zone)
    grid = Grid.covering(Interval(start, end))
    time_of = _busy_time(_agenda(db, person_id), grid)
    return {
        "busy": grid.intervals(time_of.busy),
        "tentative": grid.intervals(time_of.tentative & ~time_of.busy),
        "unknown": grid.intervals(time_of.unknown & ~time_of.busy & ~time_of.tentative),
    }


def busy_times(db: Session, cohort_id: int, grid: Grid) -> dict[int, BusyTime]:
    """Return the busy time of each enrolment of a cohort whose agenda has been read, on `grid`."""
    rows = db.execute(
        select(Enrolment.id, Agenda)
        .join(Agenda, Agenda.person_id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id, Agenda.starts_at.is_not(None))
        .order_by(Enrolment.id)
    )
    return {enrolment_id: _busy_time(agenda, grid) for enrolment_id, agenda in rows}


def count_shared(db: Session, cohort_id: int) -> Shared:
    """Return how many learners of a cohort have an agenda that has been read."""
    learners = (
        Enrolment.cohort_id == cohort_id,
        Enrolment.role == Role.LEARNER.value,
        Enrolment.left_at.is_(None),
    )
    connected = (
        select(func.count())
        .select_from(Enrolment)
        .join(Agenda, Agenda.person_id == Enrolment.person_id)
        .where(*learners, Agenda.read_at.is_not(None))
    )
    everyone = select(func.count()).select_from(Enrolment).where(*learners)
    return Shared(db.scalar(connected) or 0, db.scalar(everyone) or 0)


def _agenda(db: Session, person_id: int) -> Agenda:
    agenda = db.execute(select(Agenda).where(Agenda.person_id == person_id)).scalar_one_or_none()
    if agenda is None:
        raise NoAgendaError
    return agenda


def _emptied(db: Session, person_id: int, kind: AgendaKind, now: datetime) -> Agenda:
    _hold(db, person_id)
    db.execute(delete(Agenda).where(Agenda.person_id == person_id))
    agenda = Agenda(person_id=person_id, kind=kind, connected_at=now)
    db.add(agenda)
    db.flush()
    return agenda


def _hold(db: Session, person_id: int) -> None:
    """Let one transaction at a time connect or disconnect a person's agenda."""
    db.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _keep(agenda: Agenda, reading: Reading, window: Interval, now: datetime) -> None:
    grid = Grid.covering(window)
    agenda.starts_at, agenda.slots = grid.start, grid.slots
    agenda.busy = pack(grid.mask(reading.busy))
    agenda.tentative = pack(grid.mask(reading.tentative))
    agenda.unknown = pack(grid.mask(reading.unknown))
    agenda.events = reading.events
    agenda.problems = [{"kind": problem.kind.value, "count": problem.count} for problem in reading.problems]
    agenda.read_at, agenda.failure = now, None


def _grid(agenda: Agenda) -> Grid:
    if agenda.starts_at is None:
        raise NoAgendaError
    return Grid(agenda.starts_at, agenda.slots)


def _busy_time(agenda: Agenda, grid: Grid) -> BusyTime:
    if agenda.starts_at is None or agenda.busy is None or agenda.tentative is None or agenda.unknown is None:
        everything = grid.mask([grid.window])
        return BusyTime(busy=~everything, tentative=~everything, unknown=everything)
    held = _grid(agenda)

    def laid(data: bytes, *, outside: bool) -> Mask:
        return held.cut(unpack(data, held.slots), grid, outside=outside)

    return BusyTime(
        busy=laid(agenda.busy, outside=False),
        tentative=laid(agenda.tentative, outside=False),
        unknown=laid(agenda.unknown, outside=True),
    )
