"""Visits: what a launch opened in one browser, and who is on it."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.storage.models import Enrolment, Institution, Operator, Partner, Person, Visit
from lti_tool.storage.vault import hashed

VISIT_LENGTH = timedelta(hours=12)


class NoVisitError(Exception):
    """There is no such visit, the secret is not its own, or it is over."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who is asking, as the launch told: everything that a page needs to know of them.

    `institution` is its slug. A teacher `is_team` who is of the team of the visit's cohort. `deep_linking` is
    what a platform asked of the picker (the fields of `lti.claims.DeepLinkingClaim`), None on other visits.
    """

    visit_id: str
    person_id: int
    name: str | None
    role: Role
    is_team: bool = False
    is_operator: bool = False
    institution_id: int
    institution: str
    institution_name: str
    locale: str | None
    context_id: int
    link_id: int | None
    cohort_id: int | None
    programme_id: str | None
    return_url: str | None
    deep_linking: dict[str, Any] | None = field(default=None, repr=False)


def find_visitor(db: Session, visit_id: str, secret: str, now: datetime, *, by_cookie: bool) -> Visitor:
    """Return who holds this visit; raise `NoVisitError` where nobody does.

    The secret counts only where the visit keeps it: in a cookie, or else in its address.
    """
    row = db.execute(
        select(
            Visit,
            Person.name,
            Person.locale,
            Institution.slug,
            Institution.name.label("institution_name"),
            Enrolment.team_since,
            Operator.granted_at,
            Partner.institution_id.is_not(None).label("is_partner"),
        )
        .join(Person, Visit.person_id == Person.id)
        .join(Institution, Visit.institution_id == Institution.id)
        .outerjoin(
            Enrolment,
            and_(Enrolment.cohort_id == Visit.cohort_id, Enrolment.person_id == Visit.person_id),
        )
        .outerjoin(Operator, Operator.person_id == Visit.person_id)
        .outerjoin(
            Partner,
            and_(Partner.cohort_id == Visit.cohort_id, Partner.institution_id == Visit.institution_id),
        )
        .where(Visit.id == visit_id, Visit.has_cookie == by_cookie, Visit.expires_at > now)
    ).one_or_none()
    if row is None or not hmac.compare_digest(row.Visit.secret_hash, hashed(secret)):
        raise NoVisitError
    visit, role = row.Visit, Role(row.Visit.role)
    return Visitor(
        visit_id=visit_id,
        person_id=visit.person_id,
        name=row.name,
        role=role,
        is_team=role is Role.TEACHER and row.is_partner and row.team_since is not None,
        is_operator=role is Role.ADMINISTRATOR and row.granted_at is not None,
        institution_id=visit.institution_id,
        institution=row.slug,
        institution_name=row.institution_name,
        locale=row.locale or visit.locale,
        context_id=visit.context_id,
        link_id=visit.link_id,
        # An institution that was left out of a cohort has no say in it from then on.
        cohort_id=visit.cohort_id if row.is_partner else None,
        programme_id=visit.programme_id,
        return_url=visit.return_url,
        deep_linking=visit.deep_linking,
    )


def is_answered(db: Session, nonce: str) -> bool:
    """Return whether the login of this nonce opened its visit."""
    return db.get(Visit, nonce) is not None


def choose_language(db: Session, person_id: int, locale: str) -> None:
    """Remember the language that a person reads best; it outranks the LMS's."""
    db.get_one(Person, person_id).locale = locale


def forget_old_visits(db: Session, now: datetime) -> None:
    db.execute(delete(Visit).where(Visit.expires_at <= now))
