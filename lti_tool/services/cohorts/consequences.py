"""What a change of a cohort's arrangement can bring about."""

from dataclasses import dataclass

from lti_tool.storage.models import Grading

Numbers = tuple[int, ...]
"""Units by their place in the module, from 1."""
Shift = tuple[int, int]
"""The days by which the unit moves that moves least, and the one that moves most; both in one direction."""


@dataclass(frozen=True)
class OpeningMoved:
    """Units open later by these days, or earlier where they are negative."""

    units: Numbers
    shift: Shift
    learners: int


@dataclass(frozen=True)
class DueMoved:
    """Units are due later by these days, or earlier where they are negative."""

    units: Numbers
    shift: Shift


@dataclass(frozen=True)
class DueAdded:
    """Units have a due date, which they had not."""

    units: Numbers


@dataclass(frozen=True)
class DueDropped:
    """Units have a due date no more."""

    units: Numbers


@dataclass(frozen=True)
class Closing:
    """Units that are open today are not any more; `begun` of the learners did something in one of them."""

    units: Numbers
    learners: int
    begun: int


@dataclass(frozen=True)
class Opening:
    """Units that are not open today are from now on."""

    units: Numbers
    learners: int


@dataclass(frozen=True)
class FallingBehind:
    """Learners who are on time are not any more."""

    learners: int


@dataclass(frozen=True)
class CatchingUp:
    """Learners who are behind are not any more."""

    learners: int


@dataclass(frozen=True)
class SessionsStay:
    """The dates change, and this many live sessions that are planned do not."""

    sessions: int


@dataclass(frozen=True)
class PassMarkChanged:
    """Another share of the points is needed, None for no pass mark; of some the result so far changes."""

    after: float | None
    passing: int
    failing: int


@dataclass(frozen=True)
class GradingChanged:
    """The columns in the gradebooks of this many courses change."""

    before: Grading
    after: Grading
    courses: int


@dataclass(frozen=True)
class MaximumChanged:
    """Marks count out of another maximum in the gradebooks of this many courses."""

    after: float
    courses: int


@dataclass(frozen=True)
class Renamed:
    """The cohort has another name."""

    after: str


@dataclass(frozen=True)
class Invited:
    """These institutions, by name, can place links to the cohort."""

    institutions: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """These institutions, by name, take part no more; their links open nothing."""

    institutions: tuple[str, ...]
    links: int


Consequence = (
    Renamed
    | OpeningMoved
    | Closing
    | Opening
    | DueMoved
    | DueAdded
    | DueDropped
    | FallingBehind
    | CatchingUp
    | SessionsStay
    | PassMarkChanged
    | GradingChanged
    | MaximumChanged
    | Invited
    | LeftOut
)
