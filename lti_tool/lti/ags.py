"""Assignment and Grade Services 2.0: scores to a gradebook, and the line item to put them in."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import urlsplit

from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError, parse_objects

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope"
SCORE_SCOPE = f"{SCOPE}/score"
LINE_ITEM_SCOPE = f"{SCOPE}/lineitem"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"


class ActivityProgress(str, Enum):
    """How far someone is (section 4.5)."""

    INITIALIZED = "Initialized"
    STARTED = "Started"
    IN_PROGRESS = "InProgress"
    SUBMITTED = "Submitted"
    COMPLETED = "Completed"


class GradingProgress(str, Enum):
    """How far the marking is (section 4.6). Moodle clears the mark for anything but FULLY_GRADED."""

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
    """

    subject: str
    given: float
    maximum: float
    timestamp: datetime
    comment: str = ""
    activity_progress: ActivityProgress = ActivityProgress.COMPLETED
    grading_progress: GradingProgress = GradingProgress.FULLY_GRADED

    def __post_init__(self) -> None:
        if not self.subject:
            raise ValueError("a score is someone's")
        if not (math.isfinite(self.given) and math.isfinite(self.maximum)):
            raise ValueError("a score is a number")
        if self.given < 0 or self.maximum <= 0:
            raise ValueError("a score is at least 0, of a maximum above 0")
        if self.timestamp.tzinfo is None:
            raise ValueError("a score needs an aware timestamp")


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """A column of the gradebook. `tag` and `resource_link_id` tell ours from one another."""

    label: str
    maximum: float
    tag: str
    resource_link_id: str = ""

    def __post_init__(self) -> None:
        if not self.label or not self.tag or not 0 < self.maximum < math.inf:
            raise ValueError("a line item has a label, a tag and a maximum above 0")


def send_score(connector: PlatformConnector, line_item_url: str, score: Score) -> Delivery:
    """Put `score` in the gradebook; ALREADY_THERE where that holds one of the same second or later."""
    content = {
        "userId": score.subject,
        "scoreGiven": score.given,
        "scoreMaximum": score.maximum,
        "timestamp": score.timestamp.astimezone(UTC).isoformat(timespec="milliseconds"),
        "activityProgress": score.activity_progress.value,
        "gradingProgress": score.grading_progress.value,
    } | ({"comment": score.comment} if score.comment else {})
    url, headers = scores_url(line_item_url), {"Content-Type": SCORE_TYPE}
    try:
        connector.call("POST", url, scopes=[SCORE_SCOPE], headers=headers, content=content)
    except PlatformRefusedError as refusal:
        if refusal.status != 409:
            raise
        return Delivery.ALREADY_THERE
    return Delivery.DELIVERED


def find_or_create_line_item(connector: PlatformConnector, line_items_url: str, wanted: LineItem) -> str:
    """Return the URL of the line item with the wanted tag and resource link, made now where there is none."""
    try:
        for page in connector.pages(line_items_url, scopes=[LINE_ITEM_SCOPE], accept=LINE_ITEMS_TYPE):
            for item in parse_objects(page):
                if _matches(item, wanted):
                    return item.required_url("id")
        return _create_line_item(connector, line_items_url, wanted)
    except (InvalidValueError, MissingValueError):
        connector.give_up("unreadable line items")


def _create_line_item(connector: PlatformConnector, line_items_url: str, wanted: LineItem) -> str:
    content = {"label": wanted.label, "scoreMaximum": wanted.maximum, "tag": wanted.tag} | (
        {"resourceLinkId": wanted.resource_link_id} if wanted.resource_link_id else {}
    )
    headers = {"Accept": LINE_ITEM_TYPE, "Content-Type": LINE_ITEM_TYPE}
    created = connector.call(
        "POST", line_items_url, scopes=[LINE_ITEM_SCOPE], headers=headers, content=content
    )
    return JsonObject.parse(created.body).required_url("id")


def scores_url(line_item_url: str) -> str:
    """Return where a line item's scores go: `/scores` behind the path, before the query."""
    parts = urlsplit(line_item_url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/scores").geturl()


def _matches(item: JsonObject, wanted: LineItem) -> bool:
    found = item.values.get("tag"), item.values.get("resourceLinkId") or ""
    return found == (wanted.tag, wanted.resource_link_id)
