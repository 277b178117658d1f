"""A person's agendas: each is a source of her busy time, which she connects, changes and takes away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from lti_tool.services.agendas.holders import hold
from lti_tool.services.agendas.hosts import host_key, host_name
from lti_tool.services.agendas.reading import Outcome, painted_outcome, reading_window
from lti_tool.services.agendas.refreshing import (
    LONGEST_REFRESH,
    REFRESH_EVERY,
    SPREAD,
    keep_outcome,
    read_again,
)
from lti_tool.storage.models import Agenda, AgendaKind
from lti_tool.storage.vault import Vault
from scheduling.agenda import Reading
from scheduling.grid import Grid
from scheduling.interval import Interval
from scheduling.painted import PaintedWeek, from_document, to_document

MOST_AGENDAS = 10
LONGEST_UNREAD = LONGEST_REFRESH * (1 + SPREAD) + REFRESH_EVERY
FILE_IS_OLD_AFTER = timedelta(weeks=4)
EMPTY_WEEK = PaintedWeek(((),) * 7)


class NoAgendaError(Exception):
    """This person has no such agenda."""


class ConnectedBeforeError(Exception):
    """This person has an agenda of this address."""


class TooManyAgendasError(Exception):
    """This person has as many agendas as anybody can have."""


@dataclass(frozen=True)
class Handling:
    """What an owner wants of one agenda: her own name for it, and how it counts."""

    label: str = ""
    treat_all_as_busy: bool = False
    ignore_all_day: bool = False


@dataclass(frozen=True)
class Source:
    """What we hold of one agenda, for its owner to see; `host` is the name of the server it is read from."""

    id: int
    kind: AgendaKind
    handling: Handling
    host: str
    connected_at: datetime
    read_at: datetime | None
    failure: str | None
    failing_since: datetime | None
    events: int
    problems: tuple[dict[str, object], ...]
    covered: Interval | None

    def is_old(self, now: datetime) -> bool:
        """Return whether this is a file of so long ago that much may have changed since."""
        return self.kind is AgendaKind.FILE and now - (self.read_at or now) > FILE_IS_OLD_AFTER

    def has_run_out(self, now: datetime) -> bool:
        """Return whether it says nothing of any time to come."""
        return self.covered is not None and self.covered.end <= now

    def is_unread_for_long(self, now: datetime) -> bool:
        """Return whether nobody has read it for longer than anybody waits, for whatever reason."""
        return self.kind is AgendaKind.ADDRESS and now - (self.read_at or now) > LONGEST_UNREAD


def connect_address(
    db: Session,
    vault: Vault,
    person_id: int,
    address: str,
    now: datetime,
    *,
    handling: Handling = Handling(),
    outcome: Outcome | None = None,
) -> int:
    """Take an iCal address, of which the first reading gave `outcome`, or which is still to be read.

    Return the agenda's id. Raises TooManyAgendasError, ConnectedBeforeError.
    """
    hold(db, person_id)
    addresses = db.scalars(select(Agenda.address).where(Agenda.person_id == person_id))
    if address in map(vault.readable, addresses):
        raise ConnectedBeforeError
    agenda = _added(db, person_id, AgendaKind.ADDRESS, handling, now)
    agenda.address, agenda.host = vault.encrypt(address), host_key(vault, address)
    if outcome is None:
        read_again(agenda, now)
    else:
        keep_outcome(agenda, outcome, now)
    return agenda.id


def connect_file(db: Session, person_id: int, reading: Reading, handling: Handling, now: datetime) -> int:
    """Take the busy time of an uploaded calendar, of which the file itself is not kept; return the id.

    Raises TooManyAgendasError.
    """
    agenda = _added(db, person_id, AgendaKind.FILE, handling, now)
    keep_outcome(agenda, Outcome(reading, reading_window(now)), now)
    return agenda.id


def change_painted(
    db: Session, person_id: int, change: Callable[[PaintedWeek], PaintedWeek], zone: ZoneInfo, now: datetime
) -> int:
    """Keep what `change` makes of the week that a person painted, at first an empty one; return its id.

    Raises TooManyAgendasError.
    """
    hold(db, person_id)
    agenda = db.scalars(_painted_of(person_id).execution_options(populate_existing=True)).one_or_none()
    if agenda is None:
        agenda = _added(db, person_id, AgendaKind.PAINTED, Handling(), now)
    week = change(EMPTY_WEEK if agenda.painted is None else from_document(agenda.painted))
    agenda.painted, agenda.connected_at = to_document(week), now
    keep_outcome(agenda, painted_outcome(week, zone, now), now)
    return agenda.id


def change(db: Session, person_id: int, agenda_id: int, handling: Handling, now: datetime) -> bool:
    """Change an agenda's name and how it counts; return whether it is to be read anew for that.

    Of a file only the name can change: what was in it is gone. Raises NoAgendaError.
    """
    agenda = _held(db, person_id, agenda_id)
    agenda.label = handling.label
    if agenda.kind is not AgendaKind.ADDRESS or handling == _handling(agenda):
        return False
    agenda.treat_all_as_busy = handling.treat_all_as_busy
    agenda.ignore_all_day = handling.ignore_all_day
    read_again(agenda, now)
    return True


def change_address(
    db: Session, vault: Vault, person_id: int, agenda_id: int, address: str, outcome: Outcome, now: datetime
) -> None:
    """Read an agenda from another address, of which the first reading gave `outcome`.

    Raises NoAgendaError.
    """
    agenda = _held(db, person_id, agenda_id)
    if agenda.kind is not AgendaKind.ADDRESS:
        raise NoAgendaError
    agenda.address, agenda.host = vault.encrypt(address), host_key(vault, address)
    agenda.etag = agenda.last_modified = agenda.digest = None
    keep_outcome(agenda, outcome, now)


def disconnect(db: Session, person_id: int, agenda_id: int) -> None:
    """Delete all that we hold of one agenda. Raises NoAgendaError."""
    db.delete(_held(db, person_id, agenda_id))


def disconnect_all(db: Session, person_id: int) -> None:
    """Delete all that we hold of a person's agendas."""
    hold(db, person_id)
    db.execute(delete(Agenda).where(Agenda.person_id == person_id))


def has_any(db: Session, person_id: int) -> bool:
    """Return whether a person has connected anything."""
    return db.scalar(select(Agenda.id).where(Agenda.person_id == person_id).limit(1)) is not None


def sources_of(db: Session, vault: Vault, person_id: int) -> tuple[Source, ...]:
    """Return a person's agendas, the first connected first."""
    query = select(Agenda).where(Agenda.person_id == person_id).order_by(Agenda.id)
    return tuple(_source(vault, agenda) for agenda in db.scalars(query))


def find_source(db: Session, vault: Vault, person_id: int, agenda_id: int) -> Source:
    """Return one of a person's agendas; raise NoAgendaError where she has no such one."""
    query = select(Agenda).where(Agenda.person_id == person_id, Agenda.id == agenda_id)
    agenda = db.scalars(query).one_or_none()
    if agenda is None:
        raise NoAgendaError
    return _source(vault, agenda)


def find_painted(db: Session, person_id: int) -> PaintedWeek:
    """Return the week that a person painted, an empty one where she did not."""
    agenda = db.scalars(_painted_of(person_id)).one_or_none()
    return EMPTY_WEEK if agenda is None or agenda.painted is None else from_document(agenda.painted)


def _painted_of(person_id: int) -> Select[tuple[Agenda]]:
    return select(Agenda).where(Agenda.person_id == person_id, Agenda.kind == AgendaKind.PAINTED)


def _added(db: Session, person_id: int, kind: AgendaKind, handling: Handling, now: datetime) -> Agenda:
    hold(db, person_id)
    held = select(func.count()).select_from(Agenda).where(Agenda.person_id == person_id)
    if (db.scalar(held) or 0) >= MOST_AGENDAS:
        raise TooManyAgendasError
    agenda = Agenda(person_id=person_id, kind=kind, connected_at=now, **vars(handling))
    db.add(agenda)
    db.flush()
    return agenda


def _held(db: Session, person_id: int, agenda_id: int) -> Agenda:
    hold(db, person_id)
    query = select(Agenda).where(Agenda.person_id == person_id, Agenda.id == agenda_id).with_for_update()
    agenda = db.scalars(query).one_or_none()
    if agenda is None:
        raise NoAgendaError
    return agenda


def _handling(agenda: Agenda) -> Handling:
    return Handling(agenda.label, agenda.treat_all_as_busy, agenda.ignore_all_day)


def _source(vault: Vault, agenda: Agenda) -> Source:
    return Source(
        id=agenda.id,
        kind=agenda.kind,
        handling=_handling(agenda),
        host=host_name(vault.readable(agenda.address) or ""),
        connected_at=agenda.connected_at,
        read_at=agenda.read_at,
        failure=agenda.failure,
        failing_since=agenda.failing_since,
        events=agenda.events,
        problems=tuple(agenda.problems),
        covered=None if agenda.starts_at is None else Grid(agenda.starts_at, agenda.slots).window,
    )
