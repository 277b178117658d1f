"""What learners did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Document


class Progress(Base):
    """An enrolment's state in an activity."""

    __tablename__ = "progress"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    activity_id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    position: Mapped[float]
    watched: Mapped[list[Any]]
    best_share: Mapped[float | None]


class QuizAttempt(Base):
    """Answers handed in once; `ticket` is the form's own, so that a double click is one attempt."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (UniqueConstraint("enrolment_id", "ticket"), Index(None, "enrolment_id", "activity_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    activity_id: Mapped[str]
    ticket: Mapped[str]
    answers: Mapped[Document]
    points: Mapped[float]
    maximum: Mapped[float]
    submitted_at: Mapped[datetime]
