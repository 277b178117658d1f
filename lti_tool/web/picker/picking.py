"""The steps between what a teacher chose in the picker and the links that come of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import abort
from sqlalchemy.orm import Session

from lti_tool.lti.claims import DeepLinkingClaim
from lti_tool.services.placements import catalogue, joining, placing
from lti_tool.services.placements.catalogue import NoVersionError
from lti_tool.services.placements.joining import NewCohort, OpenCohort, Teacher
from lti_tool.services.placements.placing import PlannedLink
from lti_tool.services.study import publishing
from lti_tool.services.study.publishing import Published
from lti_tool.storage.models import Grading
from lti_tool.web.access import visitor
from lti_tool.web.picker.form import Choices, Wish
from lti_tool.web.picker.placed import PlacedLink, word_links
from lti_tool.zone import ZONE

LARGEST_ID = 2**31 - 1  # of a PostgreSQL integer


@dataclass(frozen=True)
class Room:
    """What is being filled: a course that takes one link or several, with columns or without; or one link."""

    takes_many: bool
    takes_columns: bool
    is_repointing: bool


@dataclass(frozen=True)
class ShownCohort:
    """A cohort as the check page tells of it; `institutions` are names. Who places it may lead it."""

    is_new: bool
    leads: bool
    name: str
    starts_on: date
    weeks: int
    institutions: tuple[str, ...]


def room() -> Room:
    """Return what this visit fills; 404 on a visit that came neither to place nor through a link."""
    if visitor().deep_linking is not None:
        claim = asked_for()
        return Room(claim.accept_multiple, claim.accept_line_item, is_repointing=False)
    if visitor().link_id is None:
        abort(404)
    return Room(takes_many=False, takes_columns=False, is_repointing=True)


def asked_for() -> DeepLinkingClaim:
    """Return what the platform asked of the picker on this visit; 404 where it asked nothing."""
    asked = visitor().deep_linking
    if asked is None:
        abort(404)
    # JSON has no tuples.
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()
    }
    return DeepLinkingClaim(**fields)


def teacher() -> Teacher:
    who = visitor()
    return Teacher(who.visit_id, who.person_id, who.institution_id, who.context_id)


def find_choices(db: Session, version_id: int, now: datetime) -> Choices:
    """Return what there is to choose of a version; 404 where there is no such version."""
    if version_id > LARGEST_ID:
        abort(404)
    try:
        published = catalogue.find_version(db, version_id)
    except NoVersionError:
        abort(404)
    return Choices(
        published=published,
        cohorts=joining.open_cohorts(db, teacher(), module_id=published.module.id),
        institutions=joining.known_institutions(db),
        own=visitor().institution,
        takes_many=room().takes_many,
        today=now.astimezone(ZONE).date(),
    )


def plan(db: Session, choices: Choices, wish: Wish, ticket: str) -> tuple[PlannedLink, ...]:
    """Return the links of a wish, in its cohort's own version; raise `NoPieceError` for what that lacks."""
    cohort = wish.cohort
    return placing.plan_links(
        _version_of(db, choices, cohort),
        wish.pieces,
        cohort=_slug_of(choices, cohort, ticket),
        programme=publishing.find_programme(db, choices.published.version_id).id,
        grading=cohort.grading if cohort else Grading.NOTHING,
        maximum=cohort.maximum if cohort else 0,
    )


def word(
    db: Session, choices: Choices, wish: Wish, planned: tuple[PlannedLink, ...]
) -> tuple[PlacedLink, ...]:
    """Return planned links with their titles and texts."""
    programme = publishing.find_programme(db, choices.published.version_id)
    module = _version_of(db, choices, wish.cohort).module
    return word_links(planned, programme, module, titles=wish.titles)


def settle(db: Session, choices: Choices, wish: Wish, ticket: str, now: datetime) -> int | None:
    """Start the cohort of a wish, or join it, and return its id; None for a wish that is of none.

    Raises `NoCohortError` for one that was closed, or shared no longer, since it was chosen.
    """
    match wish.cohort:
        case NewCohort() as new:
            slug = _slug_of(choices, new, ticket)
            return joining.start(db, teacher(), choices.published, new, slug=slug, now=now)
        case OpenCohort(slug=slug):
            return joining.join(db, teacher(), slug, now)
        case None:
            return None


def shown_cohort(choices: Choices, cohort: NewCohort | OpenCohort | None) -> ShownCohort | None:
    if cohort is None:
        return None
    is_new = isinstance(cohort, NewCohort)
    names = dict(choices.institutions)
    return ShownCohort(
        is_new=is_new,
        leads=isinstance(cohort, NewCohort) or cohort.leads,
        name=cohort.name,
        starts_on=cohort.starts_on,
        weeks=cohort.weeks or choices.module.weeks,
        institutions=tuple(names[slug] for slug in cohort.institutions) if is_new else cohort.institutions,
    )


def _version_of(db: Session, choices: Choices, cohort: NewCohort | OpenCohort | None) -> Published:
    if isinstance(cohort, OpenCohort) and cohort.version_id != choices.published.version_id:
        return publishing.find_published(db, cohort.version_id)
    return choices.published


def _slug_of(choices: Choices, cohort: NewCohort | OpenCohort | None, ticket: str) -> str:
    if isinstance(cohort, OpenCohort):
        return cohort.slug
    return joining.slug_of(choices.module, visitor().visit_id, ticket)
