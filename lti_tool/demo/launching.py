"""The platform's side of a launch: OpenID Connect third-party login, and the keys to check it with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from lti_tool.clock import now
from lti_tool.demo.claims import Target, launch_claims
from lti_tool.demo.courses import placed_link
from lti_tool.demo.current import account, campus, is_logged_in, lms, needs_login, open_course
from lti_tool.demo.institutions import LoginMethod

HINT_SECONDS = 300
FIXED_PARAMETERS = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
}

bp = Blueprint("launching", __name__, url_prefix="/<slug>")


class LoginRefusedError(Exception):
    """An authentication request that gets an error for an answer (OpenID Connect Core, section 3.1.2.6)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Opening:
    """Who opens which link, and where; it travels through the tool as the message hint."""

    sub: str
    link_id: str
    target: Target


@bp.get("/links/<link_id>/start")
@needs_login
def start(link_id: str) -> ResponseReturnValue:
    """Begin a launch: send the browser to the tool's login."""
    try:
        course, link = placed_link(link_id)
        target = Target(request.args.get("target", Target.IFRAME.value))
    except (LookupError, ValueError):
        abort(404)
    open_course(course.id)
    platform = lms()
    fields = {
        "iss": platform.issuer,
        "client_id": platform.client_id,
        "lti_deployment_id": platform.deployment_id,
        "login_hint": account().sub,
        "lti_message_hint": _written(Opening(account().sub, link.id, target)),
        "target_link_uri": platform.tool.launch,
    }
    if platform.institution.login_method is LoginMethod.GET:
        return redirect(f"{platform.tool.login}?{urlencode(fields)}")
    return _form(platform.tool.login, fields)


@bp.route("/lti/auth", methods=["GET", "POST"])
def auth() -> ResponseReturnValue:
    """Answer the tool's authentication request with a signed launch, or with an error."""
    asked = request.values.to_dict()
    platform = lms()
    if (asked.get("client_id"), asked.get("redirect_uri")) != (platform.client_id, platform.tool.launch):
        # Nobody is answered at an address that was not registered (OAuth 2, section 4.1.2.1).
        return render_template("error.html", code="client_id, redirect_uri"), 400
    if not is_logged_in() and "repost" not in asked:
        # A request that another site began comes without the login cookie; the same one from here has it.
        return _form(platform.auth_login_url, asked | {"repost": "1"})
    try:
        answer = {"id_token": _id_token(asked)}
    except LoginRefusedError as refusal:
        answer = {"error": refusal.error, "error_description": refusal.description}
    if "state" in asked:
        answer["state"] = asked["state"]
    return _form(platform.tool.launch, answer)


@bp.get("/lti/jwks")
def jwks() -> ResponseReturnValue:
    """Publish the key that launches are signed with."""
    return {"keys": [lms().key.jwk()]}


def _id_token(asked: Mapping[str, str]) -> str:
    for name, value in FIXED_PARAMETERS.items():
        if asked.get(name) != value:
            raise LoginRefusedError("invalid_request", f"{name} is not {value}")
    for name in ("nonce", "state"):
        if not asked.get(name):
            raise LoginRefusedError("invalid_request", f"{name} is missing")
    if not is_logged_in() or asked.get("login_hint") != account().sub:
        raise LoginRefusedError("login_required", "login_hint is not who is logged in")
    opening = _read(asked.get("lti_message_hint", ""))
    if opening.sub != account().sub:
        raise LoginRefusedError("invalid_request", "lti_message_hint is another account's")
    claims = launch_claims(
        lms(), account(), opening.link_id, nonce=asked["nonce"], now=now(), target=opening.target
    )
    return lms().key.sign(claims)


def _written(opening: Opening) -> str:
    return _hint(opening.link_id, _signer().dumps([opening.sub, opening.link_id, opening.target.value]))


def _hint(link_id: str, signed: str) -> str:
    # JSON with spaces and quotes, as Moodle sends it: a tool that does not echo it exactly is found out.
    return json.dumps({"link": link_id, "launch": signed})


def _read(hint: str) -> Opening:
    try:
        signed = json.loads(hint)["launch"]
        sub, link_id, target = _signer().loads(signed, max_age=HINT_SECONDS)
    except (BadData, ValueError, TypeError, KeyError):
        raise LoginRefusedError("invalid_request", "lti_message_hint is not ours, or too old") from None
    if hint != _hint(link_id, signed):
        raise LoginRefusedError("invalid_request", "lti_message_hint is not as it was sent")
    return Opening(sub, link_id, Target(target))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(campus().secret_key), salt=lms().slug)


def _form(action: str, fields: Mapping[str, str]) -> str:
    return render_template("submit.html", action=action, fields=fields)
