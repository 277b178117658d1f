"""The platform's notices to tools (LTI Platform Notification Service 1.0)."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import requests
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.clock import now
from lti_tool.demo.claims import LTI, NOTICE_TYPES, context
from lti_tool.demo.config import origin
from lti_tool.demo.courses import Course
from lti_tool.demo.current import as_deployment, campus, lms, refuse_when_closed, registered
from lti_tool.demo.institutions import Offer
from lti_tool.demo.lms import NOTICE_HANDLERS, Lms
from lti_tool.demo.services import check_token, refuse

HELLO, COPY = NOTICE_TYPES
LIFETIME = timedelta(hours=1)
TIMEOUT_SECONDS = 5

log = logging.getLogger(__name__)
bp = Blueprint("notices", __name__, url_prefix="/<slug>/services/notice-handlers/<deployment_id>")
bp.before_request(refuse_when_closed)


@bp.get("")
def handlers(deployment_id: str) -> ResponseReturnValue:
    """List the address that a tool gave for each type of notice, empty where it gave none."""
    check_token(NOTICE_HANDLERS)
    client = _client(deployment_id)
    given = campus().registry.handlers(lms().slug, client.client_id)
    return {
        "client_id": client.client_id,
        "deployment_id": client.deployment_id,
        "notice_handlers": [{"notice_type": name, "handler": given.get(name, "")} for name in NOTICE_TYPES],
    }


@bp.put("")
def handle(deployment_id: str) -> ResponseReturnValue:
    """Send notices of a type to the tool's address from now on; an empty one ends it.

    Who asks to be greeted is greeted at once, after this answer.
    """
    check_token(NOTICE_HANDLERS)
    client = _client(deployment_id)
    notice_type, handler = _asked(client)
    campus().registry.handle(lms().slug, client.client_id, notice_type, handler)
    response = jsonify(notice_type=notice_type, handler=handler)
    if notice_type == HELLO and handler:
        _greet_after(response, client, handler)
    return response


def tell_of_copy(copied: Course) -> bool:
    """Tell every tool that asked for it of a copied course; return whether all of them took it."""
    claims = {f"{LTI}context": context(copied), f"{LTI}origin_contexts": [copied.history[0]]}
    failed = []
    for client in registered():
        handler = campus().registry.handlers(lms().slug, client.client_id).get(COPY)
        if handler and not _send(client, handler, notice(client, COPY, claims, now())):
            failed.append(handler)
    return not failed


def notice(client: Lms, notice_type: str, claims: Mapping[str, Any], moment: datetime) -> str:
    """Return a signed notice."""
    issued = int(moment.timestamp())
    about = {
        "id": str(uuid4()),
        "timestamp": moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "type": notice_type,
    }
    return client.key.sign(
        {
            "iss": client.issuer,
            "aud": client.client_id,
            "azp": client.client_id,
            "iat": issued,
            "exp": issued + int(LIFETIME.total_seconds()),
            "nonce": str(uuid4()),
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": client.deployment_id,
            f"{LTI}notice": about,
            **claims,
        }
    )


def _client(deployment_id: str) -> Lms:
    try:
        client = as_deployment(deployment_id)
    except LookupError:
        refuse(404, "no such deployment")
    if not client.offers(Offer.NOTICES):
        refuse(404, "this platform sends no notices")
    return client


def _asked(client: Lms) -> tuple[str, str]:
    body = request.get_json(silent=True)
    if not isinstance(body, Mapping):
        refuse(400, "the body is no object in application/json")
    notice_type, handler = body.get("notice_type"), body.get("handler")
    if notice_type not in NOTICE_TYPES:
        refuse(400, "notice_type is not supported")
    if not isinstance(handler, str) or (handler and origin(handler) != client.tool.origin):
        refuse(400, "handler is not on the tool's domain")
    return notice_type, handler


def _greet_after(response: Response, client: Lms, handler: str) -> None:
    greeting = notice(client, HELLO, {}, now())
    response.call_on_close(lambda: _send(client, handler, greeting))


def _send(client: Lms, handler: str, token: str) -> bool:
    """Send a notice once, as Canvas does: there is no second try."""
    try:
        requests.post(handler, json={"notices": [{"jwt": token}]}, timeout=TIMEOUT_SECONDS).raise_for_status()
    except requests.RequestException as error:
        log.warning("%s: a notice was not taken by %s: %s", client.slug, handler, error)
        return False
    return True
