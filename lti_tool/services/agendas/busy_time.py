"""From a person's agendas and preferences to her time on a grid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.services.agendas.preferences import find_preferences, preferences_of
from lti_tool.storage.models import Agenda, AgendaKind, Enrolment
from scheduling.grid import QUARTER, Grid, Mask, unpack
from scheduling.interval import Interval
from scheduling.preferences import OwnTime, Preferences, own_time

# A night shift of the day before a grid asks for rest on its first day.
LOOK_BACK = timedelta(days=1)


@dataclass(frozen=True)
class Shared:
    """How many learners of a cohort shared an agenda, of how many."""

    connected: int
    learners: int


@dataclass(frozen=True)
class BusyTime:
    """A person's time on one grid; each mask has shape (slots,), and no slot is in two of them."""

    busy: Mask
    tentative: Mask
    unknown: Mask


def busy_times(
    db: Session, cohort_id: int, grid: Grid, *, zone: ZoneInfo, now: datetime, on_campus: bool
) -> dict[int, BusyTime]:
    """Return when each enrolment of a cohort cannot come, on `grid`, for those who have shared an agenda.

    Time that their preferences take counts as busy; travel counts for sessions on campus.
    """
    rows = db.execute(
        select(Enrolment.id, Agenda)
        .join(Agenda, Agenda.person_id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Enrolment.id, Agenda.id)
    )
    agendas: dict[int, list[Agenda]] = {}
    for enrolment_id, agenda in rows:
        agendas.setdefault(enrolment_id, []).append(agenda)
    # One that was never read says nothing of the others, but who has none that was read has shared nothing.
    agendas = {key: held for key, held in agendas.items() if any(agenda.starts_at for agenda in held)}
    chosen = preferences_of(db, {agenda.person_id for (agenda, *_) in agendas.values()})
    wide = _begun_earlier(grid)

    def when(held: list[Agenda]) -> BusyTime:
        known = _known(held, wide)
        own = own_time(known.busy, chosen.get(held[0].person_id, Preferences()), wide, zone=zone, now=now)
        return _cut(_with_own(known, own, on_campus=on_campus), wide, grid)

    return {enrolment_id: when(held) for enrolment_id, held in agendas.items()}


def week_of(
    db: Session, person_id: int, monday: date, zone: ZoneInfo, now: datetime
) -> dict[str, tuple[Interval, ...]]:
    """Return a person's time in the week that begins on `monday` in `zone`, by kind.

    The kinds are those of BusyTime and of OwnTime; no time is of two of the former, or of two of the latter.
    """
    ends = (datetime.combine(monday + timedelta(days=days), time(), zone) for days in (0, 7))
    grid = Grid.covering(Interval(*ends))
    wide = _begun_earlier(grid)
    known = _known(db.scalars(select(Agenda).where(Agenda.person_id == person_id)), wide)
    own = own_time(known.busy, find_preferences(db, person_id), wide, zone=zone, now=now)
    masks = {
        "busy": known.busy,
        "tentative": known.tentative,
        "unknown": known.unknown,
        "rest": own.rest,
        "outside": own.outside & ~own.rest,
        "travel": own.travel & ~own.rest & ~own.outside,
    }
    return {kind: grid.intervals(wide.cut(mask, grid, outside=False)) for kind, mask in masks.items()}


def count_shared(db: Session, cohort_id: int) -> Shared:
    """Return how many learners of a cohort have an agenda that has been read."""
    learners = (
        Enrolment.cohort_id == cohort_id,
        Enrolment.role == Role.LEARNER.value,
        Enrolment.left_at.is_(None),
    )
    connected = (
        select(func.count(Enrolment.person_id.distinct()))
        .join(Agenda, Agenda.person_id == Enrolment.person_id)
        .where(*learners, Agenda.read_at.is_not(None))
    )
    everyone = select(func.count()).select_from(Enrolment).where(*learners)
    return Shared(db.scalar(connected) or 0, db.scalar(everyone) or 0)


def _known(agendas: Iterable[Agenda], grid: Grid) -> BusyTime:
    """Return what several agendas say together: busy in one of them is busy, and what one of them does not
    know is not known, unless another says busy."""
    current = [agenda for agenda in agendas if not _has_run_out(agenda, grid)]
    nothing = np.zeros(grid.slots, dtype=np.bool_)
    busy, tentative, unknown = nothing.copy(), nothing.copy(), ~nothing if not current else nothing.copy()
    for agenda in current:
        one = _masks(agenda, grid)
        busy |= one["busy"]
        tentative |= one["tentative"]
        unknown |= one["unknown"]
    unknown &= ~busy
    return BusyTime(busy, tentative & ~busy & ~unknown, unknown)


def _has_run_out(agenda: Agenda, grid: Grid) -> bool:
    """Return whether this is a file that ended before the grid begins: it speaks of another time."""
    if agenda.kind is not AgendaKind.FILE or agenda.starts_at is None:
        return False
    return Grid(agenda.starts_at, agenda.slots).end <= grid.start


def _masks(agenda: Agenda, grid: Grid) -> Mapping[str, Mask]:
    """Return an agenda's masks on `grid`; beyond what was read, and before the first reading, is unknown."""
    if agenda.starts_at is None or agenda.busy is None or agenda.tentative is None or agenda.unknown is None:
        everything = np.ones(grid.slots, dtype=np.bool_)
        return {"busy": ~everything, "tentative": ~everything, "unknown": everything}
    held = Grid(agenda.starts_at, agenda.slots)
    return {
        name: held.cut(unpack(data, held.slots), grid, outside=name == "unknown")
        for name, data in (
            ("busy", agenda.busy),
            ("tentative", agenda.tentative),
            ("unknown", agenda.unknown),
        )
    }


def _with_own(known: BusyTime, own: OwnTime, *, on_campus: bool) -> BusyTime:
    taken = own.rest | own.outside
    if on_campus:
        taken = taken | own.travel
    return BusyTime(known.busy | taken, known.tentative & ~taken, known.unknown & ~taken)


def _begun_earlier(grid: Grid) -> Grid:
    return Grid(grid.start - LOOK_BACK, grid.slots + LOOK_BACK // QUARTER)


def _cut(found: BusyTime, grid: Grid, other: Grid) -> BusyTime:
    return BusyTime(
        *(grid.cut(mask, other, outside=False) for mask in (found.busy, found.tentative, found.unknown))
    )
