"""The gradebook service (AGS 2.0): line items and results to read, scores to write."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from lti_tool.demo.courses import Course, LineItem
from lti_tool.demo.current import campus, lms, refuse_when_closed
from lti_tool.demo.lms import LINE_ITEM_READ, RESULT_READ, SCORE_WRITE
from lti_tool.demo.scores import OlderScoreError, Score, ScoreError, read_score
from lti_tool.demo.services import answered, check_accepts, check_token, page, refuse, service_course

LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

bp = Blueprint("gradebook", __name__, url_prefix="/<slug>/services/<course_id>/lineitems")
bp.before_request(refuse_when_closed)


@bp.get("")
def line_items(course_id: str) -> ResponseReturnValue:
    """List the columns of a course (section 3.2.5); `resource_link_id` keeps those of one link."""
    check_token(LINE_ITEM_READ)
    check_accepts(LINE_ITEMS_TYPE)
    course = service_course(course_id)
    _check_type_id()
    wanted = request.args.get("resource_link_id")
    items = [item for item in course.line_items if wanted in (None, course.link_of(item).id)]
    part, headers = page(items, lms().line_items_url(course))
    return answered([_shown(course, item) for item in part], LINE_ITEMS_TYPE), headers


@bp.get("/<item_id>/lineitem")
def line_item(course_id: str, item_id: str) -> ResponseReturnValue:
    """Show one column."""
    check_token(LINE_ITEM_READ)
    check_accepts(LINE_ITEM_TYPE)
    course = service_course(course_id)
    return answered(_shown(course, _item(course, item_id)), LINE_ITEM_TYPE)


@bp.post("/<item_id>/lineitem/scores")
def scores(course_id: str, item_id: str) -> ResponseReturnValue:
    """Write a learner's score (section 3.4); the latest counts."""
    check_token(SCORE_WRITE)
    if request.mimetype != SCORE_TYPE:
        refuse(415, f"a score is {SCORE_TYPE}")
    course = service_course(course_id)
    item = _item(course, item_id)
    try:
        score = read_score(request.get_json(force=True, silent=True))
        if score.sub not in {person.sub for person in lms().learners(course)}:
            raise ScoreError("userId")
        campus().store.keep_score(lms().slug, item.id, score)
    except ScoreError as error:
        refuse(400, f"{error.field} is missing or wrong")
    except OlderScoreError as error:
        refuse(409, f"there is a score of {error.kept.isoformat()}")
    return "", 200


@bp.get("/<item_id>/lineitem/results")
def results(course_id: str, item_id: str) -> ResponseReturnValue:
    """List the marks of a column (section 3.3); `user_id` keeps one person's."""
    check_token(RESULT_READ)
    check_accepts(RESULTS_TYPE)
    course = service_course(course_id)
    item = _item(course, item_id)
    wanted = request.args.get("user_id")
    kept = campus().store.scores(lms().slug, item.id)
    found = [score for score in kept.values() if wanted in (None, score.sub)]
    url = lms().line_item_url(course, item)
    part, headers = page(found, url.replace("/lineitem?", "/lineitem/results?"))
    return answered([_result(url, item, score) for score in part], RESULTS_TYPE), headers


def _item(course: Course, item_id: str) -> LineItem:
    _check_type_id()
    try:
        return course.line_item(item_id)
    except LookupError:
        abort(404)


def _check_type_id() -> None:
    # The address of a line item is to be used as it was given, query included.
    if request.args.get("type_id") != lms().deployment_id:
        refuse(400, "type_id is missing or wrong")


def _shown(course: Course, item: LineItem) -> Mapping[str, Any]:
    return {
        "id": lms().line_item_url(course, item),
        "label": item.label,
        "scoreMaximum": item.maximum,
        "resourceLinkId": course.link_of(item).id,
    }


def _result(url: str, item: LineItem, score: Score) -> Mapping[str, Any]:
    given = score.scaled(item.maximum)
    return {
        "id": url.replace("/lineitem?", f"/lineitem/results/{score.sub}?"),
        "scoreOf": url,
        "userId": score.sub,
        "resultMaximum": item.maximum,
        **({} if given is None else {"resultScore": given}),
        **({"comment": score.comment} if score.comment else {}),
    }
