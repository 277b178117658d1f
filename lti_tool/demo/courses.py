"""The courses of a platform and the links placed in them; two of each are there from the start."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from lti_tool.demo.people import Kind, Person

T = TypeVar("T")
STAFF = (Kind.TEACHER, Kind.ASSISTANT)


def only(found: Iterable[T], name: str) -> T:
    """Return the first that was found; raise `LookupError` with the `name` that was sought."""
    for one in found:
        return one
    raise LookupError(name)


class Target(Enum):
    """Where a platform opens the tool (LTI 1.3, `document_target`)."""

    IFRAME = "iframe"
    WINDOW = "window"
    FRAME = "frame"


@dataclass(frozen=True)
class LineItem:
    """A column of the gradebook (AGS 2.0, section 3.2), of a link or of none.

    A column is the tool's own where the tool made it by the service: only then the tool may delete it.
    """

    id: str
    label: str
    maximum: float
    link_id: str = ""
    tag: str = ""
    resource_id: str = ""
    is_tools: bool = False


@dataclass(frozen=True)
class Link:
    """One placed link; `custom` are the parameters that its teacher filled in or the tool gave.

    Without a `url` it opens what the tool was registered with; without a `client_id` it was placed with the
    platform's first registration.
    """

    id: str
    title: str
    custom: tuple[tuple[str, str], ...]
    text: str = ""
    url: str = ""
    icon: str = ""
    target: Target = Target.IFRAME
    client_id: str = ""


@dataclass(frozen=True)
class Group:
    """A part of a course's learners."""

    id: str
    name: str


GROUPS = (Group("1", "Groep A"), Group("2", "Groep B"))


@dataclass(frozen=True)
class Course:
    """A course, and who is in it unless its teacher decided otherwise; `history` names what it is a copy of.

    The course that was copied last comes first in `history`, as in `$Context.id.history`.
    """

    id: str
    label: str
    title: str
    audience: tuple[Kind, ...]
    links: tuple[Link, ...]
    line_items: tuple[LineItem, ...] = ()
    history: tuple[str, ...] = ()

    def expects(self, person: Person) -> bool:
        """Return whether a person is enrolled from the start; administrators are in no course."""
        return person.kind in STAFF or person.kind in self.audience

    def link(self, link_id: str) -> Link:
        """Return the link with this id; raise `LookupError` where there is none."""
        return only((link for link in self.links if link.id == link_id), link_id)

    def line_item(self, item_id: str) -> LineItem:
        """Return the column with this id; raise `LookupError` where there is none."""
        return only((item for item in self.line_items if item.id == item_id), item_id)

    def columns_of(self, link: Link) -> tuple[LineItem, ...]:
        """Return the columns of a link; a launch names one where it is the only one."""
        return tuple(item for item in self.line_items if item.link_id == link.id)

    @property
    def groups(self) -> tuple[Group, ...]:
        return GROUPS if self.label == MANAGEMENT.label else ()

    def group_of(self, person: Person) -> Group:
        """Return which group someone is in; raise `LookupError` for who is in none."""
        if not (self.groups and person.kind.studies):
            raise LookupError(person.sub)
        return self.groups[int(person.sub) % len(self.groups)]


MANAGEMENT_COHORT = ("cohort", "management-autumn")
FACILITATION_COHORT = ("cohort", "facilitation-autumn")
MANAGEMENT_MODULE = "Innovatie leiden in zorg en welzijn"
FACILITATION_MODULE = "Vertrek van de zorgvrager: samen ontwerpen"

MANAGEMENT = Course(
    "2",
    "HIM",
    "Health Innovation Management",
    (Kind.MANAGER, Kind.OBSERVER),
    (
        Link("1", MANAGEMENT_MODULE, (MANAGEMENT_COHORT,)),
        Link("2", "Live sessies", (MANAGEMENT_COHORT, ("view", "live"))),
    ),
    (LineItem("1", MANAGEMENT_MODULE, 20, link_id="1"),),
)
FACILITATION = Course(
    "3",
    "HIF",
    "Health Innovation Facilitation",
    (Kind.LEARNER,),
    (Link("3", FACILITATION_MODULE, (FACILITATION_COHORT,)),),
    (LineItem("2", FACILITATION_MODULE, 20, link_id="3"),),
)
COURSES = (MANAGEMENT, FACILITATION)


def placed_link(courses: Iterable[Course], link_id: str) -> tuple[Course, Link]:
    """Return a link with its course; raise `LookupError` where there is none."""
    placed = ((course, link) for course in courses for link in course.links)
    return only((found for found in placed if found[1].id == link_id), link_id)
