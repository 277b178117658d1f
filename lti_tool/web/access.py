"""Who is asking, and whether they may.

A launch opens a visit: its id is in the address (`/s/<visit>/…`) and its secret in a cookie of that path. So
two launches in two tabs of one browser, as two people even, do not disturb each other. Where the browser
keeps no cookie in an LMS's frame, the secret stands behind the id: `/s/<visit>.<secret>/…`.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, abort, g, request
from werkzeug import Response

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.launches.visiting import VISIT_LENGTH, NoVisitError, Visitor, find_visitor
from lti_tool.web.security import VISIT_COOKIE, refuse_forged_forms
from lti_tool.web.state import database

P = ParamSpec("P")
R = TypeVar("R")

VISIT_PREFIX = "/s/<visit_id>"
VISIT_ID = re.compile(r"([A-Za-z0-9_-]{22,64})(?:\.([A-Za-z0-9_-]{43}))?")


class SignedOutError(Exception):
    """The visit is unknown here, of another browser, or over."""


def visit_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint whose pages belong to a visit, and whose forms are guarded."""
    bp = Blueprint(name, import_name, url_prefix=VISIT_PREFIX)
    bp.url_value_preprocessor(_take_visit_id)
    bp.url_defaults(_add_visit_id)
    bp.before_request(_admit)
    bp.before_request(refuse_forged_forms)
    return bp


def visitor() -> Visitor:
    found: Visitor = g.visitor
    return found


def require(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only visitors of these roles into a view; others get 403."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if visitor().role not in roles:
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


def require_team(view: Callable[P, R]) -> Callable[P, R]:
    """Let only the team of the visit's cohort into a view; others get 403."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not visitor().is_team:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def require_operator(view: Callable[P, R]) -> Callable[P, R]:
    """Let only this Klimop's operators into a view; others get 403."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not visitor().is_operator:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def visit_address(visit_id: str, secret: str, *, has_cookie: bool) -> str:
    """Return what stands for a visit in addresses."""
    return visit_id if has_cookie else f"{visit_id}.{secret}"


def set_visit_cookie(response: Response, visit_id: str, secret: str) -> None:
    response.set_cookie(
        VISIT_COOKIE,
        secret,
        max_age=VISIT_LENGTH,
        path=f"/s/{visit_id}",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def _take_visit_id(_endpoint: str | None, values: dict[str, object] | None) -> None:
    g.visit_id = (values or {}).pop("visit_id", None)


def _add_visit_id(_endpoint: str, values: dict[str, object]) -> None:
    if "visit_id" in g:
        values.setdefault("visit_id", g.visit_id)


def _admit() -> None:
    # No visit ever had another kind of id, and PostgreSQL takes no text with a NUL.
    address = VISIT_ID.fullmatch(g.visit_id)
    if address is None:
        raise SignedOutError
    visit_id, secret = address.groups()
    g.visit_secret = secret or request.cookies.get(VISIT_COOKIE, "")
    with database().read() as db:
        try:
            g.visitor = find_visitor(db, visit_id, g.visit_secret, clock.now(), by_cookie=secret is None)
        except NoVisitError:
            raise SignedOutError from None
