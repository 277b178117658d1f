"""Those who look after this Klimop, and the refusals that they are to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lti_tool.storage.models import Institution, Operator, Person, Refusal, Registration
from lti_tool.storage.rows import find_or_add

REFUSALS_KEPT = timedelta(days=30)
# Anyone can make refusals, by the thousand: of each registration and reason this many a minute are noted.
MOST_A_MINUTE = 20
MOST_DETAIL = 300


class NoPersonError(Exception):
    """There is no person of this id."""


class NotAnOperatorError(Exception):
    """This person is no operator."""


@dataclass(frozen=True)
class OperatorRow:
    person_id: int
    name: str
    institution: str
    issuer: str
    granted_at: datetime


@dataclass(frozen=True)
class RefusalRow:
    """A refused login or launch."""

    refused_at: datetime
    reason: str
    details: Mapping[str, str | int]


def grant(db: Session, person_id: int, now: datetime) -> OperatorRow:
    """Make a person an operator and return her; raise `NoPersonError`.

    She has the pages of operators on visits on which her LMS calls her an administrator.
    """
    if db.get(Person, person_id) is None:
        raise NoPersonError
    find_or_add(db, Operator, keys={"person_id": person_id}, granted_at=now)
    return next(row for row in list_operators(db) if row.person_id == person_id)


def revoke(db: Session, person_id: int) -> None:
    """Make a person an operator no longer; raise `NotAnOperatorError`."""
    row = db.get(Operator, person_id)
    if row is None:
        raise NotAnOperatorError
    db.delete(row)


def list_operators(db: Session) -> list[OperatorRow]:
    """Return the operators in the order in which they became one; a name that is not shared is empty."""
    rows = db.execute(
        select(Person.id, Person.name, Institution.slug, Registration.issuer, Operator.granted_at)
        .join(Person, Operator.person_id == Person.id)
        .join(Registration, Person.registration_id == Registration.id)
        .join(Institution, Registration.institution_id == Institution.id)
        .order_by(Operator.granted_at, Person.id)
    )
    return [OperatorRow(row[0], row[1] or "", *row[2:]) for row in rows]


def note_refusal(
    db: Session, reason: str, details: Mapping[str, str | int], registration_id: int | None, now: datetime
) -> None:
    """Keep why a login or launch was refused; `details` hold no personal data and are cut to size."""
    noted = select(func.count()).where(
        Refusal.refused_at > now - timedelta(minutes=1),
        Refusal.registration_id == registration_id,
        Refusal.reason == reason,
    )
    if (db.scalar(noted) or 0) >= MOST_A_MINUTE:
        return
    short = {
        name: value if isinstance(value, int) else value[:MOST_DETAIL] for name, value in details.items()
    }
    db.add(Refusal(refused_at=now, reason=reason, details=short, registration_id=registration_id))


def list_refusals(
    db: Session, *, registration_id: int | None, since: datetime, most: int
) -> list[RefusalRow]:
    """Return the last refusals of a registration, or of platforms that we do not know, the latest first."""
    rows = db.scalars(
        select(Refusal)
        .where(Refusal.registration_id == registration_id, Refusal.refused_at > since)
        .order_by(Refusal.refused_at.desc(), Refusal.id.desc())
        .limit(most)
    )
    return [RefusalRow(row.refused_at, row.reason, row.details) for row in rows]


def forget_old_refusals(db: Session, now: datetime) -> None:
    db.execute(delete(Refusal).where(Refusal.refused_at <= now - REFUSALS_KEPT))
