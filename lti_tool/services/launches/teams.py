"""A cohort's team: the teachers who lead it, and those who ask to be let in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.storage.models import Cohort, Enrolment, Institution, Person
from lti_tool.storage.rows import change, find_or_add


class NoCandidateError(Exception):
    """Nobody of this enrolment waits to be let into this cohort's team."""


@dataclass(frozen=True)
class Candidate:
    """A teacher who came in through a course of an invited institution, and is not of the team yet."""

    enrolment_id: int
    name: str | None
    institution: str


@dataclass(frozen=True)
class TeamMember:
    """A teacher who leads a cohort."""

    enrolment_id: int
    person_id: int
    name: str | None
    institution: str
    since: datetime


def candidates(db: Session, cohort_id: int) -> tuple[Candidate, ...]:
    """Return who waits to be let in, by name."""
    rows = db.execute(
        select(Enrolment.id, Person.name, Institution.name)
        .join(Person, Enrolment.person_id == Person.id)
        .join(Institution, Enrolment.institution_id == Institution.id)
        .where(*_teachers_of(cohort_id), Enrolment.team_since.is_(None), Enrolment.left_at.is_(None))
        .order_by(Person.name, Enrolment.id)
    )
    return tuple(Candidate(*row) for row in rows)


def team_of(db: Session, cohort_id: int) -> tuple[TeamMember, ...]:
    """Return who leads a cohort, the first of them first."""
    rows = db.execute(
        select(Enrolment.id, Person.id, Person.name, Institution.name, Enrolment.team_since)
        .join(Person, Enrolment.person_id == Person.id)
        .join(Institution, Enrolment.institution_id == Institution.id)
        .where(*_teachers_of(cohort_id), Enrolment.team_since.is_not(None))
        .order_by(Enrolment.team_since, Enrolment.id)
    )
    return tuple(TeamMember(*row) for row in rows)


def has_team(db: Session, cohort_id: int) -> bool:
    query = select(Enrolment.id).where(*_teachers_of(cohort_id), Enrolment.team_since.is_not(None))
    return db.scalar(query.limit(1)) is not None


def lacks_team(db: Session, cohort_id: int) -> bool:
    """Return whether nobody leads a cohort; then nobody else founds its team until this transaction ends.

    Call it before anything of the cohort is written, as whoever changes its columns locks it first.
    """
    if has_team(db, cohort_id):
        return False
    db.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update(key_share=True))
    return not has_team(db, cohort_id)


def admit(db: Session, cohort_id: int, enrolment_id: int, now: datetime) -> None:
    """Let a teacher into the team; twice is as good as once. Raises `NoCandidateError`."""
    teacher = db.scalar(select(Enrolment).where(*_teachers_of(cohort_id), Enrolment.id == enrolment_id))
    if teacher is None:
        raise NoCandidateError
    if teacher.team_since is None:
        teacher.team_since = now


def join_as_founder(
    db: Session, cohort_id: int, person_id: int, institution_id: int, context_id: int, now: datetime
) -> int:
    """Enrol the teacher who started a cohort as the first of its team; return the enrolment's id."""
    enrolment = find_or_add(
        db,
        Enrolment,
        keys={"cohort_id": cohort_id, "person_id": person_id},
        role=Role.TEACHER.value,
        institution_id=institution_id,
        context_id=context_id,
        launched_at=now,
    )
    change(enrolment, role=Role.TEACHER.value, team_since=enrolment.team_since or now)
    return enrolment.id


def _teachers_of(cohort_id: int) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.cohort_id == cohort_id, Enrolment.role == Role.TEACHER.value
