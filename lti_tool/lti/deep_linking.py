"""Deep Linking 2.0: the links that a teacher chose, signed and on their way to her course."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lti_tool.lti.ags import WantedLineItem
from lti_tool.lti.claims import DEPLOYMENT_ID, MESSAGE_TYPE, VERSION, DeepLinkingClaim
from lti_tool.lti.keys import ToolKey
from lti_tool.lti.platform import PlatformRegistration, is_web_url
from lti_tool.lti.tokens import CLOCK_MARGIN

DL = "https://purl.imsglobal.org/spec/lti-dl/claim"
CONTENT_ITEMS = f"{DL}/content_items"
DATA = f"{DL}/data"
LINK = "ltiResourceLink"
FRAME, WINDOW = "iframe", "window"
RESPONSE_LIFETIME = timedelta(minutes=5)


class LinksNotTakenError(Exception):
    """The platform did not ask for links to tools here; `accept_types` are what it takes."""

    def __init__(self, accept_types: tuple[str, ...]) -> None:
        super().__init__(accept_types)
        self.accept_types = accept_types


class OneLinkTakenError(Exception):
    """The platform takes a single link, and got `links`."""

    def __init__(self, links: int) -> None:
        super().__init__(links)
        self.links = links


@dataclass(frozen=True, kw_only=True)
class LinkItem:
    """A link to place (section 3.2). The icon is square, `icon_pixels` wide.

    `frame_height` is in pixels, 0 for the platform's own. One that `opens_window` is to have a window of its
    own where the platform leaves that to us.
    """

    title: str
    url: str
    text: str = ""
    icon_url: str = ""
    icon_pixels: int = 128
    custom: Mapping[str, str] = field(default_factory=dict)
    line_item: WantedLineItem | None = None
    frame_height: int = 0
    opens_window: bool = False

    def __post_init__(self) -> None:
        if not self.title or not is_web_url(self.url):
            raise ValueError("a link has a title and a web address")
        if self.icon_url and not is_web_url(self.icon_url):
            raise ValueError("an icon has a web address")
        if self.icon_pixels <= 0 or self.frame_height < 0:
            raise ValueError("an icon or a frame has a size")


def deep_linking_response(
    settings: DeepLinkingClaim,
    items: Sequence[LinkItem],
    *,
    platform: PlatformRegistration,
    deployment_id: str,
    key: ToolKey,
    now: datetime,
    message: str = "",
    error_message: str = "",
    log: str = "",
) -> str:
    """Return the signed answer (section 4.5) to post as `JWT` to the settings' return URL.

    Says of each item what the platform takes. No items is how a teacher cancels. `message` and
    `error_message` are for her to read, `log` is for the platform's log. Raises LinksNotTakenError or
    OneLinkTakenError where the platform would refuse the items.
    """
    if items and not _is_named(LINK, settings.accept_types):
        raise LinksNotTakenError(settings.accept_types)
    if len(items) > 1 and not settings.accept_multiple:
        raise OneLinkTakenError(len(items))
    told = {DATA: settings.data, f"{DL}/msg": message, f"{DL}/errormsg": error_message, f"{DL}/log": log}
    claims: dict[str, object] = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": int((now - CLOCK_MARGIN).timestamp()),
        "exp": int((now + RESPONSE_LIFETIME).timestamp()),
        "nonce": secrets.token_urlsafe(24),
        DEPLOYMENT_ID: deployment_id,
        MESSAGE_TYPE: "LtiDeepLinkingResponse",
        VERSION: "1.3.0",
        CONTENT_ITEMS: [_content_item(item, settings) for item in items],
    }
    return key.sign(claims | {name: value for name, value in told.items() if value})


def _content_item(item: LinkItem, settings: DeepLinkingClaim) -> dict[str, object]:
    icon = {"url": item.icon_url, "width": item.icon_pixels, "height": item.icon_pixels}
    members: dict[str, object] = {
        "title": item.title,
        "text": item.text,
        "icon": icon if item.icon_url else None,
        "custom": dict(item.custom),
        "lineItem": _line_item(item.line_item) if item.line_item and settings.accept_line_item else None,
        "iframe": {"height": item.frame_height}
        if item.frame_height and _is_named(FRAME, settings.accept_targets)
        else None,
        "window": {"targetName": "_blank"}
        if item.opens_window and _is_named(WINDOW, settings.accept_targets)
        else None,
    }
    return {"type": LINK, "url": item.url} | {name: value for name, value in members.items() if value}


def _line_item(wanted: WantedLineItem) -> dict[str, object]:
    # The platform makes the resource link, so its id cannot be among these.
    ids = {"tag": wanted.tag, "resourceId": wanted.resource_id}
    column: dict[str, object] = {"label": wanted.label, "scoreMaximum": wanted.maximum}
    return column | {name: value for name, value in ids.items() if value}


def _is_named(one: str, accepted: Sequence[str]) -> bool:
    """Return whether a platform takes `one`; where it names nothing at all it leaves that open."""
    return not accepted or one in accepted
