"""Errors in the reader's language: what happened, that nothing is lost, what to do."""

import logging
from dataclasses import dataclass

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from lti_tool.lti.refusals import LaunchRefusedError
from lti_tool.services.learning import NotEnrolledError, NotPlacedError
from lti_tool.web.access import SignedOutError
from lti_tool.web.refusals import explain
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
    _l("This link does not open a module yet"),
    _l(
        "It was copied or set up without a cohort, or the cohort is not one of your institution. Nothing is "
        "lost. "
        "Ask your teacher to set the link's custom parameter: cohort=…"
    ),
)


def init_errors(app: Flask) -> None:
    app.register_error_handler(SignedOutError, _signed_out)
    app.register_error_handler(NotPlacedError, _not_placed)
    app.register_error_handler(NotEnrolledError, _not_enrolled)
    app.register_error_handler(LaunchRefusedError, _launch_refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _crashed)


def _signed_out(_error: Exception) -> ResponseReturnValue:
    return _page(SIGNED_OUT, 401)


def _not_placed(_error: Exception) -> ResponseReturnValue:
    return _page(NOT_PLACED, 404)


def _not_enrolled(_error: Exception) -> ResponseReturnValue:
    return _page(BY_STATUS[403], 403)


def _launch_refused(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, LaunchRefusedError):
        raise error
    refusal = explain(error)
    log.warning("launch refused: %s", error.reason.value)
    page = render_template(
        "error.html",
        title=refusal.title,
        text=refusal.text,
        details=error.values,
        for_administrators=refusal.for_administrators,
        code=error.reason.value,
    )
    return page, refusal.status


def _http_error(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, HTTPException):
        raise error
    status = error.code or 500
    if status < 400:
        return error
    if status == 403 and error.description == "csrf":
        return _page(FORGED, 403)
    return _page(BY_STATUS.get(status, BY_STATUS[400 if status < 500 else 500]), status)


def _crashed(_error: Exception) -> ResponseReturnValue:
    return _page(BY_STATUS[500], 500)


def _page(words: Words, status: int) -> ResponseReturnValue:
    page = render_template(
        "error.html", title=words.title, text=words.text, details={}, for_administrators=False, code=""
    )
    return page, status
