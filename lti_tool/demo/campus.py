"""The campus: six platforms in one Flask application."""

import secrets
from datetime import datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from lti_tool.demo import (
    administering,
    deep_linking,
    editing,
    gradebook,
    groups,
    home,
    launching,
    line_items,
    notices,
    pages,
    registering,
    roster,
    tokens,
)
from lti_tool.demo.agendas.ics import BRUSSELS
from lti_tool.demo.catalogue import Catalogue
from lti_tool.demo.config import CampusConfig
from lti_tool.demo.current import Campus, account, add_slug, campus, choose_lms, in_lms, is_logged_in, lms
from lti_tool.demo.institutions import INSTITUTIONS
from lti_tool.demo.registry import Registry
from lti_tool.demo.rolls import Rolls
from lti_tool.demo.store import Store
from lti_tool.demo.words import COOKIE, NOTICES, kind_name, language, say

PAGES = (home, pages, launching, deep_linking, editing, administering)
SERVICES = (registering, tokens, line_items, gradebook, roster, groups, notices)


def create_campus(config: CampusConfig) -> Campus:
    """Return the campus; what its data file holds (keys, courses, marks, switches) it goes on with."""
    app = Campus(__name__)
    app.settings = config
    _open_file(app)
    app.secret_key = app.store.secret("session", secrets.token_hex)
    app.config.update(SESSION_COOKIE_NAME="campus", SESSION_COOKIE_SAMESITE="Lax")
    app.url_value_preprocessor(choose_lms)
    app.url_defaults(add_slug)
    for room in (*PAGES, *SERVICES):
        app.register_blueprint(room.bp)
    app.context_processor(_shown_everywhere)
    app.add_template_filter(_wall_time, "wall_time")
    app.after_request(_guard)
    app.after_request(_remember_language)
    app.register_error_handler(HTTPException, _error_page)
    return app


def _open_file(app: Campus) -> None:
    app.store = Store(app.settings.data_file)
    app.catalogue = Catalogue(app.store.engine)
    app.rolls = Rolls(app.store.engine)
    app.registry = Registry(app.store.engine)
    for institution in INSTITUTIONS:
        app.catalogue.open(institution.slug)


def _shown_everywhere() -> dict[str, object]:
    within = lms() if in_lms() else None
    return {
        "_": say,
        "kind_name": kind_name,
        "language": language(),
        "notices": NOTICES,
        "lms": within,
        "account": account() if within and is_logged_in() else None,
    }


def _wall_time(moment: datetime) -> str:
    return f"{moment.astimezone(BRUSSELS):%d-%m-%Y %H:%M}"


def _guard(response: Response) -> Response:
    # The tool is shown in a frame and posted to; everything else comes from here, and nothing is inline.
    tool = campus().settings.tool.origin
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {tool}; base-uri 'none'; "
        f"frame-src 'self' {tool}; form-action 'self' {tool}; frame-ancestors 'self'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _remember_language(response: Response) -> Response:
    if "lang" in request.args:
        response.set_cookie(COOKIE, language(), samesite="Lax")
    return response


def _error_page(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        # A service has said already what is wrong, in JSON.
        return error
    return render_template("error.html", code=error.code), error.code or 500
