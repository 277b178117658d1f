"""How a cohort is run, as its team arranges it: when, how it counts, and with whom."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from content.schedule import Schedule
from lti_tool.lti.roles import Role
from lti_tool.services.gradebooks import columns
from lti_tool.services.study.learning import NotPlacedError, course_of
from lti_tool.storage.models import Cohort, Enrolment, Grading, Institution, Partner
from lti_tool.storage.rows import change

LONGEST_NAME = 100
MOST_POINTS = 1000


class ArrangedMeanwhileError(Exception):
    """Someone else changed the arrangement after it was shown."""


class InstitutionTakesPartError(Exception):
    """Institutions with learners in a cohort stay in it; `slugs` are those that were left out."""

    def __init__(self, slugs: frozenset[str]) -> None:
        super().__init__(sorted(slugs))
        self.slugs = slugs


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """Everything of a cohort that its team decides.

    `pass_share` is 0 to 1, None for no pass mark; marks are out of `maximum`; `institutions` are slugs.
    """

    name: str
    schedule: Schedule
    pass_share: float | None
    grading: Grading
    maximum: float
    institutions: frozenset[str]

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise ValueError("the name is empty or too long")
        if self.pass_share is not None and not 0 < self.pass_share <= 1:
            raise ValueError("the pass mark is no share")
        if not 0 < self.maximum <= MOST_POINTS:
            raise ValueError("the maximum is out of range")
        if not self.institutions:
            raise ValueError("a cohort needs an institution")

    @property
    def fingerprint(self) -> str:
        """Return what is equal for equal arrangements, and nothing else."""
        whole = _columns(self) | {"institutions": sorted(self.institutions)}
        return sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class PossiblePartner:
    """An institution that takes part, or could; one with learners stays."""

    slug: str
    name: str
    learners: int


def find_arrangement(db: Session, cohort_id: int | None) -> Arrangement:
    """Return how a cohort is arranged; raise `NotPlacedError` where there is none."""
    cohort = db.get(Cohort, cohort_id) if cohort_id is not None else None
    if cohort is None:
        raise NotPlacedError
    slugs = db.scalars(
        select(Institution.slug)
        .join(Partner, Partner.institution_id == Institution.id)
        .where(Partner.cohort_id == cohort.id)
    )
    return Arrangement(
        name=cohort.name,
        schedule=course_of(db, cohort).schedule,
        pass_share=cohort.pass_share,
        grading=cohort.grading,
        maximum=cohort.maximum,
        institutions=frozenset(slugs),
    )


def possible_partners(db: Session, cohort_id: int) -> tuple[PossiblePartner, ...]:
    """Return all institutions by name, with how many learners each has in the cohort, gone or not."""
    rows = db.execute(
        select(Institution.slug, Institution.name, func.count(Enrolment.id))
        .outerjoin(
            Enrolment,
            (Enrolment.institution_id == Institution.id)
            & (Enrolment.cohort_id == cohort_id)
            & (Enrolment.role == Role.LEARNER.value),
        )
        .group_by(Institution.id)
        .order_by(Institution.name, Institution.id)
    )
    return tuple(PossiblePartner(*row) for row in rows)


def arrange(db: Session, cohort_id: int, wanted: Arrangement, *, seen: str, now: datetime) -> None:
    """Change how a cohort is arranged, which was shown with the fingerprint `seen`.

    Raises `ArrangedMeanwhileError` and `InstitutionTakesPartError`, and then changes nothing.
    """
    cohort = db.get_one(Cohort, cohort_id, with_for_update=True, populate_existing=True)
    current = find_arrangement(db, cohort_id)
    if current.fingerprint != seen:
        raise ArrangedMeanwhileError
    _refuse_to_leave_out(db, cohort_id, current.institutions - wanted.institutions)
    change(cohort, **_columns(wanted))
    _share(db, cohort_id, current.institutions, wanted.institutions)
    if (current.grading, current.maximum) != (wanted.grading, wanted.maximum):
        db.flush()
        columns.plan_columns(db, cohort_id, now)


def _columns(arrangement: Arrangement) -> dict[str, Any]:
    schedule = arrangement.schedule
    return {
        "name": arrangement.name,
        "starts_on": schedule.starts_on,
        "weeks": schedule.weeks,
        "unlocks_weekly": schedule.unlocks_weekly,
        "has_due_dates": schedule.has_due_dates,
        "dates": {
            unit_id: {name: day.isoformat() for name, day in vars(chosen).items() if day}
            for unit_id, chosen in sorted(schedule.chosen.items())
        },
        "pass_share": arrangement.pass_share,
        "grading": arrangement.grading,
        "maximum": arrangement.maximum,
    }


def _refuse_to_leave_out(db: Session, cohort_id: int, slugs: frozenset[str]) -> None:
    with_learners = {one.slug for one in possible_partners(db, cohort_id) if one.learners}
    if staying := slugs & with_learners:
        raise InstitutionTakesPartError(staying)


def _share(db: Session, cohort_id: int, now_with: frozenset[str], wanted: frozenset[str]) -> None:
    ids = {row.slug: row.id for row in db.execute(select(Institution.slug, Institution.id))}
    for slug in sorted(wanted - now_with):
        db.add(Partner(cohort_id=cohort_id, institution_id=ids[slug]))
    gone = [ids[slug] for slug in now_with - wanted]
    db.execute(delete(Partner).where(Partner.cohort_id == cohort_id, Partner.institution_id.in_(gone)))
