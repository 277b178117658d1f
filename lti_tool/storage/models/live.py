"""Live sessions, and how people see them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Document, Work, words_of


class PlanStatus(StrEnum):
    REQUESTED = "requested"
    DRAFT = "draft"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    PUBLISHED = "published"


class Plan(Work, Base):
    """A proposal of times and groups: asked for, worked out, then published."""

    __tablename__ = "plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    status: Mapped[PlanStatus] = mapped_column(words_of(PlanStatus))
    request: Mapped[Document]
    result: Mapped[Document | None]
    requested_at: Mapped[datetime]


class LiveSession(Base):
    """One planned meeting of a cohort; `group` tells parallel groups of the same session apart."""

    __tablename__ = "live_session"
    __table_args__ = (UniqueConstraint("cohort_id", "number", "group"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    number: Mapped[int]
    group: Mapped[int]
    uid: Mapped[str] = mapped_column(unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class SeatStatus(StrEnum):
    INVITED = "invited"


class Seat(Base):
    """An enrolment's place in a live session."""

    __tablename__ = "seat"
    live_session_id: Mapped[int] = mapped_column(ForeignKey("live_session.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True, index=True)
    status: Mapped[SeatStatus] = mapped_column(words_of(SeatStatus))


class Feed(Base):
    """A person's secret calendar address; only the hash of its token is kept."""

    __tablename__ = "feed"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    generation: Mapped[int]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
