"""From what a platform tells of a course's members to people and enrolments.

Who is new appears before her first launch; who left keeps her work and is counted no longer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lti_tool.lti.nrps import Member, MemberStatus
from lti_tool.lti.roles import Role
from lti_tool.services.cohorts.rhythm import next_look
from lti_tool.services.courses.newcomers import Course, enrol, enrolments_of, find_course
from lti_tool.services.courses.rosters import Read, RosterTask
from lti_tool.services.gradebooks import grading
from lti_tool.services.live import planning
from lti_tool.services.platforms.calling import REFUSED_AGAIN_AFTER, Refused, Waiting
from lti_tool.storage import work
from lti_tool.storage.models import Enrolment, Roster
from lti_tool.storage.rows import change

WHOLE_EVERY = timedelta(days=1)
DIFFERENCES_EVERY = timedelta(hours=1)
ENROLLED_ROLES = (Role.LEARNER, Role.TEACHER)
MAX_EMPLOYER = 200


def record_sync(db: Session, task: RosterTask, outcome: Read | Waiting | Refused, now: datetime) -> None:
    """Bring people and enrolments up to date with what was read; a roster asked for meanwhile stays due.

    That of a course or an institution that left the cohort is forgotten; a launch brings it back.
    """
    row = work.find_locked(db, Roster, task.roster_id)
    if row is None:
        return
    course = find_course(db, row)
    if not course.partners:
        db.delete(row)
        return
    if isinstance(outcome, Waiting):
        row.failure = outcome.cause
        work.postpone(row, now, at_least=outcome.wait)
        return
    is_asked_anew = row.due_at != task.due_at
    if isinstance(outcome, Refused):
        row.failure = outcome.code
        next_time: datetime | None = now + REFUSED_AGAIN_AFTER
    else:
        _keep_members(db, course, outcome, task, now)
        row.synced_at, row.failure = now, None
        row.differences_url = outcome.roster.differences_url or None
        every = DIFFERENCES_EVERY if row.differences_url else WHOLE_EVERY
        next_time = next_look(db, row.cohort_id, now, every=every)
    work.finish(row, due_at=row.due_at if is_asked_anew else next_time)


def _keep_members(db: Session, course: Course, read: Read, task: RosterTask, now: datetime) -> None:
    takes_part = {member.subject: member for member in read.roster.members if _takes_part(member)}
    enrol(db, course, takes_part)
    known = enrolments_of(db, course)
    welcome = [
        enrolment
        for subject, enrolment in known.items()
        if subject in takes_part and _keep_member(course, enrolment, takes_part[subject], read.group_names)
    ]
    _welcome(db, course, welcome, now)
    gone = {member.subject for member in read.roster.members} - takes_part.keys()
    if read.is_whole:
        gone |= known.keys() - takes_part.keys()
    for subject in sorted(gone & known.keys()):
        _let_go(course, known[subject], task, now)


def _takes_part(member: Member) -> bool:
    return member.status is MemberStatus.ACTIVE and member.role in ENROLLED_ROLES


def _keep_member(
    course: Course,
    enrolment: Enrolment,
    member: Member,
    group_names: Mapping[str, str] | None,
) -> bool:
    """Bring one enrolment up to date; return whether she is new here, or back.

    Whoever takes part through another course stays there.
    """
    is_new = enrolment.context_id is None or enrolment.left_at is not None
    if is_new:
        change(enrolment, context_id=course.roster.context_id, left_at=None)
    if enrolment.context_id != course.roster.context_id:
        return False
    # A roster makes nobody a learner again: a teacher may be both.
    if member.role is Role.TEACHER:
        change(enrolment, role=Role.TEACHER.value)
    employer = member.custom.get("employer", "").strip()[:MAX_EMPLOYER]
    change(enrolment, employer=employer or enrolment.employer)
    if group_names is not None:
        named = (group_names[group] for group in member.groups if group in group_names)
        change(enrolment, groups=sorted(named))
    return is_new


def _welcome(db: Session, course: Course, enrolments: Sequence[Enrolment], now: datetime) -> None:
    """Give who is new here, or back, a place in the live sessions, and her marks to this course's columns."""
    db.flush()
    has_sessions = planning.has_sessions_ahead(db, course.roster.cohort_id, now)
    for enrolment in enrolments:
        if has_sessions and enrolment.role == Role.LEARNER.value:
            planning.seat_newcomer(db, enrolment, now)
        if enrolment.launched_at is not None:
            grading.queue_scores(db, enrolment.id, now)


def _let_go(course: Course, enrolment: Enrolment, task: RosterTask, now: datetime) -> None:
    """Note that someone left, unless she came in after the roster was read, or through another course."""
    is_newer = enrolment.launched_at is not None and enrolment.launched_at >= task.begun_at
    if enrolment.context_id == course.roster.context_id and enrolment.left_at is None and not is_newer:
        enrolment.left_at = now
