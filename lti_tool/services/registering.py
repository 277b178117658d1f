"""Institutions and the learning platforms through which their people come in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.platform import is_web_url
from lti_tool.storage.models import Deployment, Institution, Registration
from lti_tool.storage.rows import change, find_or_add


class NoInstitutionError(Exception):
    """There is no institution of this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class RegistrationTakenError(Exception):
    """This issuer and client id belong to another institution."""


@dataclass(frozen=True, kw_only=True)
class NewRegistration:
    """What an LMS administrator gives us (LTI 1.3 core, section 3.1.3)."""

    institution: str
    issuer: str
    client_id: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    deployment_id: str
    token_audience: str | None = None

    def __post_init__(self) -> None:
        for name in ("issuer", "client_id", "deployment_id"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty")
        for name in ("auth_login_url", "token_url", "jwks_url"):
            if not is_web_url(getattr(self, name)):
                raise ValueError(f"{name} is not a web address")


@dataclass(frozen=True)
class RegistrationRow:
    institution: str
    issuer: str
    client_id: str
    deployment_id: str


def add_institution(db: Session, *, slug: str, name: str, locale: str) -> int:
    """Add an institution, or change the name and locale of the one that has this slug; return its id."""
    row = find_or_add(db, Institution, keys={"slug": slug}, name=name, locale=locale)
    change(row, name=name, locale=locale)
    return row.id


def register_platform(db: Session, new: NewRegistration) -> int:
    """Add a registration with a deployment, or update the endpoints of the one that is there; return its id.

    Raises `NoInstitutionError`, and `RegistrationTakenError` where another institution holds it.
    """
    institution_id = _institution_id(db, new.institution)
    endpoints = {
        "auth_login_url": new.auth_login_url,
        "token_url": new.token_url,
        "token_audience": new.token_audience,
        "jwks_url": new.jwks_url,
    }
    keys = {"issuer": new.issuer, "client_id": new.client_id}
    registration = find_or_add(db, Registration, keys=keys, institution_id=institution_id, **endpoints)
    if registration.institution_id != institution_id:
        raise RegistrationTakenError
    change(registration, **endpoints)
    find_or_add(
        db,
        Deployment,
        keys={"registration_id": registration.id, "deployment_id": new.deployment_id},
        institution_id=institution_id,
    )
    return registration.id


def list_registrations(db: Session) -> list[RegistrationRow]:
    rows = db.execute(
        select(Institution.slug, Registration.issuer, Registration.client_id, Deployment.deployment_id)
        .join(Registration, Deployment.registration_id == Registration.id)
        .join(Institution, Deployment.institution_id == Institution.id)
        .order_by(Institution.slug, Registration.issuer, Registration.client_id, Deployment.deployment_id)
    )
    return [RegistrationRow(*row) for row in rows]


def _institution_id(db: Session, slug: str) -> int:
    found = db.scalar(select(Institution.id).where(Institution.slug == slug))
    if found is None:
        raise NoInstitutionError(slug)
    return found
