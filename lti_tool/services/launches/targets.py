"""What a placed link opens, and how its custom parameters say so in every copy of a course."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from lti_tool.storage.models import Opens

# Where a platform does not know a variable, its name arrives as it was written.
HISTORY = {"context_history": "$Context.id.history", "link_history": "$ResourceLink.id.history"}


@dataclass(frozen=True, kw_only=True)
class Target:
    """A page of a cohort (by its slug), or a programme's overview.

    `module` is kept beside the cohort, so that a link whose cohort is gone still tells what it was about.
    """

    opens: Opens = Opens.MODULE
    cohort: str = ""
    module: str = ""
    programme: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not (self.cohort or (self.opens is Opens.PROGRAMME and self.programme)):
            raise ValueError("a link opens a cohort or a programme")
        if bool(self.unit) != (self.opens is Opens.UNIT):
            raise ValueError("a unit is what a link to a unit names")


class NowhereError(Exception):
    """A link's custom parameters name nothing that it could open."""


def write_target(target: Target, *, placed_in: str) -> dict[str, str]:
    """Return the custom parameters of a link to `target` in the course that `placed_in` stands for."""
    named = {
        "view": target.opens.value,
        "cohort": target.cohort,
        "module": target.module,
        "programme": target.programme,
        "unit": target.unit,
        "placed_in": placed_in,
    }
    return {name: value for name, value in named.items() if value} | HISTORY


def read_target(custom: Mapping[str, str]) -> Target:
    """Return what custom parameters name; raise `NowhereError` where that is nothing."""
    try:
        return Target(
            opens=Opens(custom.get("view") or Opens.MODULE),
            cohort=custom.get("cohort", ""),
            module=custom.get("module", ""),
            programme=custom.get("programme", ""),
            unit=custom.get("unit", ""),
        )
    except ValueError:
        raise NowhereError from None


def place(registration_id: int, deployment_id: str, context_id: str) -> str:
    """Return what stands for a course in its links, so that a copy of the course is told from it."""
    course = "\x1f".join((str(registration_id), deployment_id, context_id))
    return sha256(course.encode()).hexdigest()[:16]


def is_copied(custom: Mapping[str, str], place: str) -> bool:
    """Return whether a link was placed in another course than the one of `place`, and copied from there."""
    return custom.get("placed_in", place) != place
