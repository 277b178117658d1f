"""Placing links in a course: what each opens, and which column of the gradebook it brings."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from content.activity import Quiz
from content.module import Module, Unit
from content.text import LANGUAGES
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.services.launches.targets import Target, place
from lti_tool.services.study.publishing import Published
from lti_tool.storage.models import (
    Context,
    Deployment,
    Grading,
    Institution,
    Opens,
    Registration,
    Visit,
)
from lti_tool.storage.platforms import platform_registration


@dataclass(frozen=True)
class Spot:
    """A course to place links in: its platform, its deployment, and what stands for it in its links."""

    platform: PlatformRegistration
    deployment_id: str
    place: str


class NoPieceError(Exception):
    """The version of the module that a cohort studies has no such unit, or no live sessions."""


@dataclass(frozen=True)
class Piece:
    """What one link opens: a module, one unit of it, its live sessions, or the programme around it."""

    opens: Opens
    unit: str = ""

    def __post_init__(self) -> None:
        if bool(self.unit) != (self.opens is Opens.UNIT):
            raise ValueError("a unit is what a link to a unit names")


@dataclass(frozen=True)
class Column:
    """A column of the gradebook that comes with a link; the tag finds it again (AGS 2.0, section 3.2.9)."""

    tag: str
    maximum: float


@dataclass(frozen=True)
class PlannedLink:
    """A link as it will be placed; `column` is None where it sends no mark."""

    piece: Piece
    target: Target
    column: Column | None


def pieces_of(module: Module) -> tuple[Piece, ...]:
    """Return everything of a module that a link can open, the whole first."""
    live = (Piece(Opens.LIVE),) if module.live else ()
    units = tuple(Piece(Opens.UNIT, unit.id) for unit in module.units)
    return (Piece(Opens.MODULE), *live, Piece(Opens.PROGRAMME), *units)


def has_marks(part: Module | Unit) -> bool:
    """Return whether anything in the module or unit earns points."""
    return any(isinstance(activity, Quiz) and activity.graded for activity in part.activities)


def plan_links(
    published: Published,
    pieces: Iterable[Piece],
    *,
    cohort: str,
    programme: str,
    grading: Grading,
    maximum: float,
) -> tuple[PlannedLink, ...]:
    """Return the links of a cohort (by its slug) as they will be placed; raise `NoPieceError`."""
    module = published.module
    links = []
    for piece in pieces:
        if piece not in pieces_of(module):
            raise NoPieceError
        column = None
        if _sends_mark(module, piece, grading):
            column = Column(f"klimop.{cohort}.{piece.unit or 'module'}", maximum)
        links.append(PlannedLink(piece, _target(piece, cohort, module.id, programme), column))
    return tuple(links)


def overview_link(programme: str) -> PlannedLink:
    """Return a link to a programme's overview, of no cohort."""
    return PlannedLink(Piece(Opens.PROGRAMME), Target(opens=Opens.PROGRAMME, programme=programme), None)


def find_spot(db: Session, context_id: int) -> Spot:
    """Return the course of a context."""
    context = db.get_one(Context, context_id)
    deployment = db.get_one(Deployment, context.deployment_id)
    registration = db.get_one(Registration, deployment.registration_id)
    return Spot(
        platform_registration(registration),
        deployment.deployment_id,
        place(registration.id, deployment.deployment_id, context.context_id),
    )


def course_language(db: Session, visit_id: str) -> str:
    """Return the language of a visit's course, as its launch said it, or else of its institution."""
    visit = db.get_one(Visit, visit_id)
    institution = db.get_one(Institution, visit.institution_id)
    told = [(visit.locale or "")[:2].lower(), institution.locale[:2].lower()]
    return next((language for language in told if language in LANGUAGES), LANGUAGES[0])


def _target(piece: Piece, cohort: str, module: str, programme: str) -> Target:
    if piece.opens is Opens.PROGRAMME:
        return Target(opens=Opens.PROGRAMME, programme=programme)
    return Target(opens=piece.opens, cohort=cohort, module=module, programme=programme, unit=piece.unit)


def _sends_mark(module: Module, piece: Piece, grading: Grading) -> bool:
    if piece.opens is Opens.MODULE:
        return grading is Grading.MODULE and has_marks(module)
    if piece.opens is Opens.UNIT:
        return grading is Grading.UNITS and any(
            has_marks(unit) for unit in module.units if unit.id == piece.unit
        )
    return False
