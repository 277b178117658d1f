"""Content items as a tool returns them (Deep Linking 2.0), and the links that they become."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti_tool.demo.catalogue import Column
from lti_tool.demo.config import ToolUrls, origin
from lti_tool.demo.courses import Link, Target

LINK_TYPE = "ltiResourceLink"


class ItemError(Exception):
    """A content item of which a property (`field`) is missing or says something that it may not."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Item:
    """A link to place, and the column that it brings where it has one."""

    link: Link
    column: Column | None


def read_item(body: object, tool: ToolUrls, client_id: str) -> Item:
    """Return one content item; raise `ItemError` with the first property that is wrong."""
    item = _object(body, "content_items")
    if item.get("type") != LINK_TYPE:
        raise ItemError("type")
    column = (
        _column(_object(item["lineItem"], "lineItem"), _text(item, "title")) if "lineItem" in item else None
    )
    for name in ("available", "submission"):
        _check_period(item, name)
    link = Link(
        id="",
        title=_text(item, "title") or "Klimop",
        custom=_custom(item),
        text=_text(item, "text"),
        url=_address(item, "url", tool),
        icon=_picture(item, "icon", tool),
        target=_target(item),
        client_id=client_id,
    )
    _picture(item, "thumbnail", tool)
    return Item(link, column)


def _object(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ItemError(field)
    return value


def _text(item: Mapping[str, Any], field: str) -> str:
    value = item.get(field, "")
    if not isinstance(value, str):
        raise ItemError(field)
    return value


def _address(item: Mapping[str, Any], field: str, tool: ToolUrls) -> str:
    # A link opens the tool that was registered, and nothing of anybody else.
    url = _text(item, field)
    if field in item and origin(url) != tool.origin:
        raise ItemError(field)
    return url


def _picture(item: Mapping[str, Any], field: str, tool: ToolUrls) -> str:
    if field not in item:
        return ""
    picture = _object(item[field], field)
    for size in ("width", "height"):
        _check_size(picture, size, field)
    if "url" not in picture:
        raise ItemError(field)
    return _address(picture, "url", tool)


def _target(item: Mapping[str, Any]) -> Target:
    for name in ("iframe", "window"):
        for size in ("width", "height"):
            _check_size(_object(item.get(name, {}), name), size, name)
    return Target.WINDOW if "window" in item and "iframe" not in item else Target.IFRAME


def _check_size(sized: Mapping[str, Any], name: str, field: str) -> None:
    size = sized.get(name, 1)
    if isinstance(size, bool) or not isinstance(size, int) or size <= 0:
        raise ItemError(field)


def _custom(item: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    custom = _object(item.get("custom", {}), "custom")
    if not all(isinstance(value, str) for value in custom.values()):
        raise ItemError("custom")
    return tuple(custom.items())


def _column(line_item: Mapping[str, Any], title: str) -> Column:
    maximum = line_item.get("scoreMaximum")
    if isinstance(maximum, bool) or not isinstance(maximum, int | float) or maximum <= 0:
        raise ItemError("lineItem")
    label = _text(line_item, "label") or title or "Klimop"
    return Column(label, float(maximum), _text(line_item, "tag"), _text(line_item, "resourceId"))


def _check_period(item: Mapping[str, Any], field: str) -> None:
    period = _object(item.get(field, {}), field)
    for name in ("startDateTime", "endDateTime"):
        if name in period:
            _check_moment(_text(period, name), field)


def _check_moment(value: str, field: str) -> None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ItemError(field) from None
    if moment.tzinfo is None:
        raise ItemError(field)
