"""The tables, in the words of the vocabulary."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lti_tool.storage.columns import UtcDateTime

Document = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, Document: JSON, list[Any]: JSON, str: String}  # noqa: RUF012


def _words(kind: type[StrEnum]) -> Enum:
    # Stored as its value in plain text, so that a new word needs no change of type.
    return Enum(
        kind, native_enum=False, length=32, values_callable=lambda words: [word.value for word in words]
    )


# Institutions and their learning platforms


class Institution(Base):
    """One of the partners."""

    __tablename__ = "institution"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    locale: Mapped[str]


class Registration(Base):
    """One (issuer, client id) of an LMS with its endpoints (LTI 1.3 core, section 3.1)."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    issuer: Mapped[str]
    client_id: Mapped[str]
    auth_login_url: Mapped[str]
    token_url: Mapped[str]
    token_audience: Mapped[str | None]
    jwks_url: Mapped[str]


class Deployment(Base):
    """A deployment id under a registration; it may name another institution than the registration does."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str]
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))


class PlatformKeys(Base):
    """The last JWKS that a platform published."""

    __tablename__ = "platform_keys"
    jwks_url: Mapped[str] = mapped_column(primary_key=True)
    keyset: Mapped[Document]
    fetched_at: Mapped[datetime]


class ToolKey(Base):
    """A private key with which Klimop signs, encrypted."""

    __tablename__ = "tool_key"
    kid: Mapped[str] = mapped_column(primary_key=True)
    private_key: Mapped[bytes]
    created_at: Mapped[datetime]


class Login(Base):
    """An OIDC login under way; consumed by the launch that answers it."""

    __tablename__ = "login"
    state: Mapped[str] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    target_link_uri: Mapped[str]
    browser_hash: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)


# Courses and people, as seen through launches


class Context(Base):
    """A course in an LMS."""

    __tablename__ = "context"
    __table_args__ = (UniqueConstraint("deployment_id", "context_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    context_id: Mapped[str]
    title: Mapped[str]


class ResourceLink(Base):
    """One placed link in a context, and what it opens."""

    __tablename__ = "resource_link"
    __table_args__ = (UniqueConstraint("context_id", "link_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    context_id: Mapped[int] = mapped_column(ForeignKey("context.id"))
    link_id: Mapped[str]
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
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


class Visit(Base):
    """What a launch opened in one browser: a session, bound to a cookie whose hash is kept here."""

    __tablename__ = "visit"
    id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    role: Mapped[str]
    locale: Mapped[str | None]
    return_url: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


# Programmes, modules and cohorts


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


class Cohort(Base):
    """One run of one module version; shared by contexts of several institutions."""

    __tablename__ = "cohort"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"))
    starts_on: Mapped[date]


class Partner(Base):
    """An institution that takes part in a cohort."""

    __tablename__ = "partner"
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), primary_key=True)


class Enrolment(Base):
    """A person in a cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    employer: Mapped[str | None]
    line_item_url: Mapped[str | None]


# Learning and marks


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


class Work:
    """Columns of rows that a worker claims: due at a time, leased while in hand, counted."""

    due_at: Mapped[datetime | None] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


class Score(Work, Base):
    """The mark to send to the LMS's gradebook: an outbox of one row per enrolment, due until it is sent."""

    __tablename__ = "score"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    share: Mapped[float]
    complete: Mapped[bool]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refusal: Mapped[str | None]


# Agendas


class AgendaKind(StrEnum):
    ADDRESS = "address"
    FILE = "file"


class Agenda(Work, Base):
    """A person's busy time: where it comes from, and the last good reading as masks of 15 minutes."""

    __tablename__ = "agenda"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    kind: Mapped[AgendaKind] = mapped_column(_words(AgendaKind))
    address: Mapped[bytes | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    connected_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    starts_at: Mapped[datetime | None]
    slots: Mapped[int] = mapped_column(default=0)
    busy: Mapped[bytes | None] = mapped_column(LargeBinary)
    tentative: Mapped[bytes | None] = mapped_column(LargeBinary)
    unknown: Mapped[bytes | None] = mapped_column(LargeBinary)
    events: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[Any]] = mapped_column(default=list)


# Live sessions


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
    status: Mapped[PlanStatus] = mapped_column(_words(PlanStatus))
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
    status: Mapped[SeatStatus] = mapped_column(_words(SeatStatus))


class Feed(Base):
    """A person's secret calendar address; only the hash of its token is kept."""

    __tablename__ = "feed"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    generation: Mapped[int]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
