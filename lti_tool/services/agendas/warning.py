"""Warning the owners of agendas that nobody could read for days: one mail, where they gave an address."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services.agendas.fetching import FetchFailure
from lti_tool.services.mail.outbox import Letter, queue
from lti_tool.storage.models import Agenda, AgendaKind, AgendaPreferences, Document, MailKind

WARN_AFTER = timedelta(days=3)


def warn_owners(db: Session, now: datetime) -> None:
    """Queue a mail for each agenda that went unread for three days, for whatever reason.

    The next one comes only after it was read again in between.
    """
    unread_since = func.coalesce(Agenda.failing_since, Agenda.read_at, Agenda.connected_at)
    unread = (
        select(Agenda)
        .join(AgendaPreferences, AgendaPreferences.person_id == Agenda.person_id)
        .where(
            Agenda.kind == AgendaKind.ADDRESS,
            Agenda.warned_at.is_(None),
            unread_since <= now - WARN_AFTER,
            AgendaPreferences.mail_address.is_not(None),
        )
        .order_by(Agenda.id)
        .with_for_update(of=Agenda, skip_locked=True)  # whoever holds one is reading or changing it just now
    )
    for agenda in db.scalars(unread).all():
        agenda.warned_at = now
        queue(
            db,
            key=f"{MailKind.AGENDA_FAILING}:{agenda.id}:{now.isoformat()}",
            person_id=agenda.person_id,
            kind=MailKind.AGENDA_FAILING,
            details={"agenda": agenda.id},
            now=now,
        )


def find_news(db: Session, letter: Letter) -> Document | None:
    """Return what to tell of an agenda that fails; None where there is nothing to tell any more."""
    agenda = db.get(Agenda, letter.details["agenda"])
    # Its id may be someone else's by now, and it may have been read since.
    if agenda is None or agenda.person_id != letter.person_id or agenda.warned_at is None:
        return None
    since = agenda.failing_since or agenda.read_at or agenda.connected_at
    return {
        "label": agenda.label,
        "since": since.isoformat(),
        "failure": agenda.failure or FetchFailure.SERVER_TROUBLE.value,
        "was_read": agenda.read_at is not None,
    }
