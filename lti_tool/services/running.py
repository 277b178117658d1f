"""Cohorts: runs of a module version, shared by institutions."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.registering import NoInstitutionError
from lti_tool.storage.models import Cohort, Institution, ModuleVersion, Partner

MONDAY = 0
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
    institutions: Collection[str],
) -> int:
    """Add a cohort that begins on a Monday, open to the institutions of these slugs; return its id.

    Raises `ValueError` for what no cohort can be, `CohortTakenError`, and `NoInstitutionError`.
    """
    _refuse_nonsense(slug, name, starts_on, institutions)
    if db.scalar(select(Cohort.id).where(Cohort.slug == slug)) is not None:
        raise CohortTakenError(slug)
    cohort = Cohort(slug=slug, name=name, module_version_id=module_version_id, starts_on=starts_on)
    db.add(cohort)
    db.flush()
    for institution_id in _institution_ids(db, institutions):
        db.add(Partner(cohort_id=cohort.id, institution_id=institution_id))
    return cohort.id


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


def _refuse_nonsense(slug: str, name: str, starts_on: date, institutions: Collection[str]) -> None:
    if not SLUG.fullmatch(slug):
        raise ValueError(f"the slug {slug!r} is not of lower-case letters, digits and hyphens")
    if not name.strip():
        raise ValueError("the name is empty")
    if starts_on.weekday() != MONDAY:
        raise ValueError(f"{starts_on} is not a Monday, and a cohort begins on one")
    if not institutions:
        raise ValueError("a cohort needs an institution")


def _institution_ids(db: Session, slugs: Collection[str]) -> list[int]:
    known = {row.slug: row.id for row in db.execute(select(Institution.slug, Institution.id))}
    for slug in slugs:
        if slug not in known:
            raise NoInstitutionError(slug)
    return sorted({known[slug] for slug in slugs})
