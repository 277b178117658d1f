"""When a person can come to live sessions at all, and where to warn her."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.agendas.holders import hold
from lti_tool.storage.models import AgendaPreferences
from lti_tool.storage.rows import find_or_add
from lti_tool.storage.vault import Vault
from scheduling.preferences import Preferences

MINUTE = timedelta(minutes=1)


def find_preferences(db: Session, person_id: int) -> Preferences:
    """Return what a person chose, or what holds as long as she chose nothing."""
    return preferences_of(db, [person_id]).get(person_id, Preferences())


def preferences_of(db: Session, people: Iterable[int]) -> dict[int, Preferences]:
    """Return what those chose who chose anything, by person."""
    query = select(AgendaPreferences).where(AgendaPreferences.person_id.in_(people))
    return {row.person_id: _preferences(row) for row in db.scalars(query)}


def keep_preferences(db: Session, person_id: int, chosen: Preferences) -> None:
    """Take these from now on, in place of what was chosen before."""
    row = _row(db, person_id)
    for name, value in _columns(chosen).items():
        setattr(row, name, value)


def find_mail_address(db: Session, vault: Vault, person_id: int) -> str:
    """Return where a person wants to be warned, empty for nowhere."""
    row = db.get(AgendaPreferences, person_id)
    return "" if row is None else vault.readable(row.mail_address) or ""


def keep_mail_address(db: Session, vault: Vault, person_id: int, address: str) -> None:
    """Warn a person there from now on; with an empty address nowhere."""
    if address != find_mail_address(db, vault, person_id):
        _row(db, person_id).mail_address = vault.encrypt(address) if address else None


def _row(db: Session, person_id: int) -> AgendaPreferences:
    hold(db, person_id)
    return find_or_add(db, AgendaPreferences, keys={"person_id": person_id}, **_columns(Preferences()))


def _columns(chosen: Preferences) -> dict[str, object]:
    return {
        "hours_from": chosen.hours_from,
        "hours_until": chosen.hours_until,
        "days_never": sorted(chosen.days_never),
        "notice": chosen.notice // MINUTE,
        "travel_before": chosen.travel_before // MINUTE,
        "travel_after": chosen.travel_after // MINUTE,
        "rest": chosen.rest // MINUTE,
    }


def _preferences(row: AgendaPreferences) -> Preferences:
    return Preferences(
        hours_from=row.hours_from,
        hours_until=row.hours_until,
        days_never=frozenset(row.days_never),
        notice=row.notice * MINUTE,
        travel_before=row.travel_before * MINUTE,
        travel_after=row.travel_after * MINUTE,
        rest=row.rest * MINUTE,
    )
