"""Institutions, and the learning platforms and deployments through which their people come in."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.platform import is_web_url
from lti_tool.storage.models import (
    Context,
    Deployment,
    Discriminator,
    Institution,
    Invitation,
    Person,
    Refusal,
    Registration,
)
from lti_tool.storage.rows import change, find_or_add

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class NoInstitutionError(Exception):
    """There is no institution of this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class NoRegistrationError(Exception):
    """There is no such registration."""


class NoDeploymentError(Exception):
    """There is no such deployment."""


class RegistrationTakenError(Exception):
    """This issuer and client id belong to another institution."""


class RegistrationUsedError(Exception):
    """People came in through this registration, so it stays."""


@dataclass(frozen=True, kw_only=True)
class NewRegistration:
    """What an LMS administrator gives us (LTI 1.3 core, section 3.1.3).

    Without a deployment id the first launch tells it; `family` and `scopes` are empty where nobody said.
    """

    institution: str
    issuer: str
    client_id: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    deployment_id: str = ""
    token_audience: str | None = None
    family: str = ""
    scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("issuer", "client_id"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty")
        for name in ("auth_login_url", "token_url", "jwks_url"):
            if not is_web_url(getattr(self, name)):
                raise ValueError(f"{name} is not a web address")


@dataclass(frozen=True)
class InstitutionRow:
    slug: str
    name: str
    locale: str


@dataclass(frozen=True)
class RegistrationRow:
    """A registration with one of its deployments; `deployment_id` is empty while none is known."""

    institution: str
    issuer: str
    client_id: str
    deployment_id: str
    is_approved: bool


def add_institution(db: Session, *, slug: str, name: str, locale: str) -> int:
    """Add an institution, or change the name and locale of the one that has this slug; return its id."""
    if not SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is not of lower-case letters, digits and hyphens")
    if not name.strip():
        raise ValueError("the name is empty")
    row = find_or_add(db, Institution, keys={"slug": slug}, name=name, locale=locale)
    change(row, name=name, locale=locale)
    return row.id


def find_institution(db: Session, slug: str) -> InstitutionRow:
    """Return an institution, or raise `NoInstitutionError`."""
    row = db.get_one(Institution, find_institution_id(db, slug))
    return InstitutionRow(row.slug, row.name, row.locale)


def register_platform(db: Session, new: NewRegistration, now: datetime) -> int:
    """Add a registration, or update the one that is there; return its id. Its deployment is approved.

    What is not told of `family` and `scopes` stays as it was. Raises `NoInstitutionError`, and
    `RegistrationTakenError` where another institution holds it.
    """
    institution_id = find_institution_id(db, new.institution)
    told = {
        "auth_login_url": new.auth_login_url,
        "token_url": new.token_url,
        "token_audience": new.token_audience,
        "jwks_url": new.jwks_url,
    }
    if new.family:
        told["family"] = new.family
    keys = {"issuer": new.issuer, "client_id": new.client_id}
    first = {"institution_id": institution_id, "registered_at": now}
    registration = find_or_add(db, Registration, keys=keys, **first, **told)
    if registration.institution_id != institution_id:
        raise RegistrationTakenError
    change(registration, **told, scopes=sorted(new.scopes) or registration.scopes)
    if new.deployment_id.strip():
        note_deployment(db, registration.id, new.deployment_id, now, approve=True)
    return registration.id


def moves_endpoints(db: Session, new: NewRegistration) -> bool:
    """Return whether this issuer and client id are registered, with other endpoints."""
    held = db.scalar(select(Registration).filter_by(issuer=new.issuer, client_id=new.client_id))
    wanted = (new.auth_login_url, new.token_url, new.jwks_url)
    return held is not None and (held.auth_login_url, held.token_url, held.jwks_url) != wanted


def note_deployment(
    db: Session, registration_id: int, deployment_id: str, now: datetime, *, approve: bool
) -> int:
    """Keep a deployment that a platform vouched for, approved or waiting for it; return its id.

    It belongs to the registration's institution until someone says otherwise.
    """
    institution_id = db.get_one(Registration, registration_id).institution_id
    keys = {"registration_id": registration_id, "deployment_id": deployment_id}
    deployment = find_or_add(db, Deployment, keys=keys, institution_id=institution_id, seen_at=now)
    if approve:
        change(deployment, approved_at=deployment.approved_at or now)
    return deployment.id


def approve_deployment(db: Session, deployment: int, now: datetime) -> None:
    """Let a deployment's launches in; raise `NoDeploymentError`."""
    row = _find_deployment(db, deployment)
    change(row, approved_at=row.approved_at or now)


def refuse_deployment(db: Session, deployment: int) -> None:
    """Let a deployment's launches in no longer, and forget it where it has left nothing.

    Its next launch brings it back, waiting. Raises `NoDeploymentError`.
    """
    row = _find_deployment(db, deployment)
    row.approved_at = None
    if db.scalar(select(Context.id).where(Context.deployment_id == row.id).limit(1)) is None:
        db.delete(row)


def give_deployment(db: Session, deployment: int, *, institution: str) -> None:
    """Let a deployment belong to an institution; raise `NoDeploymentError` or `NoInstitutionError`.

    Who is enrolled already stays of the institution that she came in through.
    """
    change(_find_deployment(db, deployment), institution_id=find_institution_id(db, institution))


def remove_registration(db: Session, registration_id: int) -> None:
    """Forget a registration through which nobody came in; raise `RegistrationUsedError` otherwise."""
    if db.get(Registration, registration_id) is None:
        raise NoRegistrationError
    used = select(func.count()).select_from(Person).where(Person.registration_id == registration_id)
    if db.scalar(used):
        raise RegistrationUsedError
    for model in (Discriminator, Deployment):
        db.execute(delete(model).where(model.registration_id == registration_id))
    for keeper in (Refusal, Invitation):
        mine = keeper.registration_id == registration_id
        db.execute(update(keeper).where(mine).values(registration_id=None))
    db.execute(delete(Registration).where(Registration.id == registration_id))


def list_registrations(db: Session) -> list[RegistrationRow]:
    """Return every registration once for each of its deployments, sorted."""
    owner = func.coalesce(Deployment.institution_id, Registration.institution_id)
    deployment_id = func.coalesce(Deployment.deployment_id, "")
    rows = db.execute(
        select(
            Institution.slug,
            Registration.issuer,
            Registration.client_id,
            deployment_id,
            Deployment.approved_at.is_not(None),
        )
        .select_from(Registration)
        .outerjoin(Deployment, Deployment.registration_id == Registration.id)
        .join(Institution, Institution.id == owner)
        .order_by(Institution.slug, Registration.issuer, Registration.client_id, deployment_id)
    )
    return [RegistrationRow(*row) for row in rows]


def find_institution_id(db: Session, slug: str) -> int:
    """Return the id of an institution, or raise `NoInstitutionError`."""
    found = db.scalar(select(Institution.id).where(Institution.slug == slug))
    if found is None:
        raise NoInstitutionError(slug)
    return found


def _find_deployment(db: Session, deployment: int) -> Deployment:
    row = db.get(Deployment, deployment)
    if row is None:
        raise NoDeploymentError
    return row
