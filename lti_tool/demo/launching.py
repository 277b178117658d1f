"""The platform's side of a launch: OpenID Connect third-party login, and the keys to check it with."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.clock import now
from lti_tool.demo.claims import deep_linking_claims, resource_link_claims, target_link_uri
from lti_tool.demo.courses import Target
from lti_tool.demo.current import (
    account,
    as_client,
    is_logged_in,
    needs_editor,
    needs_login,
    open_course,
    open_link,
    placed_by,
    platform_keys,
    registered,
)
from lti_tool.demo.hints import BadHintError, Choosing, Message, Opening
from lti_tool.demo.institutions import LoginMethod
from lti_tool.demo.lms import Lms

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


@bp.get("/links/<link_id>/start")
@needs_login
def start(link_id: str) -> ResponseReturnValue:
    """Begin a launch of a link: send the browser to the tool's login."""
    _, link = open_link(link_id)
    client = placed_by(link)
    return _begin(client, Message.LINK, link_id, target_link_uri(client, link))


@bp.get("/courses/<course_id>/content/start")
@needs_editor
def start_content(course_id: str) -> ResponseReturnValue:
    """Begin the choice of content for a course, with the tool's latest registration."""
    course, client = open_course(course_id), registered()[-1]
    return _begin(client, Message.CONTENT, course.id, client.tool.picker or client.tool.launch)


@bp.route("/lti/auth", methods=["GET", "POST"])
def auth() -> ResponseReturnValue:
    """Answer the tool's authentication request with a signed launch, or with an error."""
    asked = request.values.to_dict()
    client = _asking(asked)
    if client is None:
        # Nobody is answered at an address that was not registered (OAuth 2, section 4.1.2.1).
        return render_template("error.html", code="client_id, redirect_uri"), 400
    if not is_logged_in() and "repost" not in asked:
        # A request that another site began comes without the login cookie; the same one from here has it.
        return _form(client.auth_login_url, asked | {"repost": "1"})
    try:
        answer = {"id_token": client.key.sign(_claims(client, asked))}
    except LoginRefusedError as refusal:
        answer = {"error": refusal.error, "error_description": refusal.description}
    if "state" in asked:
        answer["state"] = asked["state"]
    return _form(client.tool.launch, answer)


@bp.get("/lti/jwks")
def jwks() -> ResponseReturnValue:
    """Publish every key that launches were ever signed with."""
    return {"keys": [key.jwk() for key in platform_keys()]}


def _begin(client: Lms, message: Message, place: str, target_link_uri: str) -> ResponseReturnValue:
    try:
        target = Target(request.args.get("target", Target.IFRAME.value))
    except ValueError:
        abort(404)
    opening = Opening(account().sub, client.client_id, message, place, target)
    fields = {
        "iss": client.issuer,
        "client_id": client.client_id,
        "lti_deployment_id": client.deployment_id,
        "login_hint": account().sub,
        "lti_message_hint": _hint(opening.written()),
        "target_link_uri": target_link_uri,
    }
    if storage_target := client.institution.storage_target:
        fields["lti_storage_target"] = storage_target
    if client.institution.login_method is LoginMethod.GET:
        return redirect(f"{client.tool.login}?{urlencode(fields)}")
    return _form(client.tool.login, fields)


def _asking(asked: Mapping[str, str]) -> Lms | None:
    try:
        client = as_client(asked.get("client_id", ""))
    except LookupError:
        return None
    return client if asked.get("redirect_uri") == client.tool.launch else None


def _claims(client: Lms, asked: Mapping[str, str]) -> dict[str, Any]:
    for name, value in FIXED_PARAMETERS.items():
        if asked.get(name) != value:
            raise LoginRefusedError("invalid_request", f"{name} is not {value}")
    for name in ("nonce", "state"):
        if not asked.get(name):
            raise LoginRefusedError("invalid_request", f"{name} is missing")
    if not is_logged_in() or asked.get("login_hint") != account().sub:
        raise LoginRefusedError("login_required", "login_hint is not who is logged in")
    opening = _read(asked.get("lti_message_hint", ""))
    if (opening.sub, opening.client_id) != (account().sub, client.client_id):
        raise LoginRefusedError("invalid_request", "lti_message_hint is another account's or client's")
    return _message(client, opening, asked["nonce"])


def _message(client: Lms, opening: Opening, nonce: str) -> dict[str, Any]:
    if opening.message is Message.CONTENT:
        course = open_course(opening.place)
        data = Choosing(account().sub, client.client_id, course.id).written()
        return deep_linking_claims(
            client, account(), course, data=data, nonce=nonce, now=now(), target=opening.target
        )
    course, link = open_link(opening.place)
    return resource_link_claims(
        client, account(), course, link, nonce=nonce, now=now(), target=opening.target
    )


def _hint(signed: str) -> str:
    # JSON with spaces and quotes, as Moodle sends it: a tool that does not echo it exactly is found out.
    return json.dumps({"launch": signed, "version": 1})


def _read(hint: str) -> Opening:
    try:
        signed = json.loads(hint)["launch"]
        opening = Opening.read(signed)
    except (BadHintError, ValueError, TypeError, KeyError):
        raise LoginRefusedError("invalid_request", "lti_message_hint is not ours, or too old") from None
    if hint != _hint(signed):
        raise LoginRefusedError("invalid_request", "lti_message_hint is not as it was sent")
    return opening


def _form(action: str, fields: Mapping[str, str]) -> str:
    return render_template("submit.html", action=action, fields=fields)
