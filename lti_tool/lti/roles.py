"""From the roles a platform names (LTI 1.3, appendix A.2) to the one role that Klimop knows."""

from collections.abc import Iterable
from enum import Enum

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"


class Role(str, Enum):
    """What a person comes to do: teach, study, look on, or look after the platform."""

    TEACHER = "teacher"
    LEARNER = "learner"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


CONTEXT_ROLES = {
    "Instructor": Role.TEACHER,
    "TeachingAssistant": Role.TEACHER,
    "ContentDeveloper": Role.TEACHER,
    "Learner": Role.LEARNER,
    "Member": Role.LEARNER,
    "Administrator": Role.ADMINISTRATOR,
    "Mentor": Role.OBSERVER,
}
OTHER_ROLES = {
    "Administrator": Role.ADMINISTRATOR,
    "SysAdmin": Role.ADMINISTRATOR,
    "AccountAdmin": Role.ADMINISTRATOR,
    "Instructor": Role.TEACHER,
    "Faculty": Role.TEACHER,
    "Student": Role.LEARNER,
    "Learner": Role.LEARNER,
    "Mentor": Role.OBSERVER,
    "Observer": Role.OBSERVER,
    "Guest": Role.OBSERVER,
}
# Platforms give these to everyone, so they tell nothing of anyone.
EMPTY_ROLES = {"User", "None"}
# Someone who is two things in a course does the work of the first one here.
CONTEXT_ORDER = (Role.TEACHER, Role.LEARNER, Role.ADMINISTRATOR, Role.OBSERVER)
OTHER_ORDER = (Role.ADMINISTRATOR, Role.TEACHER, Role.LEARNER, Role.OBSERVER)


def resolve_role(names: Iterable[str]) -> Role:
    """Return what the course's roles make of someone; where it gives none, the institution's and system's.

    A role that Klimop does not know opens no doors: it makes a learner.
    """
    named = [name.strip() for name in names if name.strip()]
    context = [_context_role(name) for name in named if _is_context_role(name)]
    if context:
        return _first(CONTEXT_ORDER, {CONTEXT_ROLES.get(name, Role.LEARNER) for name in context})
    others = {name.rpartition("#")[2] for name in named if name.startswith(VOCABULARY)} - EMPTY_ROLES
    return _first(OTHER_ORDER, {OTHER_ROLES.get(name, Role.LEARNER) for name in others})


def _is_context_role(name: str) -> bool:
    # A short name is a context role (LTI 1.3, section 5.3.7.1).
    return name.startswith(f"{VOCABULARY}membership") or not any(mark in name for mark in "/:#")


def _context_role(name: str) -> str:
    """Return the principal role: `membership/Instructor#Grader` is an Instructor."""
    path, _, fragment = name.removeprefix(f"{VOCABULARY}membership").rpartition("#")
    principal = path.removeprefix("/")
    # Canvas writes `membership/instructor#TeachingAssistant`.
    return principal[:1].upper() + principal[1:] or fragment


def _first(order: tuple[Role, ...], roles: set[Role]) -> Role:
    return next((role for role in order if role in roles), Role.LEARNER)
