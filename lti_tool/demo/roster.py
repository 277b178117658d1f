"""The roster service (NRPS 2.0)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.demo.claims import LTI, MEMBERSHIP, ROLES, context, custom, identity
from lti_tool.demo.courses import Course, Link
from lti_tool.demo.current import campus, lms, members, placed_by, refuse_when_closed
from lti_tool.demo.institutions import Offer, RoleStyle
from lti_tool.demo.lms import MEMBERSHIP_READ
from lti_tool.demo.people import Person
from lti_tool.demo.rolls import Status
from lti_tool.demo.services import (
    answered,
    check_accepts,
    check_token,
    number,
    page,
    refuse,
    service_course,
)

ROSTER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

bp = Blueprint("roster", __name__, url_prefix="/<slug>/services/<course_id>/memberships")
bp.before_request(refuse_when_closed)


@bp.get("")
def memberships(course_id: str) -> ResponseReturnValue:
    """List who is in a course (section 2.4), by `role` if asked, in pages if asked or usual.

    With `rlid` each member comes with the custom parameters of that link (section 3); with `groups` with her
    groups (Course Groups 1.0). The last page names where to ask later for only what changed.
    """
    check_token(MEMBERSHIP_READ)
    check_accepts(ROSTER_TYPE)
    course = service_course(course_id)
    link = _asked_link(course)
    url = lms().memberships_url(course)
    people = [(person, status) for person, status in _listed(course) if _has_asked_role(person)]
    part, headers = page(
        people, url, default_limit=lms().institution.page_size, last=_differences(course, url)
    )
    shown = [_member(course, person, status, link) for person, status in part]
    return answered({"id": url, "context": context(course), "members": shown}, ROSTER_TYPE), headers


def _listed(course: Course) -> list[tuple[Person, Status]]:
    """Return who is in a course, or with `since` only who came or left after that."""
    if "since" not in request.args:
        return [(person, Status.ACTIVE) for person in members(course)]
    changes = campus().rolls.changes(lms().slug, course.id, since=number("since"))
    return [(person, changes[person.sub].status) for person in lms().people if person.sub in changes]


def _differences(course: Course, url: str) -> str:
    if not lms().offers(Offer.DIFFERENCES):
        return ""
    return f'<{url}?since={campus().rolls.last_number(lms().slug, course.id)}>; rel="differences"'


def _asked_link(course: Course) -> Link | None:
    asked = request.args.get("rlid")
    if asked is None:
        return None
    try:
        return course.link(asked)
    except LookupError:
        refuse(404, "rlid is no link of this course")


def _has_asked_role(person: Person) -> bool:
    asked = request.args.get("role")
    roles = ROLES[person.kind]
    return asked is None or asked in roles or asked in {role.removeprefix(MEMBERSHIP) for role in roles}


def _roles(person: Person) -> list[str]:
    """Return someone's roles in the course: all in full, or the one that has a short name."""
    if lms().institution.role_style is RoleStyle.SHORT:
        return [ROLES[person.kind][0].removeprefix(MEMBERSHIP)]
    return [role for role in ROLES[person.kind] if "/membership" in role]


def _member(course: Course, person: Person, status: Status, link: Link | None) -> Mapping[str, Any]:
    client = placed_by(link) if link else lms()
    names = identity(client, person)
    member: dict[str, Any] = {
        "user_id": names.pop("sub"),
        "status": status.value,
        "roles": _roles(person),
        **names,
    }
    if link is not None:
        message = {
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}custom": custom(client, person, course, link),
        }
        member |= {"message": [message]}
    if request.args.get("groups") == "true" and lms().offers(Offer.GROUPS):
        member |= {"group_enrollments": _groups(course, person)}
    return member


def _groups(course: Course, person: Person) -> list[dict[str, str]]:
    try:
        return [{"group_id": course.group_of(person).id}]
    except LookupError:
        return []
