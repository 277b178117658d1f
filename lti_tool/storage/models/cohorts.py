"""Programmes, modules and cohorts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Document, words_of


class Programme(Base):
    """The whole of a microdegree, as its document says."""

    __tablename__ = "programme"
    id: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[Document]


class ModuleVersion(Base):
    """A published version of a module; never changed after."""

    __tablename__ = "module_version"
    __table_args__ = (UniqueConstraint("module_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"))
    module_id: Mapped[str]
    version: Mapped[str]
    document: Mapped[Document]
    media: Mapped[Document]
    digest: Mapped[str]
    published_at: Mapped[datetime]


class Grading(StrEnum):
    MODULE = "module"
    UNITS = "units"
    NOTHING = "nothing"


class Cohort(Base):
    """One run of one module version; shared by contexts of several institutions.

    `weeks` is how long it runs, None for as long as the module says. `dates` holds, by unit id, the dates
    that its team chose otherwise: {"opens": "2026-09-21", "due": "2026-09-27"}. `pass_share` is 0 to 1, None
    for no pass mark. `grading` is what goes to the gradebooks, out of `maximum`.
    """

    __tablename__ = "cohort"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"))
    starts_on: Mapped[date]
    weeks: Mapped[int | None]
    unlocks_weekly: Mapped[bool] = mapped_column(default=True)
    has_due_dates: Mapped[bool] = mapped_column(default=True)
    dates: Mapped[Document] = mapped_column(default=dict)
    pass_share: Mapped[float | None]
    grading: Mapped[Grading] = mapped_column(words_of(Grading), default=Grading.MODULE)
    maximum: Mapped[float] = mapped_column(default=100.0)
    closed_at: Mapped[datetime | None]


class Partner(Base):
    """An institution that takes part in a cohort."""

    __tablename__ = "partner"
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), primary_key=True)


class Enrolment(Base):
    """A person in a cohort, through one course of one institution.

    A teacher is of the cohort's team from `team_since` on; before that she sees her own institution's
    learners. `launched_at` is when she came into her course, None for who is known from a roster only;
    `left_at` is set while a roster no longer lists her. `groups` are the names of her groups in the LMS.
    """

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    context_id: Mapped[int | None] = mapped_column(ForeignKey("context.id"), index=True)
    role: Mapped[str]
    employer: Mapped[str | None]
    groups: Mapped[list[Any]] = mapped_column(default=list)
    team_since: Mapped[datetime | None]
    launched_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
