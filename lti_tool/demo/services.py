"""What the gradebook and the roster ask of every request: a bearer token, its scope, and media types."""

from collections.abc import Sequence
from typing import NoReturn, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, jsonify, make_response, request

from lti_tool.clock import now
from lti_tool.demo.courses import Course, course
from lti_tool.demo.current import campus, lms

T = TypeVar("T")


def check_token(scope: str) -> None:
    """Let pass a bearer token that allows `scope`; else 401 or 403 (RFC 6750, section 3)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    allowed = campus().store.token_scopes(lms().slug, token, now=now())
    if kind.lower() != "bearer" or not allowed:
        refuse(401, "no valid bearer token")
    if scope not in allowed:
        refuse(403, "the token lacks the scope")


def check_accepts(media_type: str) -> None:
    """Let pass a request that takes `media_type` for an answer; plain application/json does not."""
    accepted = request.accept_mimetypes
    if accepted and not accepted.quality(media_type):
        refuse(406, f"the answer is {media_type}")


def refuse(status: int, reason: str) -> NoReturn:
    """End the request with a reason that a developer can read."""
    abort(make_response(jsonify(reason=reason), status))


def service_course(course_id: str) -> Course:
    """Return the course of an address; 404 where there is none."""
    try:
        return course(course_id)
    except LookupError:
        abort(404)


def answered(body: object, media_type: str) -> Response:
    """Return `body` as JSON under its own media type."""
    response = jsonify(body)
    response.content_type = media_type
    return response


def page(items: Sequence[T], url: str, *, default_limit: int = 0) -> tuple[Sequence[T], dict[str, str]]:
    """Return the part that the request asks, and a Link header while there is more (RFC 8288).

    A limit of 0 means everything. `url` is this collection's address, with a query or without.
    """
    limit = _number("limit") or default_limit
    start = _number("offset")
    if not limit:
        return items, {}
    part = items[start : start + limit]
    if start + limit >= len(items):
        return part, {}
    query = request.args.to_dict() | {"limit": str(limit), "offset": str(start + limit)}
    return part, {"Link": f'<{url.partition("?")[0]}?{urlencode(query)}>; rel="next"'}


def _number(name: str) -> int:
    value = request.args.get(name, "0")
    if not value.isdecimal():
        refuse(400, f"{name} is no number")
    return int(value)
