"""Courses and people, as seen through launches."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Document, words_of


class Context(Base):
    """A course in an LMS."""

    __tablename__ = "context"
    __table_args__ = (UniqueConstraint("deployment_id", "context_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    context_id: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    line_items_url: Mapped[str | None]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("context.id"))


class Opens(StrEnum):
    MODULE = "module"
    UNIT = "unit"
    LIVE = "live"
    PROGRAMME = "programme"


class ResourceLink(Base):
    """One placed link in a context, and what it opens: of a cohort, or a programme's overview.

    `is_repointed` is set where a teacher chose here what it opens, which outranks what the LMS says. `named`
    is what its custom parameters name (the fields of `services.targets.Target`) while it opens nothing.
    """

    __tablename__ = "resource_link"
    __table_args__ = (UniqueConstraint("context_id", "link_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"))
    link_id: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    opens: Mapped[Opens] = mapped_column(words_of(Opens), default=Opens.MODULE)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    unit_id: Mapped[str] = mapped_column(default="")
    is_repointed: Mapped[bool] = mapped_column(default=False)
    named: Mapped[Document] = mapped_column(default=dict)
    line_item_url: Mapped[str | None]


class Person(Base):
    """One LMS account; (registration, `sub`) is the key, never e-mail."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("registration_id", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    subject: Mapped[str]
    name: Mapped[str | None]
    locale: Mapped[str | None]


class Operator(Base):
    """A person who looks after this Klimop, beyond one institution."""

    __tablename__ = "operator"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    granted_at: Mapped[datetime]


class Visit(Base):
    """What a launch opened in one browser: a session, bound to a secret whose hash is kept here.

    Its id is the nonce of the login that it answers, so no login opens two. The secret is in a cookie, or in
    the address where the browser keeps no cookies. `deep_linking` is what a platform asked of the picker.
    """

    __tablename__ = "visit"
    id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    has_cookie: Mapped[bool]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("resource_link.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    role: Mapped[str]
    locale: Mapped[str | None]
    return_url: Mapped[str | None]
    deep_linking: Mapped[Document | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
