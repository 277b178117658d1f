"""People and enrolments for those whom a platform tells of, before they launch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.lti.nrps import Member
from lti_tool.services.launches import discriminating
from lti_tool.storage.models import (
    Context,
    Deployment,
    Discriminator,
    Enrolment,
    Partner,
    Person,
    ResourceLink,
    Roster,
)
from lti_tool.storage.rows import add_all_if_absent, change

Taken = TypeVar("Taken", bound=tuple[object, ...])

MAX_NAME = 200
# As many values as any database takes in one statement.
CHUNK = 500


@dataclass(frozen=True)
class Course:
    """The course whose roster it is, and the institution of those in it of whom nothing else is told.

    `partners` are those of its LMS's institutions that take part in the cohort: none once no link of the
    course opens it.
    """

    roster: Roster
    registration_id: int
    label: str
    institution_id: int
    is_shared: bool
    partners: frozenset[int]


def find_course(db: Session, row: Roster) -> Course:
    """Return the course of a roster."""
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
    partners = _partners(db, row, registration_id, institution_id)
    return Course(row, registration_id, label, institution_id, is_shared, partners)


def _partners(db: Session, row: Roster, registration_id: int, institution_id: int) -> frozenset[int]:
    others = select(Discriminator.institution_id).where(Discriminator.registration_id == registration_id)
    query = select(Partner.institution_id).where(
        Partner.cohort_id == row.cohort_id,
        or_(Partner.institution_id == institution_id, Partner.institution_id.in_(others)),
        exists().where(ResourceLink.context_id == row.context_id, ResourceLink.cohort_id == row.cohort_id),
    )
    return frozenset(db.scalars(query))


def enrol(db: Session, course: Course, takes_part: Mapping[str, Member]) -> None:
    """Add and name people, then add enrolments; a launch that adds the same at this moment does no harm."""
    newcomers = _newcomers(db, course, takes_part)
    accounts = [{"registration_id": course.registration_id, "subject": subject} for subject in newcomers]
    add_all_if_absent(db, Person, accounts)
    people = _people(db, course.registration_id, sorted(takes_part))
    for subject, person in people.items():
        change(person, name=_name(takes_part[subject]) or person.name)
    # Before the first enrolment, in the order of locks: who launches may be renamed at this moment.
    db.flush()
    enrolments: list[dict[str, object]] = [
        {
            "cohort_id": course.roster.cohort_id,
            "person_id": people[subject].id,
            "institution_id": institution_id,
            "role": takes_part[subject].role.value,
            "groups": [],
        }
        for subject, institution_id in newcomers.items()
    ]
    add_all_if_absent(db, Enrolment, enrolments)


def _newcomers(db: Session, course: Course, takes_part: Mapping[str, Member]) -> Mapping[str, int]:
    """Return the institution of each who is to be enrolled, by subject; each institution must take part."""
    enrolled = set(db.scalars(_of_platform(course, select(Person.subject))))
    found = {
        subject: _institution(db, course, takes_part[subject])
        for subject in sorted(takes_part.keys() - enrolled)
    }
    return {subject: host for subject, host in found.items() if host in course.partners}


def enrolments_of(db: Session, course: Course) -> Mapping[str, Enrolment]:
    """Return the cohort's enrolments of this platform's people, by subject; nobody else changes them now."""
    query = _of_platform(course, select(Person.subject, Enrolment)).order_by(Enrolment.id)
    rows = db.execute(
        query.with_for_update(of=Enrolment, key_share=True), execution_options={"populate_existing": True}
    )
    return dict(rows.tuples().all())


def _of_platform(course: Course, query: Select[Taken]) -> Select[Taken]:
    """Narrow a query of people to those of this platform in the cohort."""
    return query.join(Enrolment, Enrolment.person_id == Person.id).where(
        Enrolment.cohort_id == course.roster.cohort_id, Person.registration_id == course.registration_id
    )


def _people(db: Session, registration_id: int, subjects: Sequence[str]) -> Mapping[str, Person]:
    people: dict[str, Person] = {}
    for chunk in _chunks(subjects):
        query = select(Person).where(Person.registration_id == registration_id, Person.subject.in_(chunk))
        people |= {person.subject: person for person in db.scalars(query)}
    return people


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def _institution(db: Session, course: Course, member: Member) -> int:
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


def _name(member: Member) -> str:
    told = member.person
    return (told.name or f"{told.given_name} {told.family_name}").strip()[:MAX_NAME]
