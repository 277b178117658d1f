"""The two courses that every platform of the campus offers, and the links placed in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from lti_tool.demo.people import Kind, Person

T = TypeVar("T")


def only(found: Iterable[T], name: str) -> T:
    """Return the first that was found; raise `LookupError` with the `name` that was sought."""
    for one in found:
        return one
    raise LookupError(name)


@dataclass(frozen=True)
class LineItem:
    """A column of the gradebook (AGS 2.0, section 3.2)."""

    id: str
    label: str
    maximum: float


@dataclass(frozen=True)
class Link:
    """One placed link; `custom` are the parameters that its teacher filled in."""

    id: str
    title: str
    custom: tuple[tuple[str, str], ...]
    line_item: LineItem | None = None


@dataclass(frozen=True)
class Course:
    """A course with its teachers and, of those who study, one kind."""

    id: str
    label: str
    title: str
    audience: Kind
    links: tuple[Link, ...]

    def has(self, person: Person) -> bool:
        """Return whether a person is enrolled; administrators are in no course."""
        return person.kind in (Kind.TEACHER, self.audience)

    @property
    def line_items(self) -> tuple[LineItem, ...]:
        return tuple(link.line_item for link in self.links if link.line_item)

    def link(self, link_id: str) -> Link:
        """Return the link with this id; raise `LookupError` where there is none."""
        return only((link for link in self.links if link.id == link_id), link_id)

    def line_item(self, item_id: str) -> LineItem:
        """Return the column with this id; raise `LookupError` where there is none."""
        return only((item for item in self.line_items if item.id == item_id), item_id)

    def link_of(self, item: LineItem) -> Link:
        """Return the link that a column of the gradebook belongs to."""
        return next(link for link in self.links if link.line_item == item)


MANAGEMENT_COHORT = ("cohort", "management-autumn")
FACILITATION_COHORT = ("cohort", "facilitation-autumn")
MANAGEMENT_MODULE = "Innovatie leiden in zorg en welzijn"
FACILITATION_MODULE = "Vertrek van de zorgvrager: samen ontwerpen"

MANAGEMENT = Course(
    "2",
    "HIM",
    "Health Innovation Management",
    Kind.MANAGER,
    (
        Link("1", MANAGEMENT_MODULE, (MANAGEMENT_COHORT,), LineItem("1", MANAGEMENT_MODULE, 20)),
        Link("2", "Live sessies", (MANAGEMENT_COHORT, ("view", "live"))),
    ),
)
FACILITATION = Course(
    "3",
    "HIF",
    "Health Innovation Facilitation",
    Kind.LEARNER,
    (Link("3", FACILITATION_MODULE, (FACILITATION_COHORT,), LineItem("2", FACILITATION_MODULE, 20)),),
)
COURSES = (MANAGEMENT, FACILITATION)


def course(course_id: str) -> Course:
    """Return the course with this id; raise `LookupError` where there is none."""
    return only((course for course in COURSES if course.id == course_id), course_id)


def placed_link(link_id: str) -> tuple[Course, Link]:
    """Return a link with its course; raise `LookupError` where there is none."""
    placed = ((course, link) for course in COURSES for link in course.links)
    return only((found for found in placed if found[1].id == link_id), link_id)
