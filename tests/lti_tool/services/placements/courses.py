"""Teachers of three institutions, each with a course and a link in it, and the library's modules."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from content.loader import load_module, load_programme
from content.module import Module
from lti_tool.services.placements.joining import Teacher
from lti_tool.services.study import publishing
from lti_tool.storage.models import (
    Context,
    Deployment,
    Institution,
    Person,
    Registration,
    ResourceLink,
    Visit,
)

NOW = datetime(2027, 1, 6, 9, tzinfo=UTC)
MONDAY = date(2027, 1, 11)
LIBRARY = Path(__file__).parents[4] / "content" / "library"
MANAGEMENT = LIBRARY / "health-innovation-management"
FACILITATION = LIBRARY / "health-innovation-facilitation"
SLUGS = ("ucll", "vives", "luca")


@cache
def management_module() -> Module:
    return load_module(MANAGEMENT / "leading-care-innovation")


@cache
def facilitation_module() -> Module:
    return load_module(FACILITATION / "start-with-the-user")


def publish_library(db: Session) -> tuple[int, int]:
    """Publish both programmes with a module each; return the versions' ids."""
    for folder in (MANAGEMENT, FACILITATION):
        publishing.publish_programme(db, load_programme(folder))
    return (
        publishing.publish_module(db, management_module(), {}, programme_id=MANAGEMENT.name, now=NOW),
        publishing.publish_module(db, facilitation_module(), {}, programme_id=FACILITATION.name, now=NOW),
    )


def add_teachers(db: Session) -> dict[str, Teacher]:
    """Return a teacher of each institution by its slug, on a visit through link 1, 2 or 3 of her course."""
    return {slug: _add_teacher(db, number, slug) for number, slug in enumerate(SLUGS, start=1)}


def _add_teacher(db: Session, number: int, slug: str) -> Teacher:
    for row in (
        Institution(id=number, slug=slug, name=slug.upper(), locale="nl"),
        _registration(number, slug),
        Deployment(id=number, registration_id=number, deployment_id="1", institution_id=number, seen_at=NOW),
        Context(id=number, deployment_id=number, context_id="2", title="Course"),
        ResourceLink(id=number, context_id=number, link_id="7", title="Innovatie"),
        Person(id=number, registration_id=number, subject="1", name=f"Teacher of {slug}"),
        _visit(number),
    ):
        db.add(row)
        db.flush()
    return Teacher(_visit_id(number), number, number, number)


def _registration(number: int, slug: str) -> Registration:
    lms = f"https://{slug}.example"
    return Registration(
        id=number,
        institution_id=number,
        issuer=lms,
        client_id="klimop",
        auth_login_url=f"{lms}/auth",
        token_url=f"{lms}/token",
        jwks_url=f"{lms}/jwks",
        registered_at=NOW,
    )


def _visit_id(number: int) -> str:
    return f"visit-{number:020}"


def _visit(number: int) -> Visit:
    return Visit(
        id=_visit_id(number),
        secret_hash="",
        has_cookie=True,
        person_id=number,
        institution_id=number,
        context_id=number,
        link_id=number,
        role="teacher",
        locale="en-GB",
        expires_at=NOW + timedelta(hours=12),
    )
