"""Scores into a gradebook (AGS 2.0, score publish service)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from lti_tool.lti.ags.wire import SCOPE, below, require_aware, written
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError

SCORE_SCOPE = f"{SCOPE}/score"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"


class ActivityProgress(str, Enum):
    """How far someone is (`activityProgress`)."""

    INITIALIZED = "Initialized"
    STARTED = "Started"
    IN_PROGRESS = "InProgress"
    SUBMITTED = "Submitted"
    COMPLETED = "Completed"


class GradingProgress(str, Enum):
    """How far the marking is (`gradingProgress`). Moodle clears the mark for anything but FULLY_GRADED."""

    FULLY_GRADED = "FullyGraded"
    PENDING = "Pending"
    PENDING_MANUAL = "PendingManual"
    FAILED = "Failed"
    NOT_READY = "NotReady"


class Delivery(str, Enum):
    """What became of a score."""

    DELIVERED = "delivered"
    ALREADY_THERE = "already_there"


@dataclass(frozen=True, kw_only=True)
class Score:
    """A person's mark.

    A later score needs a `timestamp` in a later second. One without a comment erases an earlier comment.
    `extension` are members beside the standard's own, by their full names.
    """

    subject: str
    given: float
    maximum: float
    timestamp: datetime
    comment: str = ""
    activity_progress: ActivityProgress = ActivityProgress.COMPLETED
    grading_progress: GradingProgress = GradingProgress.FULLY_GRADED
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    extension: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.subject:
            raise ValueError("a score is someone's")
        if not (math.isfinite(self.given) and math.isfinite(self.maximum)):
            raise ValueError("a score is a number")
        if self.given < 0 or self.maximum <= 0:
            raise ValueError("a score is at least 0, of a maximum above 0")
        require_aware(self.timestamp, self.started_at, self.submitted_at)


def send_score(connector: PlatformConnector, line_item_url: str, score: Score) -> Delivery:
    """Put `score` in the gradebook; ALREADY_THERE where that holds one of the same second or later."""
    url, headers = scores_url(line_item_url), {"Content-Type": SCORE_TYPE}
    try:
        connector.call("POST", url, scopes=[SCORE_SCOPE], headers=headers, content=_content(score))
    except PlatformRefusedError as refusal:
        if refusal.status != 409:
            raise
        return Delivery.ALREADY_THERE
    return Delivery.DELIVERED


def scores_url(line_item_url: str) -> str:
    """Return where a line item's scores go: `/scores` behind the path, before the query."""
    return below(line_item_url, "scores")


def _content(score: Score) -> dict[str, object]:
    submission = {"startedAt": written(score.started_at), "submittedAt": written(score.submitted_at)}
    named = {"comment": score.comment, "submission": {name: at for name, at in submission.items() if at}}
    return {
        **score.extension,
        "userId": score.subject,
        "scoreGiven": score.given,
        "scoreMaximum": score.maximum,
        "timestamp": written(score.timestamp),
        "activityProgress": score.activity_progress.value,
        "gradingProgress": score.grading_progress.value,
    } | {name: value for name, value in named.items() if value}
