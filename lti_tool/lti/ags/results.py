"""Results out of a gradebook (AGS 2.0, result service)."""

from dataclasses import dataclass

from lti_tool.lti.ags.wire import SCOPE, below
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.http import with_query
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError, parse_objects

RESULT_SCOPE = f"{SCOPE}/result.readonly"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
# A result that names no maximum is out of one.
DEFAULT_MAXIMUM = 1.0


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a gradebook holds for a person; `score` is None where that is no mark."""

    subject: str
    score: float | None
    maximum: float
    comment: str = ""


def read_results(
    connector: PlatformConnector, line_item_url: str, *, subject: str = ""
) -> tuple[Result, ...]:
    """Return what the gradebook holds in this column, of everyone or of `subject`, ordered by subject."""
    url = with_query(below(line_item_url, "results"), {"user_id": subject})
    try:
        read = [
            _result(entry)
            for page in connector.pages(url, scopes=[RESULT_SCOPE], accept=RESULTS_TYPE)
            for entry in parse_objects(page)
        ]
    except (InvalidValueError, MissingValueError):
        connector.give_up("unreadable results")
    results = {result.subject: result for result in read if subject in ("", result.subject)}
    return tuple(results[name] for name in sorted(results))


def _result(entry: JsonObject) -> Result:
    maximum = _mark(entry, "resultMaximum")
    return Result(
        subject=entry.identifier("userId"),
        score=_mark(entry, "resultScore"),
        maximum=DEFAULT_MAXIMUM if maximum is None or maximum <= 0 else maximum,
        comment=entry.text("comment"),
    )


def _mark(entry: JsonObject, name: str) -> float | None:
    """Return the number at `name`, which may be below 0: a teacher may have filled it in by hand."""
    value = entry.values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e11:
        raise InvalidValueError(name)
    return float(value)
