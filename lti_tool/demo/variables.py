"""Substitution variables of custom parameters (LTI 1.3, appendix B)."""

from collections.abc import Mapping
from urllib.parse import quote

from lti_tool.demo.courses import Course, Link
from lti_tool.demo.institutions import Offer
from lti_tool.demo.lms import Lms
from lti_tool.demo.people import Person

KNOWN = ("Context.id", "Context.label", "Context.title", "ResourceLink.id", "ResourceLink.title", "User.id")
HISTORY = "Context.id.history"


def variables(lms: Lms) -> tuple[str, ...]:
    """Return the names of the variables that a platform fills in."""
    return (*KNOWN, HISTORY) if lms.offers(Offer.HISTORY) else KNOWN


def substituted(
    custom: Mapping[str, str], lms: Lms, person: Person, course: Course, link: Link
) -> dict[str, str]:
    """Return parameters with their variables filled in; one that is not known stays as it was written."""
    values = {
        "Context.id": course.id,
        "Context.label": course.label,
        "Context.title": course.title,
        HISTORY: ",".join(quote(earlier, safe="") for earlier in course.history),
        "ResourceLink.id": link.id,
        "ResourceLink.title": link.title,
        "User.id": person.sub,
    }
    filled = {f"${name}": values[name] for name in variables(lms)}
    return {name: filled.get(value, value) for name, value in custom.items()}
