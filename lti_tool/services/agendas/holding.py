"""All that we hold of a person's agendas: to take along, and to be rid of."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.services.agendas.preferences import find_mail_address
from lti_tool.services.agendas.sources import disconnect_all
from lti_tool.services.mail.outbox import forget_mail_to
from lti_tool.storage.models import Agenda, AgendaPreferences, Mail
from lti_tool.storage.vault import Vault
from scheduling.grid import Grid, unpack

# What is shown as it lies there; the rest of a row is ours alone, such as when to read it again.
PLAIN = ("kind", "label", "treat_all_as_busy", "ignore_all_day", "failure", "events", "problems", "painted")
MOMENTS = ("connected_at", "read_at", "failing_since", "warned_at")
MASKS = ("busy", "tentative", "unknown")
LIMITS = ("hours_from", "hours_until", "days_never", "notice", "travel_before", "travel_after", "rest")


def holdings(db: Session, vault: Vault, person_id: int) -> dict[str, Any]:
    """Return everything as a document for JSON: times in UTC, lengths and hours of a day in minutes."""
    query = select(Agenda).where(Agenda.person_id == person_id).order_by(Agenda.id)
    wishes = db.get(AgendaPreferences, person_id)
    return {
        "agendas": [_agenda(vault, agenda) for agenda in db.scalars(query)],
        "preferences": None if wishes is None else {name: getattr(wishes, name) for name in LIMITS},
        "mail_address": find_mail_address(db, vault, person_id) or None,
        "mails": [
            {"kind": mail.kind, "queued_at": mail.queued_at.isoformat()}
            for mail in db.scalars(select(Mail).where(Mail.person_id == person_id).order_by(Mail.id))
        ],
    }


def forget_all(db: Session, person_id: int) -> None:
    """Delete everything, and the mail that is still to be sent about it."""
    disconnect_all(db, person_id)
    db.execute(delete(AgendaPreferences).where(AgendaPreferences.person_id == person_id))
    forget_mail_to(db, person_id)


def _agenda(vault: Vault, agenda: Agenda) -> dict[str, Any]:
    moments = ((name, getattr(agenda, name)) for name in MOMENTS)
    return {
        **{name: getattr(agenda, name) for name in PLAIN},
        **{name: None if moment is None else moment.isoformat() for name, moment in moments},
        "address": vault.readable(agenda.address),
        **{name: _times(agenda, getattr(agenda, name)) for name in MASKS},
    }


def _times(agenda: Agenda, data: bytes | None) -> list[list[str]]:
    if agenda.starts_at is None or data is None:
        return []
    grid = Grid(agenda.starts_at, agenda.slots)
    return [[one.start.isoformat(), one.end.isoformat()] for one in grid.intervals(unpack(data, grid.slots))]
