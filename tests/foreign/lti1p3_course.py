"""The course of a platform by `lti1p3platform`: its people, its roster service and its gradebook."""

from dataclasses import dataclass, field
from typing import Any

from flask import Response, jsonify, request
from lti1p3platform.exceptions import LineItemNotFoundException
from lti1p3platform.lineitem import TLineItem
from lti1p3platform.membership import Context
from lti1p3platform.request import Request, TRequest
from lti1p3platform.response import Response as ServiceResponse
from lti1p3platform.response import generate_next_link
from lti1p3platform.score import TScore, UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService, TPage

from tests.lti_tool.lti.world import MEMBERSHIP

COURSE, LINK = "course-1", "link-1"


@dataclass(frozen=True)
class Account:
    """Someone in the platform's one course."""

    id: str
    name: str
    email: str
    role: str

    @property
    def roles(self) -> list[str]:
        return [f"{MEMBERSHIP}{self.role}"]


TEACHER = Account("t-1", "Els Wouters", "els@example.test", "Instructor")
LEARNER = Account("l-1", "An Peeters", "an@example.test", "Learner")
ABSENTEE = Account("l-2", "Bo Claes", "bo@example.test", "Learner")
ACCOUNTS = (TEACHER, LEARNER, ABSENTEE)


@dataclass
class Course:
    """What the platform keeps: the custom parameters of its link, its line items and their scores.

    `per_page` is how many entries of a list come at a time.
    """

    custom: dict[str, str] = field(default_factory=dict)
    returned: list[dict[str, Any]] = field(default_factory=list)
    line_items: dict[str, TLineItem] = field(default_factory=dict)
    scores: dict[tuple[str, str], TScore] = field(default_factory=dict)
    per_page: int = 100

    def page(self, entries: list[Any], number: int) -> TPage:
        first = (number - 1) * self.per_page
        return {
            "content": entries[first : first + self.per_page],
            "has_next": first + self.per_page < len(entries),
            "next": None,
        }


class FlaskRequest(Request):
    """The request that Flask is answering, in the library's words."""

    def __init__(self) -> None:
        super().__init__(request)

    def build_metadata(self, request: Any) -> TRequest:
        return {
            "method": request.method,
            "form_data": request.form.to_dict(),
            # The library counts on from the number of the page.
            "get_data": {
                name: int(value) if name == "page" else value for name, value in request.args.items()
            },
            "headers": request.headers,
            "content_type": request.content_type,
            "path": request.path,
            # The standard's own media types are not the ones that Flask takes for JSON.
            "json": request.get_json(force=True, silent=True),
        }


class Members(NamesRoleProvisioningService):
    course: Course

    def get_member_data_page(self, page: int = 1, *_args: Any, **_kwargs: Any) -> TPage:
        members = [
            {"user_id": one.id, "name": one.name, "email": one.email, "roles": one.roles} for one in ACCOUNTS
        ]
        return self.course.page(members, page)

    def get_context_by_id(self) -> Context:
        return Context(COURSE, "HIM", "Innovatie")

    def is_resource_link_valid(self, context_id: str, resource_link_id: str) -> bool:
        return (context_id, resource_link_id) == (COURSE, LINK)


class Grades(AssignmentsGradesService):
    course: Course

    def find_lineitems(self, page: int = 1, *_args: Any, **wanted: Any) -> TPage:
        tag = wanted.get("tag")
        items = [item for item in self.course.line_items.values() if tag in (None, item.get("tag"))]
        return self.course.page(items, page)

    def find_lineitem(self, line_item_id: str) -> TLineItem:
        try:
            return self.course.line_items[line_item_id]
        except KeyError:
            raise LineItemNotFoundException from None

    def create_lineitem(self, creation_data: TLineItem) -> TLineItem:
        url = f"{self.ags.lineitems_url}/{len(self.course.line_items) + 1}"
        self.course.line_items[url] = {**creation_data, "id": url}
        return self.course.line_items[url]

    def update_lineitem(self, update_data: TLineItem) -> TLineItem:
        self.find_lineitem(update_data["id"]).update(update_data)
        return self.find_lineitem(update_data["id"])

    def delete_lineitem(self, line_item_id: str) -> None:
        self.find_lineitem(line_item_id)
        del self.course.line_items[line_item_id]

    def update_score(self, line_item_id: str, score: TScore) -> UpdateScoreStatus:
        self.find_lineitem(line_item_id)
        key = line_item_id, str(score["userId"])
        held = self.course.scores.get(key)
        if held and str(held["timestamp"]) >= str(score["timestamp"]):
            return UpdateScoreStatus.OLD_TIMESTAMP
        self.course.scores[key] = score
        return UpdateScoreStatus.SUCCESS

    def get_results(self, line_item_id: str, page: int = 1, *_args: Any, **_kwargs: Any) -> TPage:
        maximum = self.find_lineitem(line_item_id)["scoreMaximum"]
        results = [
            {
                "id": f"{url}/results/{user}",
                "scoreOf": url,
                "userId": user,
                "resultScore": score["scoreGiven"] * maximum / score["scoreMaximum"],
                "resultMaximum": maximum,
                "comment": score.get("comment", ""),
            }
            for (url, user), score in self.course.scores.items()
            if url == line_item_id
        ]
        return self.course.page(results, page)


def answer(given: ServiceResponse) -> Response:
    """Return an answer as the standards have it: lists are bare, and the next page is in a header."""
    result, following = given.result, None
    if isinstance(result, dict):
        following = result.pop("next", None)
        result = result.get("content", result)
    response = jsonify(result) if given.code < 400 else jsonify(error=given.message)
    response.status_code = given.code
    response.content_type = given.media_type
    if following:
        response.headers["Link"] = generate_next_link(following)
    return response
