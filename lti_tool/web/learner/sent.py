"""What learners send while they study; nonsense is refused with 400."""

import re

from flask import abort, request

from content.checked import Refused
from content.spans import Span

MAX_SPANS = 500
MAX_REPORT_BYTES = 64 * 1024
TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}")
ANSWER = "answer-"


def answers() -> dict[str, tuple[str, ...]]:
    """Return what was answered to each question."""
    return {
        name.removeprefix(ANSWER): tuple(request.form.getlist(name))
        for name in request.form
        if name.startswith(ANSWER)
    }


def ticket() -> str:
    """Return the form's own name for this attempt, which makes a double click one attempt."""
    given = request.form.get("ticket", "")
    if not TICKET.fullmatch(given):
        abort(400)
    return given


def report() -> object:
    """Return the JSON that video.js posts, whatever it holds."""
    if (request.content_length or 0) > MAX_REPORT_BYTES:
        abort(413)
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets within brackets
        abort(400)


def spans_of(report: object) -> tuple[list[Span], float, float]:
    """Return what was played, the position and the duration; raise `Refused` where it is nonsense."""
    try:
        match report:
            case {"position": position, "duration": duration, "played": [*played]} if (
                len(played) <= MAX_SPANS
            ):
                spans = [Span(float(start), float(end)) for start, end in played if end > start]
                return spans, float(position), float(duration)
    except (TypeError, ValueError, OverflowError):
        raise Refused(()) from None
    raise Refused(())
