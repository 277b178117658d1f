"""What goes to and comes from the platforms' services: marks, rosters, notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Work


class LineItem(Work, Base):
    """A column of a course's gradebook for a cohort's module, or for one unit where `unit_id` names one.

    `url` is None until the column is known to be there. A column that is ours was made by us through the
    platform's service; the others came with a link. Due while there is something to make, change or delete.
    One that `is_outgrown` is about to count out of another maximum, and then its marks are sent anew.
    """

    __tablename__ = "line_item"
    __table_args__ = (
        UniqueConstraint("context_id", "url"),
        Index(None, "context_id", "cohort_id", "unit_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    unit_id: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    is_ours: Mapped[bool]
    is_unwanted: Mapped[bool] = mapped_column(default=False)
    is_outgrown: Mapped[bool] = mapped_column(default=False)
    refusal: Mapped[str | None]


class Score(Work, Base):
    """A mark to send to a column of a gradebook: an outbox of one row per enrolment and column.

    Due until it is sent. `result` is what the gradebook said when it was last read back, as a share.
    """

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("enrolment_id", "line_item_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    line_item_id: Mapped[int] = mapped_column(ForeignKey("line_item.id"), index=True)
    share: Mapped[float]
    complete: Mapped[bool]
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    result: Mapped[float | None]
    result_at: Mapped[datetime | None]


class Roster(Work, Base):
    """Who is in a course of a cohort, as the platform tells; due when it is to be asked again.

    `link_id` is the resource link that told of it last; `differences_url` asks for changes only.
    """

    __tablename__ = "roster"
    __table_args__ = (UniqueConstraint("context_id", "cohort_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    url: Mapped[str]
    groups_url: Mapped[str | None]
    link_id: Mapped[str]
    differences_url: Mapped[str | None]
    synced_at: Mapped[datetime | None]
    failure: Mapped[str | None]


class NoticeSubscription(Work, Base):
    """The notices (Platform Notification Service) that a deployment's platform was asked for."""

    __tablename__ = "notice_subscription"
    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), unique=True)
    url: Mapped[str]
    notice_types: Mapped[list[Any]]
    subscribed_at: Mapped[datetime | None]
    failure: Mapped[str | None]
