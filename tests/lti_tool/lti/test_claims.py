"""The claims that only some platforms send."""

from typing import Any

import pytest

from lti_tool.lti.claims import (
    DEEP_LINKING,
    GROUPS,
    MENTOR_OF,
    NOTICES,
    ContextClaim,
    DeepLinkingClaim,
    GroupsClaim,
    Launch,
    NoticesClaim,
    ResourceLinkClaim,
    read_launch,
)
from lti_tool.lti.json_object import InvalidValueError, JsonObject
from tests.lti_tool.lti.world import CLAIM, MEMBERSHIP

LINK = {
    "sub": "4",
    f"{CLAIM}deployment_id": "1",
    f"{CLAIM}message_type": "LtiResourceLinkRequest",
    f"{CLAIM}version": "1.3.0",
    f"{CLAIM}target_link_uri": "https://klimop.example/lti/launch",
    f"{CLAIM}roles": [f"{MEMBERSHIP}Mentor"],
    f"{CLAIM}resource_link": {"id": "link-1", "title": "Care", "description": "Six weeks"},
}
RETURN = {"deep_link_return_url": "https://lms.example/return"}


def launch(**claims: Any) -> Launch:
    return read_launch(JsonObject({**LINK, **claims}), registration_id=1)


def deep_linking(**settings: Any) -> DeepLinkingClaim | None:
    picker = {f"{CLAIM}message_type": "LtiDeepLinkingRequest", DEEP_LINKING: {**RETURN, **settings}}
    return launch(**picker).deep_linking


def test_a_launch_says_where_groups_and_notices_are_and_whom_a_mentor_looks_after() -> None:
    services = {
        GROUPS: {
            "context_groups_url": "https://lms.example/groups",
            "context_group_sets_url": "https://lms.example/sets",
            "scope": ["read"],
            "service_versions": ["1.0"],
        },
        NOTICES: {
            "platform_notification_service_url": "https://lms.example/pns",
            "notice_types_supported": ["LtiContextCopyNotice"],
            "scope": ["notices"],
        },
        MENTOR_OF: ["7", "5"],
    }
    seen = launch(**services)
    assert (seen.groups, seen.notices, seen.mentor_of) == (
        GroupsClaim("https://lms.example/groups", "https://lms.example/sets", frozenset({"read"})),
        NoticesClaim("https://lms.example/pns", ("LtiContextCopyNotice",), frozenset({"notices"})),
        ("7", "5"),
    )


def test_a_launch_without_them_is_as_good() -> None:
    seen = launch(**{GROUPS: {"scope": []}, NOTICES: None})
    assert (seen.groups, seen.notices, seen.mentor_of) == (None, None, ())


@pytest.mark.parametrize(
    "claims",
    [
        {GROUPS: {"context_groups_url": "/groups"}},
        {NOTICES: {"platform_notification_service_url": "javascript:alert(1)"}},
        {MENTOR_OF: [5]},
    ],
)
def test_a_service_without_a_real_address_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError):
        launch(**claims)


def test_a_link_has_a_description_and_a_course_types() -> None:
    seen = launch(**{f"{CLAIM}context": {"id": "2", "type": ["CourseSection", 5, "\0", None]}})
    assert seen.resource_link == ResourceLinkClaim("link-1", "Care", "Six weeks")
    assert seen.context == ContextClaim("2", "", "", ("CourseSection",))
    assert launch(**{f"{CLAIM}context": {"id": "2", "type": "Group"}}).context == ContextClaim(
        "2", "", "", ("Group",)
    )


def test_a_picker_knows_how_a_platform_shows_links_and_what_this_one_is_called() -> None:
    assert deep_linking(
        accept_types=["ltiResourceLink"],
        accept_presentation_document_targets=["iframe", "window"],
        accept_media_types="image/*",
        title="Care",
        text="Six weeks",
    ) == DeepLinkingClaim(
        return_url="https://lms.example/return",
        data="",
        accept_types=("ltiResourceLink",),
        accept_multiple=False,
        accept_line_item=True,
        accept_targets=("iframe", "window"),
        accept_media_types=("image/*",),
        title="Care",
        text="Six weeks",
    )


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({}, True),
        ({"accept_lineitem": None}, True),
        ({"accept_lineitem": True}, True),
        ({"accept_lineitem": False}, False),
    ],
)
def test_line_items_are_taken_unless_the_platform_says_that_it_ignores_them(
    said: dict[str, bool | None], taken: bool
) -> None:
    picker = deep_linking(**said)
    assert picker is not None
    assert picker.accept_line_item is taken
