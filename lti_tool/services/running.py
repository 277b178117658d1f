"""Cohorts: runs of a module version, shared by institutions."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.storage.models import Cohort, Institution, Partner

MONDAY = 0


def start_cohort(
    db: Session,
    *,
    slug: str,
    name: str,
    module_version_id: int,
    starts_on: date,
    institutions: Iterable[str],
) -> int:
    """Add a cohort that begins on a Monday, open to the institutions of these slugs; return its id."""
    if starts_on.weekday() != MONDAY:
        raise ValueError("a cohort begins on a Monday")
    cohort = Cohort(slug=slug, name=name, module_version_id=module_version_id, starts_on=starts_on)
    db.add(cohort)
    db.flush()
    for institution_id in db.scalars(select(Institution.id).where(Institution.slug.in_(list(institutions)))):
        db.add(Partner(cohort_id=cohort.id, institution_id=institution_id))
    return cohort.id
