"""A platform by `lti1p3platform`: its login, tokens, deep linking, roster and gradebook, over HTTP.

What the library decides it decides here; this is the storage and the routes that it leaves to its users.
"""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask import Flask, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration

from tests.foreign.lti1p3_course import ACCOUNTS, COURSE, LINK, Course, FlaskRequest, Grades, Members, answer
from tests.lti_tool.lti.world import platform_key

CLIENT_ID, DEPLOYMENT_ID = "klimop-client", "d-1"
DEEP_LINKING = "deep-linking"


@dataclass(frozen=True)
class ToolAddresses:
    """Where a tool takes logins and launches, and publishes its keys."""

    login: str
    launch: str
    keyset: str


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
        # By the library's types the handler is one of its gradebook.
        service: Any = Members(FlaskRequest(), self.conf(), f"{self.url}/members")
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
        raise LookupError(kwargs)


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
        return jsonify(launch_data | kwargs)
