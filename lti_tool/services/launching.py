"""From a verified launch to a visit."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import ContextClaim, Launch
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.lti.roles import Role
from lti_tool.services import grading
from lti_tool.storage.models import (
    Cohort,
    Context,
    Deployment,
    Enrolment,
    Institution,
    Partner,
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
    deployment = _deployment(db, launch)
    link = _link(db, launch, deployment)
    person = _person(db, launch)
    if link.cohort_id is not None and launch.role in ENROLLED_ROLES:
        _enrol(db, launch, link, person, now)
    visit_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    db.add(
        Visit(
            id=visit_id,
            secret_hash=hashed(secret),
            person_id=person.id,
            resource_link_id=link.id,
            institution_id=deployment.institution_id,
            role=launch.role.value,
            locale=launch.locale or None,
            return_url=launch.return_url or None,
            expires_at=now + VISIT_LENGTH,
        )
    )
    return Entrance(visit_id, secret, launch.role, launch.custom.get("view", ""))


def find_visitor(db: Session, visit_id: str, secret: str, now: datetime) -> Visitor:
    """Return who holds this visit; raise `NoVisitError` where nobody does."""
    row = db.execute(
        select(
            Visit,
            Person,
            ResourceLink.cohort_id,
            Institution.slug,
            Institution.name.label("institution_name"),
        )
        .join(Person, Visit.person_id == Person.id)
        .join(ResourceLink, Visit.resource_link_id == ResourceLink.id)
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
        cohort_id=row.cohort_id,
        return_url=row.Visit.return_url,
    )


def choose_language(db: Session, person_id: int, locale: str) -> None:
    """Remember the language that a person reads best; it outranks the LMS's."""
    db.get_one(Person, person_id).locale = locale


def forget_old_visits(db: Session, now: datetime) -> None:
    db.execute(delete(Visit).where(Visit.expires_at <= now))


def _deployment(db: Session, launch: Launch) -> Deployment:
    return db.execute(
        select(Deployment).where(
            Deployment.registration_id == launch.registration_id,
            Deployment.deployment_id == launch.deployment_id,
        )
    ).scalar_one()


def _link(db: Session, launch: Launch, deployment: Deployment) -> ResourceLink:
    if launch.resource_link is None:
        raise LaunchRefusedError(RefusalReason.UNSUPPORTED_MESSAGE, message_type=launch.message_type.value)
    course = launch.context or OUTSIDE_COURSES
    context = find_or_add(
        db, Context, keys={"deployment_id": deployment.id, "context_id": course.id}, title=""
    )
    change(context, title=course.title[:MAX_TEXT], memberships_url=launch.roster_url or None)
    keys = {"context_id": context.id, "link_id": launch.resource_link.id}
    link = find_or_add(db, ResourceLink, keys=keys)
    slug = launch.custom.get("cohort")
    if slug:
        change(link, cohort_id=_open_cohort(db, slug, deployment.institution_id))
    change(link, line_item_url=(launch.grades and launch.grades.line_item_url) or None)
    return link


def _open_cohort(db: Session, slug: str, institution_id: int) -> int | None:
    # A cohort opens only to links of the institutions that take part in it.
    return db.execute(
        select(Cohort.id)
        .join(Partner, Partner.cohort_id == Cohort.id)
        .where(Cohort.slug == slug, Partner.institution_id == institution_id)
    ).scalar_one_or_none()


def _person(db: Session, launch: Launch) -> Person:
    person = find_or_add(
        db, Person, keys={"registration_id": launch.registration_id, "subject": launch.subject}
    )
    change(person, name=_display_name(launch))
    return person


def _display_name(launch: Launch) -> str | None:
    given = launch.person.name or f"{launch.person.given_name} {launch.person.family_name}"
    return given.strip()[:MAX_TEXT] or None


def _enrol(db: Session, launch: Launch, link: ResourceLink, person: Person, now: datetime) -> None:
    keys = {"cohort_id": link.cohort_id, "person_id": person.id}
    enrolment = find_or_add(db, Enrolment, keys=keys, role=launch.role.value)
    change(enrolment, role=launch.role.value)
    employer = launch.custom.get("employer", "").strip()[:MAX_TEXT]
    if employer:
        change(enrolment, employer=employer)
    if link.line_item_url is not None and link.line_item_url != enrolment.line_item_url:
        enrolment.line_item_url = link.line_item_url
        grading.resend_when_column_appears(db, enrolment.id, now)
