"""Cohorts: runs of a module version, shared by institutions."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, select, update
from sqlalchemy.orm import Session

from content.schedule import MONDAY, MOST_WEEKS
from content.text import Text
from lti_tool.lti.roles import Role
from lti_tool.services.platforms.registering import NoInstitutionError
from lti_tool.services.study.publishing import find_published
from lti_tool.storage.models import Cohort, Enrolment, Institution, ModuleVersion, Partner

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class CohortTakenError(Exception):
    """There is a cohort of this slug already."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class NoModuleError(Exception):
    """No such module version is published; `published` lists (module id, version) of those that are."""

    def __init__(self, published: tuple[tuple[str, str], ...]) -> None:
        super().__init__(published)
        self.published = published


class NotOfTheTeamError(Exception):
    """Only its own team reopens a cohort."""


@dataclass(frozen=True)
class EndedCohort:
    """A cohort that was closed, as its team finds it back."""

    cohort_id: int
    name: str
    module: Text
    closed_at: datetime


@dataclass(frozen=True)
class CohortRow:
    """A cohort as an operator knows it; `institutions` are slugs."""

    slug: str
    name: str
    module: str
    version: str
    starts_on: date
    institutions: tuple[str, ...]


def find_version(db: Session, module_id: str, version: str | None = None) -> int:
    """Return the id of a module's version, the one published last by default; or raise `NoModuleError`."""
    rows = db.execute(
        select(ModuleVersion.module_id, ModuleVersion.version, ModuleVersion.id).order_by(
            ModuleVersion.module_id, ModuleVersion.published_at, ModuleVersion.id
        )
    ).all()
    found = [row.id for row in rows if row.module_id == module_id and version in (None, row.version)]
    if not found:
        raise NoModuleError(tuple((row.module_id, row.version) for row in rows))
    return int(found[-1])


def start_cohort(
    db: Session,
    *,
    slug: str,
    name: str,
    module_version_id: int,
    starts_on: date,
    weeks: int | None = None,
    institutions: Collection[str],
) -> int:
    """Add a cohort that begins on a Monday, open to the institutions of these slugs; return its id.

    It runs for as many weeks as its module says where no other number is given. Raises `ValueError` for what
    no cohort can be, `CohortTakenError`, and `NoInstitutionError`.
    """
    _refuse_nonsense(slug, name, starts_on, weeks, institutions)
    if db.scalar(select(Cohort.id).where(Cohort.slug == slug)) is not None:
        raise CohortTakenError(slug)
    cohort = Cohort(
        slug=slug, name=name, module_version_id=module_version_id, starts_on=starts_on, weeks=weeks
    )
    db.add(cohort)
    db.flush()
    for institution_id in _institution_ids(db, institutions):
        db.add(Partner(cohort_id=cohort.id, institution_id=institution_id))
    return cohort.id


def close_cohort(db: Session, cohort_id: int, now: datetime) -> None:
    """End a cohort: its links open nothing any more, and everything that was done in it is kept."""
    db.execute(update(Cohort).where(Cohort.id == cohort_id, Cohort.closed_at.is_(None)).values(closed_at=now))


def reopen_cohort(db: Session, cohort_id: int, person_id: int) -> None:
    """Let a cohort's links open again; raise `NotOfTheTeamError` for who does not lead it."""
    if db.scalar(_led_by(person_id).where(Cohort.id == cohort_id)) is None:
        raise NotOfTheTeamError
    db.execute(update(Cohort).where(Cohort.id == cohort_id).values(closed_at=None))


def ended_cohorts_of(db: Session, person_id: int) -> tuple[EndedCohort, ...]:
    """Return the closed cohorts that a person leads, the last one first."""
    rows = db.execute(
        _led_by(person_id)
        .where(Cohort.closed_at.is_not(None))
        .order_by(Cohort.closed_at.desc(), Cohort.id)
        .with_only_columns(Cohort.id, Cohort.name, Cohort.closed_at, Cohort.module_version_id)
    )
    return tuple(
        EndedCohort(cohort_id, name, find_published(db, version_id).module.title, closed_at)
        for cohort_id, name, closed_at, version_id in rows
    )


def list_cohorts(db: Session) -> list[CohortRow]:
    """Return all cohorts, the earliest first."""
    cohorts = db.execute(
        select(Cohort, ModuleVersion.module_id, ModuleVersion.version)
        .join(ModuleVersion, Cohort.module_version_id == ModuleVersion.id)
        .order_by(Cohort.starts_on, Cohort.slug)
    )
    partners = db.execute(
        select(Partner.cohort_id, Institution.slug)
        .join(Institution, Partner.institution_id == Institution.id)
        .order_by(Institution.slug)
    ).all()
    return [
        CohortRow(
            slug=cohort.slug,
            name=cohort.name,
            module=module_id,
            version=version,
            starts_on=cohort.starts_on,
            institutions=tuple(slug for cohort_id, slug in partners if cohort_id == cohort.id),
        )
        for cohort, module_id, version in cohorts
    ]


def _refuse_nonsense(
    slug: str, name: str, starts_on: date, weeks: int | None, institutions: Collection[str]
) -> None:
    if not SLUG.fullmatch(slug):
        raise ValueError(f"the slug {slug!r} is not of lower-case letters, digits and hyphens")
    if not name.strip():
        raise ValueError("the name is empty")
    if starts_on.weekday() != MONDAY:
        raise ValueError(f"{starts_on} is not a Monday, and a cohort begins on one")
    if weeks is not None and not 1 <= weeks <= MOST_WEEKS:
        raise ValueError(f"a cohort runs for 1 to {MOST_WEEKS} weeks, not {weeks}")
    if not institutions:
        raise ValueError("a cohort needs an institution")


def _led_by(person_id: int) -> Select[tuple[int]]:
    return (
        select(Cohort.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(
            Partner,
            and_(Partner.cohort_id == Cohort.id, Partner.institution_id == Enrolment.institution_id),
        )
        .where(
            Enrolment.person_id == person_id,
            Enrolment.role == Role.TEACHER.value,
            Enrolment.team_since.is_not(None),
        )
    )


def _institution_ids(db: Session, slugs: Collection[str]) -> list[int]:
    known = {row.slug: row.id for row in db.execute(select(Institution.slug, Institution.id))}
    for slug in slugs:
        if slug not in known:
            raise NoInstitutionError(slug)
    return sorted({known[slug] for slug in slugs})
