"""The marks of the gradebook (AGS 2.0): scores to write, results to read."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.demo.courses import LineItem
from lti_tool.demo.current import campus, learners, lms, refuse_when_closed
from lti_tool.demo.line_items import found_item
from lti_tool.demo.lms import RESULT_READ, SCORE_WRITE
from lti_tool.demo.marks import Mark, marks_of
from lti_tool.demo.scores import OlderScoreError, ScoreError, read_score
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

RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

bp = Blueprint("gradebook", __name__, url_prefix="/<slug>/services/<course_id>/lineitems/<item_id>/lineitem")
bp.before_request(refuse_when_closed)


@bp.post("/scores")
def scores(course_id: str, item_id: str) -> ResponseReturnValue:
    """Write a learner's score (section 3.4); the latest counts, unless a teacher wrote a mark over it."""
    check_token(SCORE_WRITE)
    check_sends(SCORE_TYPE)
    course, _ = service_course(course_id), asked_deployment()
    item = found_item(course, item_id)
    try:
        score = read_score(request.get_json(force=True, silent=True))
        if score.sub not in {person.sub for person in learners(course)}:
            raise ScoreError("userId")
        campus().store.keep_score(lms().slug, item.id, score)
    except ScoreError as error:
        refuse(400, f"{error.field} is missing or wrong")
    except OlderScoreError as error:
        refuse(409, f"there is a score of {error.kept.isoformat()}")
    return "", 200


@bp.get("/results")
def results(course_id: str, item_id: str) -> ResponseReturnValue:
    """List the marks of a column (section 3.3); `user_id` keeps one person's."""
    check_token(RESULT_READ)
    check_accepts(RESULTS_TYPE)
    course, client = service_course(course_id), asked_deployment()
    item = found_item(course, item_id)
    wanted = request.args.get("user_id")
    marks = [mark for mark in marks_of(item).values() if wanted in (None, mark.sub)]
    url = client.line_item_url(course, item)
    part, headers = page(marks, url.replace("/lineitem?", "/lineitem/results?"))
    return answered([_result(url, item, mark) for mark in part], RESULTS_TYPE), headers


def _result(url: str, item: LineItem, mark: Mark) -> Mapping[str, Any]:
    return {
        "id": url.replace("/lineitem?", f"/lineitem/results/{mark.sub}?"),
        "scoreOf": url,
        "userId": mark.sub,
        "resultMaximum": item.maximum,
        **({} if mark.given is None else {"resultScore": mark.given}),
        **({"comment": mark.comment} if mark.comment else {}),
    }
