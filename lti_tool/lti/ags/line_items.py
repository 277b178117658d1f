"""The columns of a gradebook (AGS 2.0, line item service)."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from lti_tool.lti.ags.wire import SCOPE, require_aware, written
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError
from lti_tool.lti.http import with_query
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError, parse_objects

LINE_ITEM_SCOPE = f"{SCOPE}/lineitem"
LINE_ITEM_READ_SCOPE = f"{SCOPE}/lineitem.readonly"
READ_SCOPES = (LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE)
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
# What platforms answer about a line item that was taken away.
GONE = (404, 410)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class WantedLineItem:
    """A column as we want it. `tag`, `resource_id` and `resource_link_id` tell ours from one another."""

    label: str
    maximum: float
    tag: str
    resource_id: str = ""
    resource_link_id: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.label or not self.tag or not 0 < self.maximum < math.inf:
            raise ValueError("a line item has a label, a tag and a maximum above 0")
        require_aware(self.starts_at, self.ends_at)


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """A column as a platform tells of it: empty, 0 or None where it says nothing.

    One with a `resource_link_id` belongs to a placed link, and goes with it.
    """

    url: str
    label: str = ""
    maximum: float = 0.0
    tag: str = ""
    resource_id: str = ""
    resource_link_id: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def read_line_items(
    connector: PlatformConnector,
    line_items_url: str,
    *,
    tag: str = "",
    resource_link_id: str = "",
    resource_id: str = "",
) -> tuple[LineItem, ...]:
    """Return the course's line items, all or those that match; in the platform's order.

    Asks for the right to read, or where that is not granted for the right to write.
    """
    # No page size is asked for: Moodle's links to further pages are wrong where one is.
    wanted = {"tag": tag, "resource_link_id": resource_link_id, "resource_id": resource_id}
    url = with_query(line_items_url, wanted)
    items = _with_either(READ_SCOPES, lambda scope: _read_all(connector, url, scope))
    # Some platforms leave the filters aside.
    return tuple(
        item
        for item in items
        if tag in ("", item.tag)
        and resource_link_id in ("", item.resource_link_id)
        and resource_id in ("", item.resource_id)
    )


def read_line_item(connector: PlatformConnector, line_item_url: str) -> LineItem:
    """Return the line item, or raise PlatformRefusedError with status 404 where it is gone."""
    return _with_either(READ_SCOPES, lambda scope: _read_one(connector, line_item_url, scope))


def find_or_create_line_item(
    connector: PlatformConnector,
    line_items_url: str,
    wanted: WantedLineItem,
    *,
    besides: Collection[str] = (),
) -> LineItem:
    """Return the line item with the wanted tag (and link, where wanted), made now where there is none.

    One that belongs to a link that is not wanted, or that bears another resource id, is returned only if
    there is no other; one of those `besides` never is.
    """
    found = read_line_items(
        connector, line_items_url, tag=wanted.tag, resource_link_id=wanted.resource_link_id
    )
    link_id, resource_id = wanted.resource_link_id, wanted.resource_id
    free = [item for item in found if item.url not in besides]
    if free:
        return min(free, key=lambda item: (item.resource_link_id != link_id, item.resource_id != resource_id))
    return _create(connector, line_items_url, wanted)


def update_line_item(connector: PlatformConnector, line_item_url: str, wanted: WantedLineItem) -> None:
    """Make the line item say what is `wanted`; what that leaves empty stays as it is there."""
    there = _content(_read_one(connector, line_item_url, LINE_ITEM_SCOPE))
    content = there | _content(wanted)
    if content != there:
        headers = {"Accept": LINE_ITEM_TYPE, "Content-Type": LINE_ITEM_TYPE}
        connector.call("PUT", line_item_url, scopes=[LINE_ITEM_SCOPE], headers=headers, content=content)


def delete_line_item(connector: PlatformConnector, line_item_url: str) -> None:
    """Take the line item away with all its scores; one that is gone already is fine."""
    try:
        connector.call("DELETE", line_item_url, scopes=[LINE_ITEM_SCOPE], headers={"Accept": LINE_ITEM_TYPE})
    except PlatformRefusedError as refusal:
        if refusal.status not in GONE:
            raise


def _create(connector: PlatformConnector, line_items_url: str, wanted: WantedLineItem) -> LineItem:
    headers = {"Accept": LINE_ITEM_TYPE, "Content-Type": LINE_ITEM_TYPE}
    created = connector.call(
        "POST", line_items_url, scopes=[LINE_ITEM_SCOPE], headers=headers, content=_content(wanted)
    )
    try:
        url = JsonObject.parse(created.body).required_url("id")
    except (InvalidValueError, MissingValueError):
        connector.give_up("unreadable line items")
    return LineItem(url=url, **vars(wanted))


def _read_all(connector: PlatformConnector, url: str, scope: str) -> tuple[LineItem, ...]:
    try:
        return tuple(
            _line_item(entry)
            for page in connector.pages(url, scopes=[scope], accept=LINE_ITEMS_TYPE)
            for entry in parse_objects(page)
        )
    except (InvalidValueError, MissingValueError):
        connector.give_up("unreadable line items")


def _read_one(connector: PlatformConnector, url: str, scope: str) -> LineItem:
    answer = connector.call("GET", url, scopes=[scope], headers={"Accept": LINE_ITEM_TYPE})
    try:
        return _line_item(JsonObject.parse(answer.body))
    except (InvalidValueError, MissingValueError):
        connector.give_up("unreadable line items")


def _with_either(scopes: tuple[str, str], read: Callable[[str], T]) -> T:
    """Return what is read with the first scope, or with the second where the platform refuses the first."""
    lesser, greater = scopes
    try:
        return read(lesser)
    except PlatformRefusedError as refusal:
        if refusal.error != "invalid_scope" and refusal.status not in (401, 403):
            raise
    return read(greater)


def _content(item: WantedLineItem | LineItem) -> dict[str, object]:
    named = {
        "tag": item.tag,
        "resourceId": item.resource_id,
        "resourceLinkId": item.resource_link_id,
        "startDateTime": written(item.starts_at),
        "endDateTime": written(item.ends_at),
    }
    required = {"label": item.label, "scoreMaximum": item.maximum}
    return required | {name: value for name, value in named.items() if value}


def _line_item(entry: JsonObject) -> LineItem:
    return LineItem(
        url=entry.required_url("id"),
        label=entry.text("label"),
        maximum=0.0 if entry.values.get("scoreMaximum") is None else entry.number("scoreMaximum"),
        tag=entry.text("tag"),
        resource_id=entry.text("resourceId"),
        resource_link_id=entry.text("resourceLinkId"),
        starts_at=_moment(entry.text("startDateTime")),
        ends_at=_moment(entry.text("endDateTime")),
    )


def _moment(text: str) -> datetime | None:
    # Dates are no more than a hint, so one that cannot be read is as good as none.
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
