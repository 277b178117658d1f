"""What platforms tell by themselves (Platform Notification Service 1.0); nobody is there to read a page."""

import logging

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.notices import read_notice, read_notices
from lti_tool.lti.refusals import LaunchRefusedError
from lti_tool.services.courses import noticing
from lti_tool.web.refusals import explain
from lti_tool.web.state import database, state

bp = Blueprint("notices_in", __name__, url_prefix="/lti")

log = logging.getLogger(__name__)
TAKEN_IN = 200


@bp.post("/notices")
def receive() -> ResponseReturnValue:
    """Take in every notice that holds; a platform sends the others, or all of them, again."""
    try:
        tokens = read_notices(request.get_data())
    except LaunchRefusedError as refusal:
        return _refused(refusal)
    return {}, max((_take_in(token) for token in tokens), default=TAKEN_IN)


def _take_in(token: str) -> int:
    """Return 200, or the status that says why this is no notice for us."""
    try:
        notice = read_notice(
            token,
            registrations=state().registrations,
            platform_keys=state().platform_keys,
            now=clock.now(),
        )
    except LaunchRefusedError as refusal:
        return _refused(refusal)[1]
    with database().begin() as db:
        noticing.note_notice(db, notice)
    return TAKEN_IN


def _refused(refusal: LaunchRefusedError) -> tuple[dict[str, str], int]:
    log.warning("notice refused: %s", refusal.reason.value)
    return {"error": refusal.reason.value}, explain(refusal).status
