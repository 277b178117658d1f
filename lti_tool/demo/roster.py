"""The roster service (NRPS 2.0)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.demo.claims import LTI, MEMBERSHIP, context, custom, identity
from lti_tool.demo.courses import Course, Link
from lti_tool.demo.current import lms, refuse_when_closed
from lti_tool.demo.institutions import RoleStyle
from lti_tool.demo.lms import MEMBERSHIP_READ
from lti_tool.demo.people import Kind, Person
from lti_tool.demo.services import answered, check_accepts, check_token, page, refuse, service_course

ROSTER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

bp = Blueprint("roster", __name__, url_prefix="/<slug>/services/<course_id>/memberships")
bp.before_request(refuse_when_closed)


@bp.get("")
def memberships(course_id: str) -> ResponseReturnValue:
    """List who is in a course (section 2.4), by `role` if asked, in pages if asked or usual.

    With `rlid` each member comes with the custom parameters of that link (section 3).
    """
    check_token(MEMBERSHIP_READ)
    check_accepts(ROSTER_TYPE)
    course = service_course(course_id)
    link = _asked_link(course)
    url = lms().memberships_url(course)
    members = [person for person in lms().members(course) if _has_asked_role(person)]
    part, headers = page(members, url, default_limit=lms().institution.page_size)
    body = {"id": url, "context": context(course), "members": [_member(person, link) for person in part]}
    return answered(body, ROSTER_TYPE), headers


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
    return asked is None or asked.removeprefix(MEMBERSHIP) == _role(person)


def _role(person: Person) -> str:
    return "Instructor" if person.kind is Kind.TEACHER else "Learner"


def _member(person: Person, link: Link | None) -> Mapping[str, Any]:
    prefix = "" if lms().institution.role_style is RoleStyle.SHORT else MEMBERSHIP
    names = identity(person)
    member = {"user_id": names.pop("sub"), "status": "Active", "roles": [prefix + _role(person)], **names}
    if link is None:
        return member
    message = {
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}custom": custom(person, link),
    }
    return member | {"message": [message]}
