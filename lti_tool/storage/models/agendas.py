"""When people are busy."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Document, Work, words_of


class AgendaKind(StrEnum):
    ADDRESS = "address"
    FILE = "file"
    PAINTED = "painted"


class Agenda(Work, Base):
    """A source of a person's busy time: where it comes from, and the last good reading as 15-minute masks.

    `digest` is of what was read last. `host` stands for the address's server without naming it (see
    `CalendarHost`). `painted` is a `scheduling.painted.PaintedWeek`. `failing_since` is set while readings
    fail, `warned_at` once its owner got a mail of that.
    """

    __tablename__ = "agenda"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[AgendaKind] = mapped_column(words_of(AgendaKind))
    label: Mapped[str] = mapped_column(default="")
    treat_all_as_busy: Mapped[bool] = mapped_column(default=False)
    ignore_all_day: Mapped[bool] = mapped_column(default=False)
    address: Mapped[bytes | None]
    host: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    digest: Mapped[str | None]
    painted: Mapped[Document | None]
    connected_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    slots: Mapped[int] = mapped_column(default=0)
    busy: Mapped[bytes | None] = mapped_column(LargeBinary)
    tentative: Mapped[bytes | None] = mapped_column(LargeBinary)
    unknown: Mapped[bytes | None] = mapped_column(LargeBinary)
    events: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[Any]] = mapped_column(default=list)


class AgendaPreferences(Base):
    """When a person can come at all (the fields of `scheduling.preferences.Preferences`, in minutes).

    `mail_address` is where she wants to be warned, encrypted.
    """

    __tablename__ = "agenda_preferences"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hours_from: Mapped[int]
    hours_until: Mapped[int]
    days_never: Mapped[list[Any]]
    notice: Mapped[int]
    travel_before: Mapped[int]
    travel_after: Mapped[int]
    rest: Mapped[int]
    mail_address: Mapped[bytes | None]


class CalendarHost(Base):
    """A calendar server that does not answer and is left alone for a while, by a keyed hash of its name."""

    __tablename__ = "calendar_host"
    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    rests_until: Mapped[datetime]
