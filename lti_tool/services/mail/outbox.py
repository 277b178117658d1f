"""Mail that is to be sent: rows of an outbox, each of which leaves once.

Sending has the network in its middle, so it is three steps: `claim_mail` and `read_letter`; then
`services.mail.smtp.send`; then `record_sent`, or `record_unsent` where it never goes. A mail of a worker that
died after it was sent is sent again under the same Message-ID, by which mail programs know it for the same.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.services.agendas.preferences import find_mail_address
from lti_tool.storage import work
from lti_tool.storage.models import Document, Institution, Mail, MailKind, Person, Registration
from lti_tool.storage.rows import add_if_absent
from lti_tool.storage.vault import Vault, hashed

SENDING_LEASE = timedelta(minutes=5)
# What could not be sent for so long is no news any more.
STALE_AFTER = timedelta(days=7)
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Letter:
    """A mail to write out and send: to whom, in which language, and what it is about."""

    mail_id: int
    person_id: int
    message_id: str
    recipient: str = field(repr=False)
    locale: str
    kind: MailKind
    details: Document


def queue(
    db: Session,
    *,
    key: str,
    person_id: int,
    kind: MailKind,
    details: Document,
    now: datetime,
) -> None:
    """Send a person a mail, unless one of this key was queued before."""
    values = {"key": key, "person_id": person_id, "kind": kind, "details": details}
    add_if_absent(db, Mail, values | {"queued_at": now, "due_at": now, "attempts": 0})


def claim_mail(db: Session, now: datetime) -> int | None:
    """Take the mail in hand that is due longest; None if none is."""
    mail = work.claim(db, Mail, now, lease=SENDING_LEASE)
    return None if mail is None else mail.id


def read_letter(db: Session, vault: Vault, mail_id: int) -> Letter | None:
    """Return what there is to send; None where its recipient has left no address."""
    query = (
        select(Mail, Person.locale, Institution.locale.label("institution_locale"))
        .join(Person, Mail.person_id == Person.id)
        .join(Registration, Person.registration_id == Registration.id)
        .join(Institution, Registration.institution_id == Institution.id)
        .where(Mail.id == mail_id)
    )
    row = db.execute(query).one_or_none()
    recipient = "" if row is None else find_mail_address(db, vault, row.Mail.person_id)
    if row is None or not recipient:
        return None
    return Letter(
        mail_id=mail_id,
        person_id=row.Mail.person_id,
        message_id=hashed(row.Mail.key),
        recipient=recipient,
        locale=row.locale or row.institution_locale,
        kind=row.Mail.kind,
        details=row.Mail.details,
    )


def record_sent(db: Session, mail_id: int, now: datetime) -> None:
    """Note that a mail has left."""
    _end(db, mail_id, sent_at=now)


def record_unsent(db: Session, mail_id: int, reason: str) -> None:
    """Give up on a mail that nobody wants any more, or that the mail server refuses for good."""
    _end(db, mail_id, refusal=reason)


def put_off_mail(db: Session, mail_id: int, now: datetime) -> None:
    work.put_off(db, Mail, mail_id, now)


def forget_mail_to(db: Session, person_id: int) -> None:
    """Delete all mail to a person, sent or not."""
    db.execute(delete(Mail).where(Mail.person_id == person_id))


def forget_old_mail(db: Session, now: datetime) -> None:
    """Delete what was done with long ago, and give up on what nobody could send for days."""
    db.execute(delete(Mail).where(Mail.queued_at <= now - KEPT_FOR, Mail.due_at.is_(None)))
    stale = update(Mail).where(Mail.queued_at <= now - STALE_AFTER, Mail.due_at.is_not(None))
    db.execute(stale.values(due_at=None, leased_until=None, refusal="stale"))


def _end(db: Session, mail_id: int, **values: object) -> None:
    mail = work.find_locked(db, Mail, mail_id)
    if mail is None:
        return
    for name, value in values.items():
        setattr(mail, name, value)
    work.finish(mail, due_at=None)
