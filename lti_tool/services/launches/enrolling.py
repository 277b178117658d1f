"""Taking part in a cohort, through the course that someone launches from."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.services.gradebooks import grading
from lti_tool.services.launches import teams
from lti_tool.services.live import planning
from lti_tool.storage.known import Known
from lti_tool.storage.models import Cohort, Enrolment, Partner
from lti_tool.storage.rows import change, find_or_add

MAX_EMPLOYER = 200


@dataclass(frozen=True)
class Newcomer:
    """Who comes in to which cohort, through which course of which institution, and as what."""

    cohort_id: int
    person_id: int
    institution_id: int
    context_id: int
    role: Role


def is_open(db: Session, cohort_id: int, institution_id: int) -> bool:
    """Return whether a cohort runs and is shared with an institution."""
    query = (
        select(Cohort.id)
        .join(Partner, Partner.cohort_id == Cohort.id)
        .where(Cohort.id == cohort_id, Cohort.closed_at.is_(None), Partner.institution_id == institution_id)
    )
    return db.scalar(query) is not None


def keep_enrolment(db: Session, who: Newcomer, known: Known, employer: str, now: datetime) -> None:
    """Enrol someone, or bring what is known of her up to date; nothing where it is."""
    employer = employer.strip()[:MAX_EMPLOYER] or (known.enrolment_employer or "")
    if not _is_news(who, known, employer):
        return
    keys = {"cohort_id": who.cohort_id, "person_id": who.person_id}
    first = {"institution_id": who.institution_id, "context_id": who.context_id, "role": who.role.value}
    is_founder = who.role is Role.TEACHER and teams.lacks_team(db, who.cohort_id)
    is_known = db.scalar(select(Enrolment.id).filter_by(**keys)) is not None
    enrolment = find_or_add(db, Enrolment, keys=keys, **first)
    if who.role is Role.TEACHER:
        # A teacher who looks as a student does not become one; a learner who comes to teach does.
        change(enrolment, role=Role.TEACHER.value)
    elif not is_known:
        planning.seat_newcomer(db, enrolment, now)
    # A cohort that was started on the command line is led by the first teacher who comes.
    if is_founder:
        enrolment.team_since = now
    has_come = enrolment.context_id != who.context_id or enrolment.left_at is not None
    change(
        enrolment,
        institution_id=who.institution_id,
        context_id=who.context_id,
        employer=employer or enrolment.employer,
        # A roster that was read before she came does not tell that she is gone.
        launched_at=now if has_come else enrolment.launched_at or now,
        left_at=None,
    )
    if has_come:
        # The course's columns may have come while she was away.
        db.flush()
        grading.queue_scores(db, enrolment.id, now)


def _is_news(who: Newcomer, known: Known, employer: str) -> bool:
    """Return whether the launch tells something about the enrolment that is not known."""
    if known.enrolment_id is None or known.link_cohort_id != who.cohort_id:
        return True
    held = (known.enrolment_institution_id, known.enrolment_context_id, known.enrolment_employer or "")
    if held != (who.institution_id, who.context_id, employer):
        return True
    if who.role is Role.TEACHER and known.enrolment_role != Role.TEACHER.value:
        return True
    return known.enrolment_launched_at is None or known.enrolment_left_at is not None
