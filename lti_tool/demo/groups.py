"""The groups of a course (LTI Course Groups Service 1.0)."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.demo.courses import Course, Group
from lti_tool.demo.current import lms, refuse_when_closed
from lti_tool.demo.lms import GROUP_READ
from lti_tool.demo.services import answered, check_accepts, check_token, page, service_course

GROUPS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"

bp = Blueprint("groups", __name__, url_prefix="/<slug>/services/<course_id>/groups")
bp.before_request(refuse_when_closed)


@bp.get("")
def index(course_id: str) -> ResponseReturnValue:
    """List the groups of a course; `user_id` keeps those of one person."""
    check_token(GROUP_READ)
    check_accepts(GROUPS_TYPE)
    course = service_course(course_id)
    url = lms().groups_url(course)
    part, headers = page(_asked_groups(course), url)
    shown = [{"id": group.id, "name": group.name} for group in part]
    return answered({"id": url, "groups": shown}, GROUPS_TYPE), headers


def _asked_groups(course: Course) -> tuple[Group, ...]:
    if "user_id" not in request.args:
        return course.groups
    try:
        return (course.group_of(lms().person(request.args["user_id"])),)
    except LookupError:
        return ()
