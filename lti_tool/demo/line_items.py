"""The columns of the gradebook (AGS 2.0, section 3.2): to list, make, change and take away."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.demo.catalogue import Column
from lti_tool.demo.courses import Course, LineItem
from lti_tool.demo.current import campus, lms, refuse_when_closed
from lti_tool.demo.lms import LINE_ITEM, LINE_ITEM_READ, Lms
from lti_tool.demo.services import (
    answered,
    asked_deployment,
    check_accepts,
    check_sends,
    check_token,
    page,
    refuse,
    service_course,
)

LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
FILTERS = {"resource_link_id": "link_id", "resource_id": "resource_id", "tag": "tag"}

bp = Blueprint("line_items", __name__, url_prefix="/<slug>/services/<course_id>/lineitems")
bp.before_request(refuse_when_closed)


@bp.get("")
def index(course_id: str) -> ResponseReturnValue:
    """List the columns of a course, those of one link, resource or tag if asked."""
    check_token(LINE_ITEM, LINE_ITEM_READ)
    check_accepts(LINE_ITEMS_TYPE)
    course, client = service_course(course_id), asked_deployment()
    wanted = {attribute: request.args[name] for name, attribute in FILTERS.items() if name in request.args}
    items = [item for item in course.line_items if wanted.items() <= vars(item).items()]
    part, headers = page(items, client.line_items_url(course))
    return answered([_shown(client, course, item) for item in part], LINE_ITEMS_TYPE), headers


@bp.post("")
def add(course_id: str) -> ResponseReturnValue:
    """Make a column."""
    check_token(LINE_ITEM)
    check_sends(LINE_ITEM_TYPE)
    course, client = service_course(course_id), asked_deployment()
    body = _body()
    item = campus().catalogue.add_line_item(lms().slug, course.id, _column(body), _link_id(body, course))
    return answered(_shown(client, course, item), LINE_ITEM_TYPE), 201


@bp.get("/<item_id>/lineitem")
def show(course_id: str, item_id: str) -> ResponseReturnValue:
    """Show one column."""
    check_token(LINE_ITEM, LINE_ITEM_READ)
    check_accepts(LINE_ITEM_TYPE)
    course, client = service_course(course_id), asked_deployment()
    return answered(_shown(client, course, found_item(course, item_id)), LINE_ITEM_TYPE)


@bp.put("/<item_id>/lineitem")
def change(course_id: str, item_id: str) -> ResponseReturnValue:
    """Say anew what a column is; it stays with its link."""
    check_token(LINE_ITEM)
    check_sends(LINE_ITEM_TYPE)
    course, client = service_course(course_id), asked_deployment()
    item, body = found_item(course, item_id), _body()
    if _link_id(body, course) not in ("", item.link_id):
        refuse(400, "resourceLinkId is another link's")
    campus().catalogue.change_line_item(lms().slug, item.id, _column(body))
    changed = service_course(course_id).line_item(item.id)
    return answered(_shown(client, course, changed), LINE_ITEM_TYPE)


@bp.delete("/<item_id>/lineitem")
def remove(course_id: str, item_id: str) -> ResponseReturnValue:
    """Take away a column that the tool made; one that came with a link goes with its link."""
    check_token(LINE_ITEM)
    course, _ = service_course(course_id), asked_deployment()
    item = found_item(course, item_id)
    if not item.is_tools:
        refuse(403, "the column belongs to a link")
    campus().catalogue.remove_line_item(lms().slug, item.id)
    return "", 204


def found_item(course: Course, item_id: str) -> LineItem:
    """Return the column of an address; 404 where there is none."""
    try:
        return course.line_item(item_id)
    except LookupError:
        refuse(404, "no such line item")


def _body() -> Mapping[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, Mapping):
        refuse(400, "a line item is an object")
    return body


def _column(body: Mapping[str, Any]) -> Column:
    maximum = body.get("scoreMaximum")
    if isinstance(maximum, bool) or not isinstance(maximum, int | float):
        refuse(400, "scoreMaximum is no number")
    try:
        return Column(_text(body, "label"), float(maximum), _text(body, "tag"), _text(body, "resourceId"))
    except (ValueError, OverflowError):
        refuse(400, "label is empty, or scoreMaximum is not above 0")


def _link_id(body: Mapping[str, Any], course: Course) -> str:
    link_id = _text(body, "resourceLinkId")
    if link_id and link_id not in {link.id for link in course.links}:
        refuse(400, "resourceLinkId is no link of this course")
    return link_id


def _text(body: Mapping[str, Any], field: str) -> str:
    value = body.get(field, "")
    if not isinstance(value, str):
        refuse(400, f"{field} is no text")
    return value


def _shown(client: Lms, course: Course, item: LineItem) -> Mapping[str, Any]:
    optional = {"resourceLinkId": item.link_id, "resourceId": item.resource_id, "tag": item.tag}
    return {
        "id": client.line_item_url(course, item),
        "label": item.label,
        "scoreMaximum": item.maximum,
        **{name: value for name, value in optional.items() if value},
    }
