"""Whatever a platform's services answer, and whatever it posts, becomes a value or a named error."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.ags import read_line_items, read_results
from lti_tool.lti.claims import CUSTOM
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from lti_tool.lti.groups import read_groups
from lti_tool.lti.notices import read_notice, read_notices
from lti_tool.lti.nrps import read_roster
from lti_tool.lti.refusals import LaunchRefusedError
from tests.lti_tool.lti.nonsense import JSON, PREDICTABLE, is_answer
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.test_notices import notice_of_a_copy
from tests.lti_tool.lti.world import CLAIM, World, sign

Reader = Callable[[PlatformConnector, str], object]
ENTRY = {
    "id": "https://lms.example/1",
    "label": "Care",
    "scoreMaximum": 20,
    "startDateTime": "2026-09-21T08:00:00Z",
    "userId": "4",
    "resultScore": 14,
    "resultMaximum": 20,
    "comment": "Good",
    "user_id": "4",
    "name": "An",
    "roles": ["Learner"],
    "status": "Active",
    "message": [{CUSTOM: {"employer": "Ziekenhuis"}}],
    "group_enrollments": [{"group_id": "1"}],
    "set_id": "1",
}
# By the address that is asked: how each kind of list is read, under which name, and what the reader is given.
READERS: Mapping[str, tuple[Reader, str, str]] = {
    "/items": (read_line_items, "", "/items"),
    "/1/results": (read_results, "", "/1"),
    "/groups": (read_groups, "groups", "/groups"),
    "/members?limit=100": (read_roster, "members", "/members"),
}
LTI_CLAIMS = ("deployment_id", "version", "notice", "context", "origin_contexts")
NOTICE_CLAIMS = ["iss", "aud", "azp", "iat", "exp", *(CLAIM + name for name in LTI_CLAIMS)]
# What a header can carry.
LATIN = st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")


def answer_of(read: Reader, connector: PlatformConnector, url: str) -> object:
    """Return what is read, or the fault or refusal; nothing else is ever raised."""
    try:
        return read(connector, url)
    except PlatformUnavailableError as fault:
        return fault.cause
    except PlatformRefusedError as refusal:
        return refusal.status


@PREDICTABLE
@given(
    changes=st.lists(st.dictionaries(st.sampled_from(sorted(ENTRY)), JSON, max_size=3), max_size=3),
    target=st.sampled_from(sorted(READERS)),
)
def test_a_list_with_nonsense_in_any_place_is_read_or_a_fault(
    server: LocalServer, connector: PlatformConnector, changes: list[dict[str, Any]], target: str
) -> None:
    read, name, path = READERS[target]
    entries = [{**ENTRY, **change} for change in changes]
    server.answer(target, Reply(content={name: entries} if name else entries))
    assert is_answer(answer_of(read, connector, server.url + path))


@PREDICTABLE
@given(
    content=JSON | st.binary(max_size=30),
    link=st.text(LATIN, max_size=30),
    target=st.sampled_from(sorted(READERS)),
)
def test_an_answer_that_is_all_nonsense_is_read_or_a_fault(
    server: LocalServer, connector: PlatformConnector, content: object, link: str, target: str
) -> None:
    read, _, path = READERS[target]
    server.answer(target, Reply(content=content, headers=(("Link", f"<{link}>; rel=next"),)))
    assert is_answer(answer_of(read, connector, server.url + path))


@PREDICTABLE
@given(changes=st.dictionaries(st.sampled_from(NOTICE_CLAIMS), JSON, max_size=3))
def test_a_notice_with_nonsense_in_any_place_is_answered(world: World, changes: dict[str, object]) -> None:
    token = sign({**notice_of_a_copy(world), **changes})
    try:
        answer: object = read_notice(
            token, registrations=world.memory, platform_keys=world.keys, now=world.now
        )
    except LaunchRefusedError as refused:
        answer = refused.values
    assert is_answer(answer)


@PREDICTABLE
@given(body=st.binary(max_size=40) | JSON.map(lambda value: json.dumps({"notices": value}).encode()))
def test_a_post_of_notices_that_is_nonsense_is_answered(body: bytes) -> None:
    try:
        answer: object = read_notices(body)
    except LaunchRefusedError as refused:
        answer = refused.values
    assert is_answer(answer)
