"""What the demo holds when it is first opened: the six institutions, both programmes and a cohort of each."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.loader import load_module, load_programme
from lti_tool.demo.courses import FACILITATION_COHORT, MANAGEMENT_COHORT
from lti_tool.demo.institutions import INSTITUTIONS, UCLL
from lti_tool.demo.lms import Lms
from lti_tool.demo.people import PEOPLE, Kind
from lti_tool.demo.people import Person as Account
from lti_tool.lti.roles import Role
from lti_tool.services.agendas.sources import connect_address
from lti_tool.services.cohorts import running
from lti_tool.services.platforms import operating, registering
from lti_tool.services.study import publishing
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, Enrolment, Institution, Person
from lti_tool.storage.rows import find_or_add
from lti_tool.storage.vault import Vault

LIBRARY = Path(__file__).parents[2] / "content" / "library"
MANAGEMENT = LIBRARY / "health-innovation-management"
FACILITATION = LIBRARY / "health-innovation-facilitation"
COHORTS = (
    (MANAGEMENT_COHORT[1], "Najaar", MANAGEMENT / "leading-care-innovation"),
    (FACILITATION_COHORT[1], "Najaar", FACILITATION / "start-with-the-user"),
)
# The first managers connect their agendas themselves, so that a visitor can see how that goes.
LEFT_OUT = 2
# Its administrator looks after Klimop itself too.
OPERATORS = UCLL


def first_monday(today: date) -> date:
    """Return the Monday on which the demo's cohorts began: they are in their second week."""
    return today - timedelta(days=today.weekday() + 7)


def is_seeded(db: Session) -> bool:
    return db.scalar(select(Cohort.id).limit(1)) is not None


def seed(
    database: Database, vault: Vault, lmses: Iterable[Lms], data_dir: Path, campus_url: str, now: datetime
) -> None:
    """Fill an empty database, whole or not at all."""
    modules = [load_module(folder) for _, _, folder in COHORTS]
    media = [
        publishing.store_media(module, folder, data_dir)
        for module, (_, _, folder) in zip(modules, COHORTS, strict=True)
    ]
    with database.begin() as db:
        registrations = {lms.slug: _register(db, lms, now) for lms in lmses}
        for programme in (MANAGEMENT, FACILITATION):
            publishing.publish_programme(db, load_programme(programme))
        for module, files, (slug, name, folder) in zip(modules, media, COHORTS, strict=True):
            version_id = publishing.publish_module(
                db, module, files, programme_id=folder.parent.name, now=now
            )
            running.start_cohort(
                db,
                slug=slug,
                name=name,
                module_version_id=version_id,
                starts_on=first_monday(now.date()),
                institutions=[institution.slug for institution in INSTITUTIONS],
            )
        _enrol_people(db, vault, registrations, campus_url, now)
        _appoint_operator(db, registrations, now)


def _register(db: Session, lms: Lms, now: datetime) -> int:
    institution = lms.institution
    registering.add_institution(
        db, slug=institution.slug, name=institution.name, locale=institution.locale[:2]
    )
    return registering.register_platform(
        db,
        registering.NewRegistration(
            institution=institution.slug,
            issuer=lms.issuer,
            client_id=lms.client_id,
            auth_login_url=lms.auth_login_url,
            token_url=lms.token_url,
            jwks_url=lms.jwks_url,
            deployment_id=lms.deployment_id,
            token_audience=lms.institution.token_audience or None,
            family=lms.institution.family.value,
            scopes=tuple(sorted(lms.scopes)),
        ),
        now,
    )


def _enrol_people(
    db: Session, vault: Vault, registrations: dict[str, int], campus_url: str, now: datetime
) -> None:
    cohort = db.scalars(select(Cohort).where(Cohort.slug == MANAGEMENT_COHORT[1])).one()
    institutions = {row.slug: row.id for row in db.scalars(select(Institution))}
    managers = [account for account in PEOPLE if account.kind is Kind.MANAGER]
    teachers = [account for account in PEOPLE if account.kind is Kind.TEACHER]
    for account in (*teachers, *managers):
        person = _person(db, registrations, account)
        is_teacher, has_come = account.kind is Kind.TEACHER, account not in managers[:LEFT_OUT]
        find_or_add(
            db,
            Enrolment,
            keys={"cohort_id": cohort.id, "person_id": person.id},
            role=(Role.TEACHER if is_teacher else Role.LEARNER).value,
            institution_id=institutions[account.institution.slug],
            employer=account.employer or None,
            team_since=now if is_teacher else None,
            launched_at=now if has_come else None,
        )
        if has_come and (not is_teacher or account == teachers[0]):
            connect_address(db, vault, person.id, f"{campus_url}/agendas/{account.slug}.ics", now)


def _appoint_operator(db: Session, registrations: dict[str, int], now: datetime) -> None:
    administrator = next(
        account
        for account in PEOPLE
        if account.institution == OPERATORS and account.kind is Kind.ADMINISTRATOR
    )
    operating.grant(db, _person(db, registrations, administrator).id, now)


def _person(db: Session, registrations: dict[str, int], account: Account) -> Person:
    keys = {"registration_id": registrations[account.institution.slug], "subject": account.sub}
    return find_or_add(db, Person, keys=keys, name=account.name)
