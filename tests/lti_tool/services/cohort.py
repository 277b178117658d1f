"""A small cohort in the database: a teacher and some learners, without a platform."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.storage.models import (
    Cohort,
    Enrolment,
    Institution,
    ModuleVersion,
    Person,
    Programme,
    Registration,
)

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
TEACHER = 1


def add_cohort(db: Session, *, learners: int) -> None:
    """Add cohort 1 with its teacher as enrolment 1 and learners as 2, 3, …"""
    for rows in (
        [Institution(id=1, slug="ucll", name="UCLL", locale="nl"), Programme(id="him", document={})],
        [registration(), module_version()],
        [Cohort(id=1, slug="autumn", name="Autumn", module_version_id=1, starts_on=date(2026, 9, 21))],
    ):
        db.add_all(rows)
        db.flush()
    for number in range(1, learners + 2):
        add_enrolment(db, number, role=Role.TEACHER if number == TEACHER else Role.LEARNER)


def add_enrolment(db: Session, number: int, *, role: Role) -> Enrolment:
    db.add(Person(id=number, registration_id=1, subject=str(number)))
    db.flush()
    enrolment = Enrolment(
        id=number,
        cohort_id=1,
        person_id=number,
        institution_id=1,
        role=role.value,
        team_since=NOW if role is Role.TEACHER else None,
        launched_at=NOW,
    )
    db.add(enrolment)
    db.flush()
    return enrolment


def registration() -> Registration:
    return Registration(
        id=1,
        institution_id=1,
        issuer="https://lms.example",
        client_id="klimop",
        auth_login_url="https://lms.example/auth",
        token_url="https://lms.example/token",
        jwks_url="https://lms.example/jwks",
        registered_at=NOW,
    )


def module_version() -> ModuleVersion:
    return ModuleVersion(
        id=1,
        programme_id="him",
        module_id="care",
        version="1",
        document={},
        media={},
        digest="",
        published_at=NOW,
    )
