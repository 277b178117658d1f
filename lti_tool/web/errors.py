"""Errors in the reader's language: what happened, that nothing is lost, what to do."""

import logging
from dataclasses import dataclass

from flask import Flask, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from lti_tool import clock
from lti_tool.logs import trail
from lti_tool.lti.refusals import LaunchRefusedError
from lti_tool.lti.roles import Role
from lti_tool.services.agendas.sources import NoAgendaError
from lti_tool.services.platforms import operating
from lti_tool.services.study.learning import CohortEndedError, NotEnrolledError, NotPlacedError
from lti_tool.web.access import SignedOutError
from lti_tool.web.frame import course_url
from lti_tool.web.refusals import explain
from lti_tool.web.state import database
from lti_tool.web.translate import LazyString, _l

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    title: str | LazyString
    text: str | LazyString


BY_STATUS = {
    400: Words(_l("We could not read what you sent"), _l("Go back, reload the page and try again.")),
    403: Words(
        _l("This page is not for you"),
        _l(
            "Your role in this course does not open it. Open Klimop again from your course, or ask your "
            "teacher."
        ),
    ),
    404: Words(
        _l("This page does not exist"),
        _l("The page has moved or never was. Go back to your course and open Klimop again."),
    ),
    405: Words(_l("We could not read what you sent"), _l("Go back, reload the page and try again.")),
    413: Words(_l("That file is too large"), _l("Choose a file of at most 10 MB. Nothing was saved.")),
    500: Words(
        _l("Something went wrong on our side"),
        _l(
            "What you saved before is safe. Try again in a minute; if it stays, tell your institution's "
            "support."
        ),
    ),
}
FORGED = Words(
    _l("That form has expired"),
    _l("Nothing was saved. Go back to your course, open Klimop again and send it once more."),
)
SIGNED_OUT = Words(
    _l("Open Klimop again from your course"),
    _l(
        "This page belongs to a visit that is over, or your browser kept back our cookie. "
        "Nothing is lost: go back to your course and open Klimop again."
    ),
)
NOT_PLACED = Words(
    _l("This link opens nothing yet"),
    _l(
        "It came along with a copied course, or its cohort has ended. Nothing of yours is lost. Tell your "
        "teacher: opening this link shows a teacher how to set it, in a minute."
    ),
)

COHORT_ENDED = Words(
    _l("This cohort has ended"),
    _l("Its pages are closed. What you did in it is kept; ask your teacher if you still need it."),
)


def init_errors(app: Flask) -> None:
    app.register_error_handler(SignedOutError, _signed_out)
    app.register_error_handler(NotPlacedError, _not_placed)
    app.register_error_handler(CohortEndedError, _cohort_ended)
    app.register_error_handler(NotEnrolledError, _not_enrolled)
    app.register_error_handler(NoAgendaError, _not_there)
    app.register_error_handler(LaunchRefusedError, _launch_refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DataError, _nonsense)
    app.register_error_handler(500, _crashed)


def _signed_out(_error: Exception) -> ResponseReturnValue:
    return _page(SIGNED_OUT, 401)


def _not_placed(_error: Exception) -> ResponseReturnValue:
    """Show teachers where they can do something about it."""
    if g.visitor.role is Role.TEACHER and g.visitor.deep_linking is not None:
        return redirect(url_for("picker.choose"), 303)
    if g.visitor.role is Role.TEACHER and g.visitor.link_id is not None:
        return redirect(url_for("picker.repoint"), 303)
    return _page(NOT_PLACED, 404)


def _cohort_ended(_error: Exception) -> ResponseReturnValue:
    if g.visitor.is_team:
        return redirect(url_for("cohort.ended"), 303)
    return _page(COHORT_ENDED, 404)


def _not_enrolled(_error: Exception) -> ResponseReturnValue:
    return _page(BY_STATUS[403], 403)


def _not_there(_error: Exception) -> ResponseReturnValue:
    # Someone else's is as good as none.
    return _page(BY_STATUS[404], 404)


def _launch_refused(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, LaunchRefusedError):
        raise error
    refusal = explain(error)
    log.warning("launch refused: %s", error.reason.value)
    if refusal.for_administrators:
        _note_for_operators(error)
    page = render_template(
        "error.html",
        title=refusal.title,
        text=refusal.text,
        details=error.values,
        for_administrators=refusal.for_administrators,
        code=error.reason.value,
    )
    return page, refusal.status


def _note_for_operators(error: LaunchRefusedError) -> None:
    with database().begin() as db:
        operating.note_refusal(db, error.reason.value, error.values, error.registration_id, clock.now())


def _http_error(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, HTTPException):
        raise error
    status = error.code or 500
    if status < 400:
        return error
    if status == 403 and error.description == "csrf":
        return _page(FORGED, 403)
    return _page(BY_STATUS.get(status, BY_STATUS[400 if status < 500 else 500]), status)


def _nonsense(error: Exception) -> ResponseReturnValue:
    # No one types what a database cannot hold, such as a NUL; programs do.
    log.warning("nonsense refused: %s", trail(error))
    return _page(BY_STATUS[400], 400)


def _crashed(_error: Exception) -> ResponseReturnValue:
    return _page(BY_STATUS[500], 500)


def _page(words: Words, status: int) -> ResponseReturnValue:
    way_back = course_url(error=str(words.title), code=str(status)) if "visitor" in g else None
    page = render_template(
        "error.html",
        title=words.title,
        text=words.text,
        details={},
        for_administrators=False,
        code="",
        course_url=way_back,
    )
    return page, status
