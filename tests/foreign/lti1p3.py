"""A platform by `lti1p3platform`: its login, tokens, deep linking, roster and gradebook, over HTTP.

What the library decides it decides here; this is the storage and the routes that it leaves to its users.
"""

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from lti1p3platform.exceptions import LineItemNotFoundException
from lti1p3platform.lineitem import TLineItem
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request, TRequest
from lti1p3platform.response import Response as ServiceResponse
from lti1p3platform.response import generate_next_link
from lti1p3platform.score import TScore, UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService, TPage

from tests.lti_tool.lti.world import MEMBERSHIP, platform_key

CLIENT_ID, DEPLOYMENT_ID, COURSE, LINK = "klimop-client", "d-1", "course-1", "link-1"
DEEP_LINKING = "deep-linking"


@dataclass(frozen=True)
class ToolAddresses:
    """Where a tool takes logins and launches, and publishes its keys."""

    login: str
    launch: str
    keyset: str


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


class Platform(Flask):
    """The platform at `url`, with the `course` that tests look at."""

    def __init__(self, url: str, tool: ToolAddresses) -> None:
        super().__init__(__name__)
        self.url, self.tool, self.course = url, tool, Course()
        self.add_url_rule("/jwks", view_func=lambda: jsonify(self.conf().get_jwks()))
        self.add_url_rule("/token", view_func=self.token, methods=["POST"])
        self.add_url_rule("/start/<user>/<hint>", view_func=self.start)
        self.add_url_rule("/auth", view_func=self.authenticate)
        self.add_url_rule("/deep-link-return", view_func=self.take_links, methods=["POST"])
        self.add_url_rule("/members", view_func=self.members)
        self.add_url_rule("/lineitems", view_func=self.line_items, methods=["GET", "POST"])
        self.add_url_rule("/lineitems/<item>", view_func=self.line_item, methods=["GET", "PUT", "DELETE"])
        self.add_url_rule("/lineitems/<item>/scores", view_func=self.score, methods=["POST"])
        self.add_url_rule("/lineitems/<item>/results", view_func=self.results)

    def conf(self) -> "Conf":
        return Conf(platform=self)

    def start(self, user: str, hint: str) -> ResponseReturnValue:
        login: ResponseReturnValue = Login(None, self.conf(), hint).initiate_login(user)
        return login

    def authenticate(self) -> ResponseReturnValue:
        page: ResponseReturnValue = Launch(FlaskRequest(), self.conf(), self).lti_launch()
        return page

    def token(self) -> ResponseReturnValue:
        return jsonify(self.conf().get_access_token(request.form.to_dict()))

    def take_links(self) -> ResponseReturnValue:
        self.course.returned = self.conf().validate_deeplinking_resp(request.form.to_dict())
        return "taken"

    def members(self) -> ResponseReturnValue:
        service = Members(FlaskRequest(), self.conf(), f"{self.url}/members")
        service.course = self.course
        return answer(service.handle_resp(service.handle_get_members))

    def grades(self) -> "Grades":
        service = Grades(FlaskRequest(), self.conf(), f"{self.url}/lineitems")
        service.course = self.course
        return service

    def line_items(self) -> ResponseReturnValue:
        service = self.grades()
        is_new = request.method == "POST"
        return answer(
            service.handle_resp(service.handle_create_lineitem if is_new else service.handle_get_lineitems)
        )

    def line_item(self, item: str) -> ResponseReturnValue:
        service = self.grades()
        handle = {
            "GET": service.handle_get_lineitem,
            "PUT": service.handle_update_lineitem,
            "DELETE": service.handle_delete_lineitem,
        }[request.method]
        return answer(service.handle_resp(handle, line_item_id=f"{self.url}/lineitems/{item}"))

    def score(self, item: str) -> ResponseReturnValue:
        service = self.grades()
        url = f"{self.url}/lineitems/{item}"
        return answer(service.handle_resp(service.handle_update_score, line_item_id=url))

    def results(self, item: str) -> ResponseReturnValue:
        service = self.grades()
        url = f"{self.url}/lineitems/{item}"
        return answer(service.handle_resp(service.handle_get_results, line_item_id=url))


class FlaskRequest(Request):
    """The request that Flask is answering, in the library's words."""

    def __init__(self) -> None:
        super().__init__(request)

    def build_metadata(self, request: Any) -> TRequest:
        return {
            "method": request.method,
            "form_data": request.form.to_dict(),
            # The library counts on from the number of the page.
            "get_data": {name: int(value) if name == "page" else value for name, value in request.args.items()},
            "headers": request.headers,
            "content_type": request.content_type,
            "path": request.path,
            # The standard's own media types are not the ones that Flask takes for JSON.
            "json": request.get_json(force=True, silent=True),
        }


class Conf(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, **kwargs: Any) -> None:
        platform: Platform = kwargs["platform"]
        key = platform_key("lti1p3platform").private_key
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._registration = (
            Registration()
            .set_iss(platform.url)
            .set_client_id(CLIENT_ID)
            .set_deployment_id(DEPLOYMENT_ID)
            .set_launch_url(platform.tool.launch)
            .set_deeplink_launch_url(platform.tool.launch)
            .set_oidc_login_url(platform.tool.login)
            .set_tool_key_set_url(platform.tool.keyset)
            .set_platform_public_key(public.decode())
            .set_platform_private_key(private.decode())
        )

    def get_registration_by_params(self, **kwargs: Any) -> Registration:
        raise LookupError("this platform knows one tool")


class Login(OIDCLoginAbstract):
    def __init__(self, request: Any, conf: Conf, hint: str) -> None:
        super().__init__(request, conf)
        self.set_lti_message_hint(hint=hint)

    def set_lti_message_hint(self, **kwargs: Any) -> None:
        self._lti_message_hint = kwargs["hint"]

    def get_redirect(self, url: str) -> ResponseReturnValue:
        return redirect(url)


class Launch(LTIAdvantageMessageLaunchAbstract):
    def __init__(self, request: FlaskRequest, conf: Conf, platform: Platform) -> None:
        super().__init__(request, conf)
        self.platform = platform

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        who = next(one for one in ACCOUNTS if one.id == preflight_response["login_hint"])
        url = self.platform.url
        self.set_user_data(who.id, who.roles, full_name=who.name, email_address=who.email)
        self.set_launch_context_claim(COURSE, ["CourseSection"], "Innovatie", "HIM")
        self.set_launch_presentation_claim("iframe", f"{url}/course")
        if preflight_response["lti_message_hint"] == DEEP_LINKING:
            self.set_dl(f"{url}/deep-link-return", accept_types={"ltiResourceLink"})
        else:
            self.set_resource_link_claim(LINK, title="Innovatie leiden")
        self.set_custom_parameters_claim(self.platform.course.custom)
        self.set_ags(f"{url}/lineitems")
        self.set_nrps(f"{url}/members")

    def render_launch_form(self, launch_data: dict[str, Any], **kwargs: Any) -> ResponseReturnValue:
        return jsonify(launch_data)


class Members(NamesRoleProvisioningService):
    course: Course

    def get_member_data_page(self, page: int = 1, **kwargs: Any) -> TPage:
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

    def find_lineitems(self, page: int = 1, tag: str | None = None, **kwargs: Any) -> TPage:
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

    def get_results(self, line_item_id: str, page: int = 1, **kwargs: Any) -> TPage:
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
    """Return a service's answer as the standards have it: lists are bare, and the next page is in a header."""
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
