from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import jwt
import pytest

from lti_tool.lti.ags import WantedLineItem
from lti_tool.lti.claims import DeepLinkingClaim
from lti_tool.lti.deep_linking import (
    LinkItem,
    LinksNotTakenError,
    OneLinkTakenError,
    deep_linking_response,
)
from lti_tool.lti.platform import PlatformRegistration
from tests.lti_tool.lti.world import CLAIM, NOW, platform_key

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS = DeepLinkingClaim(
    return_url="https://lms.example/return?a=b&c=d",
    data="csrf=1",
    accept_types=("link", "ltiResourceLink"),
    accept_multiple=True,
    accept_line_item=True,
    accept_targets=("iframe", "window"),
)
PLATFORM = PlatformRegistration(
    id=1,
    issuer="https://lms.example",
    client_id="klimop",
    auth_login_url="https://lms.example/auth",
    token_url="https://lms.example/token",
    jwks_url="https://lms.example/jwks",
)
COLUMN = WantedLineItem(label="Care", maximum=20, tag="klimop.care.module", resource_id="care")
FULL = LinkItem(
    title="Care",
    text="Six weeks",
    url="https://klimop.example/lti/launch",
    icon_url="https://klimop.example/icon.png",
    custom={"cohort": "care-1"},
    line_item=COLUMN,
    frame_height=900,
    opens_window=True,
)
PLAIN = LinkItem(title="Live", url="https://klimop.example/lti/launch")
FULL_CONTENT = {
    "type": "ltiResourceLink",
    "title": "Care",
    "text": "Six weeks",
    "url": "https://klimop.example/lti/launch",
    "icon": {"url": "https://klimop.example/icon.png", "width": 128, "height": 128},
    "custom": {"cohort": "care-1"},
    "lineItem": {
        "label": "Care",
        "scoreMaximum": 20,
        "tag": "klimop.care.module",
        "resourceId": "care",
    },
    "iframe": {"height": 900},
    "window": {"targetName": "_blank"},
}
PLAIN_CONTENT = {"type": "ltiResourceLink", "title": "Live", "url": "https://klimop.example/lti/launch"}


def response(settings: DeepLinkingClaim, items: Sequence[LinkItem], **told: str) -> str:
    return deep_linking_response(
        settings, items, platform=PLATFORM, deployment_id="1", key=platform_key("tool"), now=NOW, **told
    )


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims as the platform reads them, with the tool's public key."""
    public = platform_key("tool").private_key.public_key()
    verified: dict[str, Any] = jwt.decode(
        token,
        public,
        algorithms=["RS256"],
        options={"verify_exp": False, "verify_iat": False, "verify_aud": False},
    )
    return verified


def content_of(settings: DeepLinkingClaim, *items: LinkItem) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = claims_of(response(settings, items))[f"{DL}content_items"]
    return content


def test_the_answer_is_signed_and_addressed_as_the_standard_says() -> None:
    token = response(SETTINGS, [FULL, PLAIN])
    assert jwt.get_unverified_header(token) == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": platform_key("tool").kid,
    }
    claims = claims_of(token)
    nonce = claims.pop("nonce")
    assert len(nonce) >= 32
    issued = int(NOW.timestamp())
    assert claims == {
        "iss": "klimop",
        "aud": "https://lms.example",
        "iat": issued - 5,
        "exp": issued + 300,
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}message_type": "LtiDeepLinkingResponse",
        f"{CLAIM}version": "1.3.0",
        f"{DL}content_items": [FULL_CONTENT, PLAIN_CONTENT],
        f"{DL}data": "csrf=1",
    }


def test_every_answer_has_a_nonce_of_its_own() -> None:
    assert claims_of(response(SETTINGS, []))["nonce"] != claims_of(response(SETTINGS, []))["nonce"]


def test_cancelling_is_an_empty_list_with_a_message_and_data_only_where_there_was_some() -> None:
    claims = claims_of(
        response(replace(SETTINGS, data=""), [], message="Nothing", error_message="Oh", log="x")
    )
    assert {name: value for name, value in claims.items() if name.startswith(DL)} == {
        f"{DL}content_items": [],
        f"{DL}msg": "Nothing",
        f"{DL}errormsg": "Oh",
        f"{DL}log": "x",
    }


def test_an_item_says_only_what_the_platform_takes() -> None:
    frames_only = replace(SETTINGS, accept_line_item=False, accept_targets=("iframe",))
    [content] = content_of(frames_only, FULL)
    assert content == {
        name: value for name, value in FULL_CONTENT.items() if name not in ("lineItem", "window")
    }
    assert "iframe" not in content_of(replace(SETTINGS, accept_targets=("window",)), FULL)[0]
    assert content_of(replace(SETTINGS, accept_targets=()), FULL) == [FULL_CONTENT]


def test_a_platform_that_takes_one_link_gets_no_second() -> None:
    one = replace(SETTINGS, accept_multiple=False)
    assert content_of(one, PLAIN) == [PLAIN_CONTENT]
    with pytest.raises(OneLinkTakenError) as refused:
        response(one, [PLAIN, FULL])
    assert refused.value.links == 2


def test_a_platform_that_wants_other_things_gets_no_link_but_may_be_cancelled() -> None:
    files = replace(SETTINGS, accept_types=("file",))
    with pytest.raises(LinksNotTakenError) as refused:
        response(files, [PLAIN])
    assert refused.value.accept_types == ("file",)
    assert content_of(files) == []
    assert content_of(replace(SETTINGS, accept_types=()), PLAIN) == [PLAIN_CONTENT]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"title": ""},
        {"url": "javascript:alert(1)"},
        {"icon_url": "/icon.png"},
        {"icon_pixels": 0},
        {"frame_height": -1},
    ],
)
def test_a_link_that_is_none_cannot_be_made(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="has a"):
        replace(PLAIN, **nonsense)
