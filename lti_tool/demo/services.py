"""What every service asks of a request: a bearer token, its scope, and media types."""

from collections.abc import Sequence
from typing import NoReturn, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, jsonify, make_response, request

from lti_tool.clock import now
from lti_tool.demo.courses import Course
from lti_tool.demo.current import as_deployment, campus, lms
from lti_tool.demo.lms import Lms

T = TypeVar("T")


def check_token(*scopes: str) -> None:
    """Let pass a bearer token that allows one of `scopes`; else 401 or 403 (RFC 6750, section 3)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    allowed = campus().store.token_scopes(lms().slug, token, now=now())
    if kind.lower() != "bearer" or not allowed:
        refuse(401, "no valid bearer token")
    if allowed.isdisjoint(scopes):
        refuse(403, "the token lacks the scope")


def check_accepts(media_type: str) -> None:
    """Let pass a request that takes `media_type` for an answer; plain application/json does not."""
    accepted = request.accept_mimetypes
    if accepted and not accepted.quality(media_type):
        refuse(406, f"the answer is {media_type}")


def check_sends(media_type: str) -> None:
    """Let pass a request whose body is `media_type`."""
    if request.mimetype != media_type:
        refuse(415, f"the body is {media_type}")


def refuse(status: int, reason: str) -> NoReturn:
    """End the request with a reason that a developer can read."""
    abort(make_response(jsonify(reason=reason), status))


def service_course(course_id: str) -> Course:
    """Return the course of an address; 404 where there is none."""
    try:
        return campus().catalogue.course(lms().slug, course_id)
    except LookupError:
        refuse(404, "no such course")


def asked_deployment() -> Lms:
    """Return the platform as the deployment meets it that an address of a line item names."""
    # The address of a line item is to be used as it was given, query included.
    try:
        return as_deployment(request.args.get("type_id", ""))
    except LookupError:
        refuse(400, "type_id is missing or wrong")


def answered(body: object, media_type: str) -> Response:
    """Return `body` as JSON under its own media type."""
    response = jsonify(body)
    response.content_type = media_type
    return response


def page(
    items: Sequence[T], url: str, *, default_limit: int = 0, last: str = ""
) -> tuple[Sequence[T], dict[str, str]]:
    """Return the part that the request asks, and a Link header while there is more (RFC 8288).

    A limit of 0 means everything. `url` is this collection's address, with a query or without; `last` is the
    Link header of the last page.
    """
    limit = number("limit") or default_limit
    start = number("offset")
    if limit and start + limit < len(items):
        query = request.args.to_dict() | {"limit": str(limit), "offset": str(start + limit)}
        next_page = f'<{url.partition("?")[0]}?{urlencode(query)}>; rel="next"'
        return items[start : start + limit], {"Link": next_page}
    return items[start : start + limit] if limit else items, {"Link": last} if last else {}


def number(name: str) -> int:
    """Return a number of the query, 0 where it is left out."""
    value = request.args.get(name, "0")
    if not value.isdecimal():
        refuse(400, f"{name} is no number")
    return int(value)
