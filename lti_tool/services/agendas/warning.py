"""Warning the owner of an agenda that could not be read for days: one mail, where she gave an address."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lti_tool.services.mail.outbox import queue
from lti_tool.storage.models import Agenda, AgendaPreferences, MailKind

WARN_AFTER = timedelta(days=3)


def warn_of_failure(db: Session, agenda: Agenda, now: datetime) -> None:
    """Queue one mail once an agenda has failed for three days; the next only after it was readable again."""
    if agenda.failing_since is None or agenda.warned_at or now - agenda.failing_since < WARN_AFTER:
        return
    wishes = db.get(AgendaPreferences, agenda.person_id)
    if wishes is None or wishes.mail_address is None:
        return
    agenda.warned_at = now
    queue(
        db,
        key=f"{MailKind.AGENDA_FAILING}:{agenda.id}:{agenda.failing_since.isoformat()}",
        person_id=agenda.person_id,
        recipient=wishes.mail_address,
        kind=MailKind.AGENDA_FAILING,
        details={"failure": agenda.failure, "since": agenda.failing_since.isoformat()},
        now=now,
    )
