"""Mail to send."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Document, Work, words_of


class MailKind(StrEnum):
    AGENDA_FAILING = "agenda_failing"


class Mail(Work, Base):
    """A mail to send: an outbox in which the same key stands once.

    Where it goes is looked up when it goes, so that nobody gets what she no longer wants. `details` name what
    it is about, without anything personal; `refusal` says why it never went.
    """

    __tablename__ = "mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[MailKind] = mapped_column(words_of(MailKind))
    details: Mapped[Document]
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
