"""Registration addresses that work once: whoever has one may plug one LMS in."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.services.platforms.registering import (
    NewRegistration,
    RegistrationTakenError,
    find_institution_id,
    moves_endpoints,
    register_platform,
)
from lti_tool.storage.models import Institution, Invitation
from lti_tool.storage.vault import hashed

INVITATION_LENGTH = timedelta(days=7)


class InvitationFlaw(str, Enum):
    """Why an invitation opens nothing."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


class InvitationError(Exception):
    """An invitation that opens nothing (any more)."""

    def __init__(self, flaw: InvitationFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True)
class Invited:
    """Whom an invitation is for; slug and name are empty where it is for whichever institution."""

    institution: str
    institution_name: str
    expires_at: datetime


@dataclass(frozen=True)
class InvitationRow:
    """An invitation as an operator sees it; `flaw` is None while it can be used."""

    id: int
    institution: str
    institution_name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    registration_id: int | None
    flaw: InvitationFlaw | None


def invite(db: Session, *, institution: str = "", now: datetime, lasts: timedelta = INVITATION_LENGTH) -> str:
    """Return the token of a new invitation, kept nowhere; `NoInstitutionError` for an unknown slug."""
    if lasts <= timedelta():
        raise ValueError("an invitation lasts some time")
    token = secrets.token_urlsafe(32)
    db.add(
        Invitation(
            token_hash=hashed(token),
            institution_id=find_institution_id(db, institution) if institution else None,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    db.flush()
    return token


def find_invitation(db: Session, token: str, now: datetime) -> Invited:
    """Return whom a token invites; raise `InvitationError` where it opens nothing."""
    row = db.execute(
        select(Invitation, Institution)
        .outerjoin(Institution, Invitation.institution_id == Institution.id)
        .where(Invitation.token_hash == hashed(token))
    ).one_or_none()
    if row is None:
        raise InvitationError(InvitationFlaw.UNKNOWN)
    invitation, institution = row
    flaw = _flaw(invitation, now)
    if flaw:
        raise InvitationError(flaw)
    if institution is None:
        return Invited("", "", invitation.expires_at)
    return Invited(institution.slug, institution.name, invitation.expires_at)


def accept_invitation(
    db: Session, token: str, new: NewRegistration, now: datetime, *, is_vouched: bool
) -> int:
    """Register a platform and use the invitation up, both or neither; return the registration's id.

    The institution that an invitation names outranks the one in `new`. Only what a platform itself vouches
    for changes the endpoints of one that is registered: whoever says where its keys are can sign in as any
    of its people. Raises `InvitationError`, and what `register_platform` raises.
    """
    invited = find_invitation(db, token, now)
    if not is_vouched and moves_endpoints(db, new):
        raise RegistrationTakenError
    registration_id = register_platform(
        db, replace(new, institution=invited.institution or new.institution), now
    )
    # The UPDATE decides which of two at once wins; the other's registration is rolled back with it.
    used = db.execute(
        update(Invitation)
        .where(Invitation.token_hash == hashed(token), Invitation.used_at.is_(None))
        .values(used_at=now, registration_id=registration_id)
        .returning(Invitation.id)
    ).scalar_one_or_none()
    if used is None:
        raise InvitationError(InvitationFlaw.USED)
    return registration_id


def list_invitations(db: Session, now: datetime) -> tuple[InvitationRow, ...]:
    """Return all invitations, the newest first."""
    rows = db.execute(
        select(Invitation, Institution)
        .outerjoin(Institution, Invitation.institution_id == Institution.id)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    return tuple(
        InvitationRow(
            id=invitation.id,
            institution=institution.slug if institution else "",
            institution_name=institution.name if institution else "",
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
            used_at=invitation.used_at,
            registration_id=invitation.registration_id,
            flaw=_flaw(invitation, now),
        )
        for invitation, institution in rows
    )


def withdraw_invitation(db: Session, invitation_id: int) -> None:
    """Forget an invitation; one that was used stays, as the trace of how its registration came."""
    db.execute(delete(Invitation).where(Invitation.id == invitation_id, Invitation.used_at.is_(None)))


def list_institutions(db: Session) -> tuple[tuple[str, str], ...]:
    """Return the slug and name of each institution, by name."""
    rows = db.execute(select(Institution.slug, Institution.name).order_by(Institution.name))
    return tuple((slug, name) for slug, name in rows)


def registration_url(base_url: str, token: str) -> str:
    """Return the address to hand to an LMS's administrator."""
    return f"{base_url}/lti/register?invite={token}"


def _flaw(invitation: Invitation, now: datetime) -> InvitationFlaw | None:
    if invitation.used_at is not None:
        return InvitationFlaw.USED
    return InvitationFlaw.EXPIRED if invitation.expires_at <= now else None
