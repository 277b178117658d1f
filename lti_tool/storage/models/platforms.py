"""Institutions and their learning platforms."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.storage.models.base import Base, Document, words_of


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
    kind: Mapped[DiscriminatorKind] = mapped_column(words_of(DiscriminatorKind))
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
