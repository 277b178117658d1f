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
    family: Mapped[str] = mapped_column(default="")
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    registered_at: Mapped[datetime]


class Deployment(Base):
    """A deployment id under a registration; it may name another institution than the registration does.

    Launches are welcome once it is approved.
    """

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str]
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    seen_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    launched_at: Mapped[datetime | None]


class DiscriminatorKind(StrEnum):
    CUSTOM = "custom"  # a custom parameter's value
    EMAIL = "email"  # the domain behind the @
    COURSE = "course"  # what the course's label begins with


class Discriminator(Base):
    """What in a launch tells the institutions of a shared LMS apart."""

    __tablename__ = "discriminator"
    __table_args__ = (UniqueConstraint("registration_id", "kind", "name", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    kind: Mapped[DiscriminatorKind] = mapped_column(_words(DiscriminatorKind))
    name: Mapped[str] = mapped_column(default="")
    value: Mapped[str]
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))


class Invitation(Base):
    """A registration address that works once; only the hash of its token is kept."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))


class Refusal(Base):
    """A launch or login that was refused, for operators; `details` hold no personal data."""

    __tablename__ = "refusal"
    id: Mapped[int] = mapped_column(primary_key=True)
    refused_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str]
    details: Mapped[Document]
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))


class PlatformKeys(Base):
    """The last JWKS that a platform published."""

    __tablename__ = "platform_keys"
    jwks_url: Mapped[str] = mapped_column(primary_key=True)
    keyset: Mapped[Document]
    fetched_at: Mapped[datetime]


class ToolKey(Base):
    """A private key with which Klimop signs, encrypted; published from the start, also after its last use."""

    __tablename__ = "tool_key"
    kid: Mapped[str] = mapped_column(primary_key=True)
    private_key: Mapped[bytes]
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    published_until: Mapped[datetime | None]


# Courses and people, as seen through launches


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
    opens: Mapped[Opens] = mapped_column(_words(Opens), default=Opens.MODULE)
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
    grading: Mapped[Grading] = mapped_column(_words(Grading), default=Grading.MODULE)
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
