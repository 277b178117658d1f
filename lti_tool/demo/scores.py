"""Scores as a tool sends them (AGS 2.0, section 3.4), and what a gradebook keeps of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ACTIVITY_PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
HIGHEST_NUMBER = 1_000_000
YEARS = range(2000, 2200)
GRADING_PROGRESS = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")


class ScoreError(Exception):
    """A score whose `field` is missing or says something that it may not."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class OlderScoreError(Exception):
    """A score that is not newer than the `kept` one."""

    def __init__(self, kept: datetime) -> None:
        super().__init__(kept)
        self.kept = kept


@dataclass(frozen=True)
class Score:
    """One score; `given` is None where it clears the mark, as anything not fully graded does."""

    sub: str
    given: float | None
    maximum: float
    comment: str
    moment: datetime

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("a score needs an aware moment")
        if self.maximum <= 0 or (self.given is not None and self.given < 0):
            raise ValueError("a score is at least 0 of more than 0")

    def scaled(self, maximum: float) -> float | None:
        """Return the mark out of `maximum`, to two decimals."""
        return None if self.given is None else round(self.given / self.maximum * maximum, 2)


def read_score(body: object) -> Score:
    """Return the score in a parsed JSON body; raise `ScoreError` with the first field that is wrong."""
    if not isinstance(body, Mapping):
        raise ScoreError("body")
    _one_of(body, "activityProgress", ACTIVITY_PROGRESS)
    grading = _one_of(body, "gradingProgress", GRADING_PROGRESS)
    given, maximum = None, 1.0
    if "scoreGiven" in body:
        given, maximum = _number(body, "scoreGiven"), _number(body, "scoreMaximum")
        if maximum == 0:
            raise ScoreError("scoreMaximum")
    return Score(
        sub=_text(body, "userId"),
        given=given if grading == "FullyGraded" else None,
        maximum=maximum,
        comment=_text(body, "comment") if "comment" in body else "",
        moment=_moment(body),
    )


def _text(body: Mapping[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise ScoreError(field)
    return value


def _one_of(body: Mapping[str, Any], field: str, allowed: tuple[str, ...]) -> str:
    value = _text(body, field)
    if value not in allowed:
        raise ScoreError(field)
    return value


def _number(body: Mapping[str, Any], field: str) -> float:
    value = body.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= HIGHEST_NUMBER:
        raise ScoreError(field)
    return float(value)


def _moment(body: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(body, "timestamp"))
    except ValueError:
        raise ScoreError("timestamp") from None
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ScoreError("timestamp")
    return moment
