"""Links that lead nowhere, or elsewhere than wanted: why, and how a teacher points them at something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lti_tool.lti.roles import Role
from lti_tool.services.cohorts import running
from lti_tool.services.gradebooks import columns
from lti_tool.services.placements.joining import Teacher
from lti_tool.services.placements.placing import Piece
from lti_tool.services.study.publishing import Published, find_published
from lti_tool.storage.models import (
    Cohort,
    Context,
    Enrolment,
    ModuleVersion,
    Opens,
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
    GONE = "gone"
    UNTOLD = "untold"


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
    modules = [link.named.get("module"), *(module_id for _cohort, module_id in known)]
    running_ids = _shared_ids(db, teacher.institution_id)
    return LinkState(
        title=link.title,
        piece=_piece(link),
        reason=_reason(db, visit, link, running_ids),
        suggested=_newest(db, [module_id for module_id in modules if module_id]),
        earlier=next((cohort for cohort, _module in known if cohort.id in running_ids), None),
        siblings=len(_siblings(db, link)),
    )


def repoint(db: Session, teacher: Teacher, aim: Aim, *, siblings_too: bool, now: datetime) -> None:
    """Point the visit's link at something, and the visit with it; raise `NoLinkError` where it has none.

    Siblings keep what they were for, in the new cohort.
    """
    visit, link = _visit_and_link(db, teacher)
    if siblings_too and aim.cohort_id is not None:
        for sibling in _siblings(db, link):
            _point(db, sibling, Aim(_piece(sibling), aim.cohort_id), now)
    _point(db, link, aim, now)
    visit.cohort_id, visit.programme_id = aim.cohort_id, aim.programme_id
    db.flush()


def _point(db: Session, link: ResourceLink, aim: Aim, now: datetime) -> None:
    """Point a link, and the column of the gradebook that came with it."""
    link.opens, link.unit_id = aim.piece.opens, aim.piece.unit
    link.cohort_id, link.programme_id = aim.cohort_id, aim.programme_id
    link.is_repointed, link.named = True, {}
    columns.keep_claimed(db, link, db.get_one(Context, link.context_id), link.line_item_url, now)


def _piece(link: ResourceLink) -> Piece:
    """Return what a link opens, or was for."""
    if link.named:
        return Piece(Opens(link.named["opens"]), link.named["unit"])
    return Piece(link.opens, link.unit_id)


def _visit_and_link(db: Session, teacher: Teacher) -> tuple[Visit, ResourceLink]:
    visit = db.get_one(Visit, teacher.visit_id)
    if visit.link_id is None:
        raise NoLinkError
    return visit, db.get_one(ResourceLink, visit.link_id)


def _reason(db: Session, visit: Visit, link: ResourceLink, running_ids: set[int]) -> Reason:
    if visit.programme_id is not None or (visit.cohort_id is not None and visit.cohort_id in running_ids):
        return Reason.OPENS
    if not link.named and link.cohort_id is None:
        return Reason.UNTOLD
    cohort = next((cohort for cohort, _module in _cohorts(db, _own_cohort(link))), None)
    if cohort is None:
        return Reason.GONE
    if cohort.closed_at is not None:
        return Reason.CLOSED
    # What is open to the course's institution, and opened nothing, was placed in another course.
    return Reason.COPIED if cohort.id in running_ids else Reason.NOT_SHARED


def _own_cohort(link: ResourceLink) -> ColumnElement[bool]:
    """Return the condition for the cohort that a link is for, whether it opens it or not."""
    return or_(Cohort.id == link.cohort_id, Cohort.slug == link.named.get("cohort"))


def _known_cohorts(db: Session, teacher: Teacher, link: ResourceLink) -> Sequence[tuple[Cohort, str]]:
    """Return cohorts with their module's id: the link's own, its course's, then those that she teaches."""
    of_course = select(ResourceLink.cohort_id).where(ResourceLink.context_id == link.context_id)
    taught = select(Enrolment.cohort_id).where(
        Enrolment.person_id == teacher.person_id, Enrolment.role == Role.TEACHER.value
    )
    found: dict[int, tuple[Cohort, str]] = {}
    for wanted in (_own_cohort(link), Cohort.id.in_(of_course), Cohort.id.in_(taught)):
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


def _siblings(db: Session, link: ResourceLink) -> Sequence[ResourceLink]:
    """Return the course's other links that open nothing, and were for the same cohort as this one."""
    if not link.named.get("cohort"):
        return ()
    others = db.scalars(
        select(ResourceLink)
        .where(ResourceLink.context_id == link.context_id, ResourceLink.id != link.id)
        .order_by(ResourceLink.id)
    )
    return tuple(one for one in others if one.named.get("cohort") == link.named["cohort"])


def _newest(db: Session, module_ids: Iterable[str]) -> tuple[Published, ...]:
    """Return the newest versions of the first few modules that there are."""
    found = []
    for module_id in dict.fromkeys(module_ids):
        try:
            found.append(find_published(db, running.find_version(db, module_id)))
        except running.NoModuleError:
            continue  # a custom parameter may name anything
    return tuple(found[:MOST_SUGGESTED])
