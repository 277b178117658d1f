"""From a verified launch to a visit."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import ContextClaim, Launch, ResourceLinkClaim
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.lti.roles import Role
from lti_tool.services import grading, planning
from lti_tool.storage.known import Known, find_known
from lti_tool.storage.models import (
    Base,
    Context,
    Enrolment,
    Institution,
    Person,
    ResourceLink,
    Visit,
)
from lti_tool.storage.rows import change, find_or_add
from lti_tool.storage.vault import hashed

VISIT_LENGTH = timedelta(hours=12)
MAX_TEXT = 200
# An administrator or an observer looks; she does not take part.
ENROLLED_ROLES = (Role.LEARNER, Role.TEACHER)
OUTSIDE_COURSES = ContextClaim(id="", label="", title="")
ADD_VISIT = insert(Base.metadata.tables["visit"])


class NoVisitError(Exception):
    """There is no such visit, the secret is not its own, or it is over."""


@dataclass(frozen=True)
class Visitor:
    """Who is asking, as the launch told: everything that a page needs to know of them."""

    visit_id: str
    person_id: int
    name: str | None
    role: Role
    institution: str
    institution_name: str
    locale: str | None
    cohort_id: int | None
    return_url: str | None


@dataclass(frozen=True)
class Entrance:
    """A fresh visit: its id for the address, its secret for the cookie, the page that the link asks for."""

    visit_id: str
    secret: str
    role: Role
    view: str


def enter(db: Session, launch: Launch, now: datetime) -> Entrance:
    """Write what the launch changed about the course, the link and the person, and open a visit.

    Raises `LaunchRefusedError` for a message that opens no page.
    """
    if launch.resource_link is None:
        raise LaunchRefusedError(RefusalReason.UNSUPPORTED_MESSAGE, message_type=launch.message_type.value)
    known = _find_known(db, launch, launch.resource_link)
    link = _keep_link(db, launch, launch.resource_link, known)
    person = _keep_person(db, launch, known)
    if link.cohort_id is not None and launch.role in ENROLLED_ROLES:
        _keep_enrolment(db, launch, link, person, known, now)
    visit_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    db.execute(
        ADD_VISIT,
        {
            "id": visit_id,
            "secret_hash": hashed(secret),
            "person_id": person.id,
            "cohort_id": link.cohort_id,
            "institution_id": known.deployment.institution_id,
            "role": launch.role.value,
            "locale": launch.locale or None,
            "return_url": launch.return_url or None,
            "expires_at": now + VISIT_LENGTH,
        },
    )
    return Entrance(visit_id, secret, launch.role, launch.custom.get("view", ""))


def find_visitor(db: Session, visit_id: str, secret: str, now: datetime) -> Visitor:
    """Return who holds this visit; raise `NoVisitError` where nobody does."""
    row = db.execute(
        select(
            Visit,
            Person,
            Institution.slug,
            Institution.name.label("institution_name"),
        )
        .join(Person, Visit.person_id == Person.id)
        .join(Institution, Visit.institution_id == Institution.id)
        .where(Visit.id == visit_id, Visit.expires_at > now)
    ).one_or_none()
    if row is None or not hmac.compare_digest(row.Visit.secret_hash, hashed(secret)):
        raise NoVisitError
    return Visitor(
        visit_id=visit_id,
        person_id=row.Person.id,
        name=row.Person.name,
        role=Role(row.Visit.role),
        institution=row.slug,
        institution_name=row.institution_name,
        locale=row.Person.locale or row.Visit.locale,
        cohort_id=row.Visit.cohort_id,
        return_url=row.Visit.return_url,
    )


def choose_language(db: Session, person_id: int, locale: str) -> None:
    """Remember the language that a person reads best; it outranks the LMS's."""
    db.get_one(Person, person_id).locale = locale


def forget_old_visits(db: Session, now: datetime) -> None:
    db.execute(delete(Visit).where(Visit.expires_at <= now))


def _find_known(db: Session, launch: Launch, link: ResourceLinkClaim) -> Known:
    return find_known(
        db,
        registration_id=launch.registration_id,
        deployment_id=launch.deployment_id,
        context_id=_course(launch).id,
        link_id=link.id,
        subject=launch.subject,
        cohort=launch.custom.get("cohort", ""),
    )


def _course(launch: Launch) -> ContextClaim:
    return launch.context or OUTSIDE_COURSES


def _keep_link(db: Session, launch: Launch, claim: ResourceLinkClaim, known: Known) -> ResourceLink:
    context = _keep_context(db, launch, known)
    keys = {"context_id": context.id, "link_id": claim.id}
    link = known.link or find_or_add(db, ResourceLink, keys=keys)
    if launch.custom.get("cohort"):
        change(link, cohort_id=known.open_cohort_id)
    change(link, line_item_url=(launch.grades and launch.grades.line_item_url) or None)
    return link


def _keep_context(db: Session, launch: Launch, known: Known) -> Context:
    course = _course(launch)
    keys = {"deployment_id": known.deployment.id, "context_id": course.id}
    context = known.context or find_or_add(db, Context, keys=keys, title="")
    change(context, title=course.title[:MAX_TEXT])
    return context


def _keep_person(db: Session, launch: Launch, known: Known) -> Person:
    keys = {"registration_id": launch.registration_id, "subject": launch.subject}
    person = known.person or find_or_add(db, Person, keys=keys)
    change(person, name=_display_name(launch))
    return person


def _display_name(launch: Launch) -> str | None:
    given = launch.person.name or f"{launch.person.given_name} {launch.person.family_name}"
    return given.strip()[:MAX_TEXT] or None


def _keep_enrolment(
    db: Session, launch: Launch, link: ResourceLink, person: Person, known: Known, now: datetime
) -> None:
    enrolment = known.enrolment
    if enrolment is None or enrolment.cohort_id != link.cohort_id:
        keys = {"cohort_id": link.cohort_id, "person_id": person.id}
        enrolment = find_or_add(db, Enrolment, keys=keys, role=launch.role.value)
        if launch.role is Role.LEARNER:
            planning.seat_newcomer(db, enrolment, now)
    # A teacher who looks as a student does not become one: she still leads the cohort.
    if launch.role is Role.TEACHER:
        change(enrolment, role=Role.TEACHER.value)
    employer = launch.custom.get("employer", "").strip()[:MAX_TEXT]
    if employer:
        change(enrolment, employer=employer)
    if link.line_item_url is not None and link.line_item_url != enrolment.line_item_url:
        enrolment.line_item_url = link.line_item_url
        grading.resend_to_new_column(db, enrolment.id, now)
