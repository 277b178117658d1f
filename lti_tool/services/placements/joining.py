"""The cohorts that a teacher may place: those shared with her institution, and one that she starts."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.module import Module
from lti_tool.lti.roles import Role
from lti_tool.services.cohorts import running
from lti_tool.services.launches import teams
from lti_tool.services.study.publishing import Published
from lti_tool.storage.models import (
    Cohort,
    Enrolment,
    Grading,
    Institution,
    ModuleVersion,
    Partner,
    Person,
    Visit,
)
from lti_tool.storage.rows import find_or_add

MONDAY = 0
MOST_WEEKS = 52
MOST_POINTS = 1000
LONGEST_NAME = 100
LONGEST_STEM = 48


class NoCohortError(Exception):
    """This cohort is not there, is closed, or is not open to this institution."""


@dataclass(frozen=True)
class Teacher:
    """Who places, of which institution and in which course, on a visit."""

    visit_id: str
    person_id: int
    institution_id: int
    context_id: int


@dataclass(frozen=True, kw_only=True)
class NewCohort:
    """A cohort to start; `institutions` are slugs of all that take part, `weeks` None as the module says."""

    name: str
    starts_on: date
    weeks: int | None
    institutions: tuple[str, ...]
    grading: Grading
    maximum: float

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise ValueError("the name is empty or too long")
        if self.starts_on.weekday() != MONDAY:
            raise ValueError("a cohort begins on a Monday")
        if self.weeks is not None and not 1 <= self.weeks <= MOST_WEEKS:
            raise ValueError("weeks are out of range")
        if not 0 < self.maximum <= MOST_POINTS:
            raise ValueError("the maximum is out of range")
        if not self.institutions:
            raise ValueError("a cohort needs an institution")


@dataclass(frozen=True, kw_only=True)
class OpenCohort:
    """A cohort that a teacher may place; `institutions` and `team` are names, sorted.

    She `leads` it where she is of its team, or would be its first.
    """

    slug: str
    name: str
    version_id: int
    starts_on: date
    weeks: int | None
    grading: Grading
    maximum: float
    institutions: tuple[str, ...]
    team: tuple[str, ...]
    leads: bool
    learners: int


def open_cohorts(db: Session, teacher: Teacher, *, module_id: str) -> tuple[OpenCohort, ...]:
    """Return the cohorts of a module that are shared with a teacher's institution, the latest first."""
    cohorts = db.scalars(
        select(Cohort)
        .join(Partner, Partner.cohort_id == Cohort.id)
        .join(ModuleVersion, Cohort.module_version_id == ModuleVersion.id)
        .where(
            Partner.institution_id == teacher.institution_id,
            ModuleVersion.module_id == module_id,
            Cohort.closed_at.is_(None),
        )
        .order_by(Cohort.starts_on.desc(), Cohort.slug)
    ).all()
    ids = [cohort.id for cohort in cohorts]
    institutions, leaders, learners = _institutions(db, ids), _leaders(db, ids), _learners(db, ids)
    return tuple(
        OpenCohort(
            slug=cohort.slug,
            name=cohort.name,
            version_id=cohort.module_version_id,
            starts_on=cohort.starts_on,
            weeks=cohort.weeks,
            grading=cohort.grading,
            maximum=cohort.maximum,
            institutions=tuple(institutions[cohort.id]),
            team=tuple(name for _id, name in leaders[cohort.id] if name),
            leads=not leaders[cohort.id] or teacher.person_id in dict(leaders[cohort.id]),
            learners=learners.get(cohort.id, 0),
        )
        for cohort in cohorts
    )


def known_institutions(db: Session) -> tuple[tuple[str, str], ...]:
    """Return the slug and name of every institution, by name."""
    rows = db.execute(select(Institution.slug, Institution.name).order_by(Institution.name))
    return tuple(rows.tuples())


def slug_of(module: Module, visit_id: str, ticket: str) -> str:
    """Return a slug that tells the module, and that is made on no other visit or by another ticket."""
    stem = re.sub("[^a-z0-9]+", "-", module.id.lower()).strip("-")[:LONGEST_STEM]
    return f"{stem}-{sha256(f'{visit_id} {ticket}'.encode()).hexdigest()[:8]}"


def start(
    db: Session, teacher: Teacher, published: Published, new: NewCohort, *, slug: str, now: datetime
) -> int:
    """Start a cohort whose team the teacher founds, once under this slug; return its id."""
    # Two clicks on one page wait for each other here.
    db.execute(select(Visit.id).where(Visit.id == teacher.visit_id).with_for_update())
    started = db.scalar(select(Cohort.id).where(Cohort.slug == slug))
    if started is not None:
        # Hers, by her first click; or somebody else's, of whom she learns nothing.
        if teacher.person_id not in {member.person_id for member in teams.team_of(db, started)}:
            raise running.CohortTakenError(slug)
        return started
    cohort_id = running.start_cohort(
        db,
        slug=slug,
        name=new.name,
        module_version_id=published.version_id,
        starts_on=new.starts_on,
        weeks=new.weeks,
        institutions=new.institutions,
    )
    cohort = db.get_one(Cohort, cohort_id)
    cohort.grading, cohort.maximum = new.grading, new.maximum
    _found(db, teacher, cohort_id, now)
    return cohort_id


def join(db: Session, teacher: Teacher, slug: str, now: datetime) -> int:
    """Bring a teacher into a cohort that is open to her institution; return its id.

    Its team may admit her; where it has none, she is the first. Raises `NoCohortError`.
    """
    cohort_id = db.scalar(
        select(Cohort.id)
        .join(Partner, Partner.cohort_id == Cohort.id)
        .where(
            Cohort.slug == slug,
            Partner.institution_id == teacher.institution_id,
            Cohort.closed_at.is_(None),
        )
    )
    if cohort_id is None:
        raise NoCohortError
    if teams.lacks_team(db, cohort_id):
        _found(db, teacher, cohort_id, now)
        return cohort_id
    find_or_add(
        db,
        Enrolment,
        keys={"cohort_id": cohort_id, "person_id": teacher.person_id},
        institution_id=teacher.institution_id,
        context_id=teacher.context_id,
        role=Role.TEACHER.value,
    )
    return cohort_id


def _found(db: Session, teacher: Teacher, cohort_id: int, now: datetime) -> None:
    teams.join_as_founder(db, cohort_id, teacher.person_id, teacher.institution_id, teacher.context_id, now)


def _institutions(db: Session, cohort_ids: Collection[int]) -> Mapping[int, list[str]]:
    rows = db.execute(
        select(Partner.cohort_id, Institution.name)
        .join(Institution, Partner.institution_id == Institution.id)
        .where(Partner.cohort_id.in_(cohort_ids))
        .order_by(Institution.name)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for cohort_id, name in rows:
        names[cohort_id].append(name)
    return names


def _leaders(db: Session, cohort_ids: Collection[int]) -> Mapping[int, list[tuple[int, str | None]]]:
    """Return the id and name of each teacher of a cohort's team."""
    rows = db.execute(
        select(Enrolment.cohort_id, Person.id, Person.name)
        .join(Person, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.role == Role.TEACHER.value,
            Enrolment.team_since.is_not(None),
        )
        .order_by(Person.name, Person.id)
    )
    leaders: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
    for cohort_id, person_id, name in rows:
        leaders[cohort_id].append((person_id, name))
    return leaders


def _learners(db: Session, cohort_ids: Collection[int]) -> dict[int, int]:
    rows = db.execute(
        select(Enrolment.cohort_id, func.count())
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.role == Role.LEARNER.value,
            Enrolment.left_at.is_(None),
        )
        .group_by(Enrolment.cohort_id)
    )
    return dict(rows.tuples().all())
