"""The way back from the tool: content that was chosen (Deep Linking 2.0), or only a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.clock import now
from lti_tool.demo.claims import DEEP_LINKING, LTI
from lti_tool.demo.content_items import Item, ItemError, read_item
from lti_tool.demo.courses import Course
from lti_tool.demo.current import as_client, campus, lms
from lti_tool.demo.hints import BadHintError, Choosing
from lti_tool.demo.institutions import Offer
from lti_tool.demo.lms import Lms
from lti_tool.demo.tool_tokens import TokenUnprovenError, claimed_issuer, read_token

REQUIRED_CLAIMS = ("iss", "aud", "exp", "iat", "nonce")
SHOWN = ("lti_msg", "lti_errormsg", "lti_log", "lti_errorlog")

bp = Blueprint("deep_linking", __name__, url_prefix="/<slug>")


class AnswerRefusedError(Exception):
    """A deep linking response that breaks the standard; `reason` is for the tool's developer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What a teacher chose for a course, and what the tool says about it."""

    course: Course
    items: tuple[Item, ...]
    message: str
    error: str


# The tool's page sends the browser here from another site, so without the login cookie: what is done is
# decided by the signatures alone, and the browser goes on to the course from a page of the platform's own.
@bp.post("/deep-linking/return")
def place() -> ResponseReturnValue:
    """Place what a teacher chose in her course."""
    try:
        answer = _answer(request.form.get("JWT", ""))
        if request.args.to_dict() != {"course": answer.course.id, "section": "content"}:
            raise AnswerRefusedError("deep_link_return_url is not as it was sent")
    except AnswerRefusedError as refusal:
        return render_template("error.html", code=refusal.reason), 400
    for item in answer.items:
        campus().catalogue.place(lms().slug, answer.course.id, item.link, item.column)
    said = {"placed": str(len(answer.items)), "lti_msg": answer.message, "lti_errormsg": answer.error}
    return _leave(answer.course.id, said)


@bp.get("/courses/<course_id>/return")
def back(course_id: str) -> ResponseReturnValue:
    """Take the browser back to the course, out of the frame that the tool was in (LTI 1.3, `return_url`)."""
    if not {"from", "view"} <= request.args.keys():
        return render_template("error.html", code="return_url is not as it was sent"), 400
    return _leave(course_id, {name: request.args.get(name, "") for name in SHOWN})


def _leave(course_id: str, said: Mapping[str, str]) -> str:
    query = urlencode({name: text for name, text in said.items() if text})
    return render_template("leave.html", course_id=course_id, query=query)


def _answer(token: str) -> Answer:
    client, claims = _proven(token)
    _check_claims(client, claims)
    answer = Answer(
        _chosen_for(client, claims.get(f"{DEEP_LINKING}data")),
        _items(client, claims),
        _said(claims, f"{DEEP_LINKING}msg"),
        _said(claims, f"{DEEP_LINKING}errormsg"),
    )
    # Last, so that a response that is wrong in another way does not use up its nonce.
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    if not campus().store.use_assertion(lms().slug, f"nonce {claims['nonce']}", expires=expires, now=now()):
        raise AnswerRefusedError("nonce was used before")
    return answer


def _proven(token: str) -> tuple[Lms, Mapping[str, Any]]:
    try:
        client = as_client(claimed_issuer(token))
        return client, read_token(client, token, audience=client.issuer, required=REQUIRED_CLAIMS)
    except LookupError:
        raise AnswerRefusedError("iss is no client of this platform") from None
    except TokenUnprovenError as error:
        raise AnswerRefusedError(error.reason) from error


def _check_claims(client: Lms, claims: Mapping[str, Any]) -> None:
    wanted = {
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": client.deployment_id,
    }
    for name, value in wanted.items():
        if claims.get(name) != value:
            raise AnswerRefusedError(f"{name} is not {value}")
    if not isinstance(claims["nonce"], str) or not claims["nonce"]:
        raise AnswerRefusedError("nonce is empty")


def _chosen_for(client: Lms, data: object) -> Course:
    try:
        choosing = Choosing.read(data if isinstance(data, str) else "")
    except BadHintError:
        raise AnswerRefusedError("data is not as it was sent, or too old") from None
    if choosing.client_id != client.client_id:
        raise AnswerRefusedError("data was sent to another client")
    return campus().catalogue.course(lms().slug, choosing.course_id)


def _items(client: Lms, claims: Mapping[str, Any]) -> tuple[Item, ...]:
    found = claims.get(f"{DEEP_LINKING}content_items", [])
    if not isinstance(found, list):
        raise AnswerRefusedError("content_items is no list")
    if len(found) > 1 and not client.offers(Offer.SEVERAL):
        raise AnswerRefusedError("accept_multiple was false")
    try:
        return tuple(read_item(body, client.tool, client.client_id) for body in found)
    except ItemError as error:
        raise AnswerRefusedError(f"{error.field} of a content item is missing or wrong") from error


def _said(claims: Mapping[str, Any], name: str) -> str:
    text = claims.get(name, "")
    if not isinstance(text, str):
        raise AnswerRefusedError(f"{name} is no text")
    return text
