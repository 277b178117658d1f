"""From what a platform tells of a course's members to people and enrolments.

Who is new appears before her first launch; who left keeps her work and is counted no longer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lti_tool.lti.nrps import Member, MemberStatus
from lti_tool.lti.roles import Role
from lti_tool.services.cohorts.rhythm import next_look
from lti_tool.services.courses.rosters import Read, RosterTask
from lti_tool.services.gradebooks import grading
from lti_tool.services.launches import discriminating
from lti_tool.services.live import planning
from lti_tool.services.platforms.calling import REFUSED_AGAIN_AFTER, Refused, Waiting
from lti_tool.storage import work
from lti_tool.storage.models import Context, Deployment, Discriminator, Enrolment, Person, Roster
from lti_tool.storage.rows import add_all_if_absent, change

WHOLE_EVERY = timedelta(days=1)
DIFFERENCES_EVERY = timedelta(hours=1)
ENROLLED_ROLES = (Role.LEARNER, Role.TEACHER)
MAX_TEXT = 200
# As many values as any database takes in one statement.
CHUNK = 500


@dataclass(frozen=True)
class _Course:
    """The course whose roster it is, and the institution of those in it of whom nothing else is told."""

    roster: Roster
    registration_id: int
    label: str
    institution_id: int
    is_shared: bool


def record_sync(db: Session, task: RosterTask, outcome: Read | Waiting | Refused, now: datetime) -> None:
    """Bring people and enrolments up to date with what was read; a roster asked for meanwhile stays due."""
    row = work.find_locked(db, Roster, task.roster_id)
    if row is None:
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
        _keep_members(db, _course(db, row), outcome, task, now)
        row.synced_at, row.failure = now, None
        row.differences_url = outcome.roster.differences_url or None
        every = DIFFERENCES_EVERY if row.differences_url else WHOLE_EVERY
        next_time = next_look(db, row.cohort_id, now, every=every)
    work.finish(row, due_at=row.due_at if is_asked_anew else next_time)


def _course(db: Session, row: Roster) -> _Course:
    label, registration_id, institution_id, is_shared = (
        db.execute(
            select(
                Context.label,
                Deployment.registration_id,
                Deployment.institution_id,
                exists().where(Discriminator.registration_id == Deployment.registration_id),
            )
            .join(Deployment, Deployment.id == Context.deployment_id)
            .where(Context.id == row.context_id)
        )
        .tuples()
        .one()
    )
    return _Course(row, registration_id, label, institution_id, is_shared)


def _keep_members(db: Session, course: _Course, read: Read, task: RosterTask, now: datetime) -> None:
    known = _enrolments(db, course)
    takes_part = {member.subject: member for member in read.roster.members if _takes_part(member)}
    newcomers = [member for subject, member in takes_part.items() if subject not in known]
    _enrol(db, course, newcomers)
    known = _enrolments(db, course) if newcomers else known
    welcome = [
        enrolment
        for subject, (enrolment, person) in known.items()
        if subject in takes_part
        and _keep_member(course, enrolment, person, takes_part[subject], read.group_names)
    ]
    _welcome(db, course, welcome, now)
    gone = {member.subject for member in read.roster.members} - takes_part.keys()
    if read.is_whole:
        gone |= known.keys() - takes_part.keys()
    for subject in sorted(gone & known.keys()):
        _let_go(course, known[subject][0], task, now)


def _takes_part(member: Member) -> bool:
    return member.status is MemberStatus.ACTIVE and member.role in ENROLLED_ROLES


def _enrolments(db: Session, course: _Course) -> Mapping[str, tuple[Enrolment, Person]]:
    """Return the cohort's enrolments of this platform's people, by subject; nobody else changes them now."""
    rows = db.execute(
        select(Person.subject, Enrolment, Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == course.roster.cohort_id, Person.registration_id == course.registration_id
        )
        .order_by(Enrolment.id)
        .with_for_update(of=Enrolment, key_share=True),
        execution_options={"populate_existing": True},
    )
    return {subject: (enrolment, person) for subject, enrolment, person in rows}


def _enrol(db: Session, course: _Course, newcomers: Sequence[Member]) -> None:
    """Add people and enrolments; a launch that adds the same at this moment does no harm."""
    db.flush()
    subjects = [member.subject for member in newcomers]
    accounts = [{"registration_id": course.registration_id, "subject": subject} for subject in subjects]
    add_all_if_absent(db, Person, accounts)
    people = _people(db, course.registration_id, subjects)
    enrolments: list[dict[str, object]] = [
        {
            "cohort_id": course.roster.cohort_id,
            "person_id": people[member.subject],
            "institution_id": _institution(db, course, member),
            "role": member.role.value,
            "groups": [],
        }
        for member in newcomers
    ]
    add_all_if_absent(db, Enrolment, enrolments)


def _people(db: Session, registration_id: int, subjects: Sequence[str]) -> Mapping[str, int]:
    ids: dict[str, int] = {}
    for chunk in _chunks(subjects):
        query = select(Person.subject, Person.id).where(
            Person.registration_id == registration_id, Person.subject.in_(chunk)
        )
        ids |= dict(db.execute(query).tuples().all())
    return ids


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def _institution(db: Session, course: _Course, member: Member) -> int:
    if not course.is_shared:
        return course.institution_id
    return discriminating.find_institution(
        db,
        course.registration_id,
        custom=member.custom,
        email_domain=member.person.email.rpartition("@")[2],
        course_label=course.label,
        otherwise=course.institution_id,
    )


def _keep_member(
    course: _Course,
    enrolment: Enrolment,
    person: Person,
    member: Member,
    group_names: Mapping[str, str] | None,
) -> bool:
    """Bring one enrolment up to date; return whether she is new here, or back.

    Whoever takes part through another course stays there.
    """
    change(person, name=_name(member) or person.name)
    is_new = enrolment.context_id is None or enrolment.left_at is not None
    if is_new:
        change(enrolment, context_id=course.roster.context_id, left_at=None)
    if enrolment.context_id != course.roster.context_id:
        return False
    # A roster makes nobody a learner again: a teacher may be both.
    if member.role is Role.TEACHER:
        change(enrolment, role=Role.TEACHER.value)
    employer = member.custom.get("employer", "").strip()[:MAX_TEXT]
    change(enrolment, employer=employer or enrolment.employer)
    if group_names is not None:
        named = (group_names[group] for group in member.groups if group in group_names)
        change(enrolment, groups=sorted(named))
    return is_new


def _welcome(db: Session, course: _Course, enrolments: Sequence[Enrolment], now: datetime) -> None:
    """Give who is new here, or back, a place in the live sessions, and her marks to this course's columns."""
    db.flush()
    has_sessions = planning.has_sessions_ahead(db, course.roster.cohort_id, now)
    for enrolment in enrolments:
        if has_sessions and enrolment.role == Role.LEARNER.value:
            planning.seat_newcomer(db, enrolment, now)
        if enrolment.launched_at is not None:
            grading.queue_scores(db, enrolment.id, now)


def _let_go(course: _Course, enrolment: Enrolment, task: RosterTask, now: datetime) -> None:
    """Note that someone left, unless she came in after the roster was read, or through another course."""
    is_newer = enrolment.launched_at is not None and enrolment.launched_at >= task.begun_at
    if enrolment.context_id == course.roster.context_id and enrolment.left_at is None and not is_newer:
        enrolment.left_at = now


def _name(member: Member) -> str:
    told = member.person
    return (told.name or f"{told.given_name} {told.family_name}").strip()[:MAX_TEXT]
