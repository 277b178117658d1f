"""Links that lead nowhere, or elsewhere than wanted: why, and how a teacher points them at something.

A link keeps what it was for; the visit says what it opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.services import running
from lti_tool.services.joining import Teacher
from lti_tool.services.placing import Piece
from lti_tool.services.publishing import Published, find_published
from lti_tool.storage.models import (
    Cohort,
    Context,
    Enrolment,
    ModuleVersion,
    Partner,
    ResourceLink,
    Visit,
)

MOST_SUGGESTED = 2


class NoLinkError(Exception):
    """The visit came through no link."""


class Reason(Enum):
    """Why a link opens nothing; OPENS where it does open something."""

    OPENS = "opens"
    COPIED = "copied"
    CLOSED = "closed"
    NOT_SHARED = "not_shared"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class LinkState:
    """A link as its teacher finds it.

    `suggested` are the newest versions of modules that the link, its course or she had to do with before,
    `earlier` a running cohort of those; `siblings` counts the course's links that were for the same cohort.
    """

    title: str
    piece: Piece
    reason: Reason
    suggested: tuple[Published, ...]
    earlier: Cohort | None
    siblings: int

    @property
    def opens_something(self) -> bool:
        return self.reason is Reason.OPENS


@dataclass(frozen=True)
class Aim:
    """What a link is to open: a piece of a cohort, or a programme's overview."""

    piece: Piece
    cohort_id: int | None = None
    programme_id: str | None = None

    def __post_init__(self) -> None:
        if (self.cohort_id is None) == (self.programme_id is None):
            raise ValueError("a link opens a cohort or a programme")


def look_at_link(db: Session, teacher: Teacher) -> LinkState:
    """Return how the link of a visit stands; raise `NoLinkError` where the visit has none."""
    visit, link = _visit_and_link(db, teacher)
    known = _known_cohorts(db, teacher, link)
    modules = list(dict.fromkeys(module_id for _cohort, module_id in known))
    running_ids = _shared_ids(db, teacher.institution_id)
    return LinkState(
        title=link.title,
        piece=Piece(link.opens, link.unit_id),
        reason=_reason(db, visit, link, running_ids),
        suggested=tuple(
            find_published(db, running.find_version(db, module)) for module in modules[:MOST_SUGGESTED]
        ),
        earlier=next((cohort for cohort, _module in known if cohort.id in running_ids), None),
        siblings=len(_siblings(db, visit, link)),
    )


def repoint(db: Session, teacher: Teacher, aim: Aim, *, siblings_too: bool) -> None:
    """Point the visit's link at something, and the visit with it; raise `NoLinkError` where it has none.

    Siblings keep what they were for, in the new cohort.
    """
    visit, link = _visit_and_link(db, teacher)
    along = _siblings(db, visit, link) if siblings_too and aim.cohort_id is not None else ()
    if along:
        db.execute(
            update(ResourceLink)
            .where(ResourceLink.id.in_(along))
            .values(cohort_id=aim.cohort_id, is_repointed=True)
        )
    link.opens, link.unit_id = aim.piece.opens, aim.piece.unit
    link.cohort_id, link.programme_id = aim.cohort_id, aim.programme_id
    link.is_repointed = True
    visit.cohort_id, visit.programme_id = aim.cohort_id, aim.programme_id
    db.flush()


def _visit_and_link(db: Session, teacher: Teacher) -> tuple[Visit, ResourceLink]:
    visit = db.get_one(Visit, teacher.visit_id)
    if visit.link_id is None:
        raise NoLinkError
    return visit, db.get_one(ResourceLink, visit.link_id)


def _reason(db: Session, visit: Visit, link: ResourceLink, running_ids: set[int]) -> Reason:
    if visit.programme_id is not None or (visit.cohort_id is not None and visit.cohort_id in running_ids):
        return Reason.OPENS
    is_copy = db.get_one(Context, link.context_id).copied_from_id is not None
    # What is open to the course's institution, and opened nothing, was placed in another course.
    if link.cohort_id in running_ids or (is_copy and not link.is_repointed):
        return Reason.COPIED
    cohort = db.get(Cohort, link.cohort_id) if link.cohort_id is not None else None
    if cohort is None:
        return Reason.UNKNOWN
    return Reason.CLOSED if cohort.closed_at is not None else Reason.NOT_SHARED


def _known_cohorts(db: Session, teacher: Teacher, link: ResourceLink) -> Sequence[tuple[Cohort, str]]:
    """Return cohorts with their module's id: the link's own, its course's, then those that she teaches."""
    of_course = select(ResourceLink.cohort_id).where(ResourceLink.context_id == link.context_id)
    taught = select(Enrolment.cohort_id).where(
        Enrolment.person_id == teacher.person_id, Enrolment.role == Role.TEACHER.value
    )
    found: dict[int, tuple[Cohort, str]] = {}
    for wanted in (
        Cohort.id == link.cohort_id,
        Cohort.id.in_(of_course),
        Cohort.id.in_(taught),
    ):
        for cohort, module_id in _cohorts(db, wanted):
            found.setdefault(cohort.id, (cohort, module_id))
    return tuple(found.values())


def _cohorts(db: Session, wanted: ColumnElement[bool]) -> Sequence[tuple[Cohort, str]]:
    return (
        db.execute(
            select(Cohort, ModuleVersion.module_id)
            .join(ModuleVersion, Cohort.module_version_id == ModuleVersion.id)
            .where(wanted)
            .order_by(Cohort.starts_on.desc(), Cohort.slug)
        )
        .tuples()
        .all()
    )


def _shared_ids(db: Session, institution_id: int) -> set[int]:
    """Return the running cohorts that are shared with an institution."""
    return set(
        db.scalars(
            select(Cohort.id)
            .join(Partner, Partner.cohort_id == Cohort.id)
            .where(Partner.institution_id == institution_id, Cohort.closed_at.is_(None))
        )
    )


def _siblings(db: Session, visit: Visit, link: ResourceLink) -> Sequence[int]:
    """Return the course's other links that were for the same cohort, where this one opened nothing."""
    if link.cohort_id is None or visit.cohort_id is not None:
        return ()
    return db.scalars(
        select(ResourceLink.id)
        .where(
            ResourceLink.context_id == link.context_id,
            ResourceLink.cohort_id == link.cohort_id,
            ResourceLink.id != link.id,
        )
        .order_by(ResourceLink.id)
    ).all()
