"""Whatever a platform puts in a token, the answer is a launch or a named refusal."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.claims import CUSTOM, DEEP_LINKING, GRADES, Launch, MessageType
from lti_tool.lti.login import LoginRedirect
from lti_tool.lti.refusals import LaunchRefusedError
from tests.lti_tool.lti.documents import every_claim
from tests.lti_tool.lti.nonsense import JSON, PREDICTABLE, is_answer
from tests.lti_tool.lti.world import CLAIM, World, sign, sign_text

WHOLE = every_claim()
PATHS = [(name,) for name in WHOLE] + [
    (name, inner) for name, value in WHOLE.items() if isinstance(value, dict) for inner in value
]


def outcome(
    world: World, login: LoginRedirect, token: str, **parameters: str
) -> Launch | Mapping[str, str | int]:
    """Return the launch, or the values of its refusal; nothing else is ever raised."""
    try:
        return world.complete(login, token, **parameters)
    except LaunchRefusedError as refused:
        return refused.values


@PREDICTABLE
@given(
    changes=st.dictionaries(st.sampled_from(PATHS), JSON, max_size=3),
    message_type=st.sampled_from([message.value for message in MessageType]),
)
def test_a_whole_launch_with_nonsense_in_any_place_is_answered(
    world: World, changes: dict[tuple[str, ...], object], message_type: str
) -> None:
    login = world.begin()
    body = {**WHOLE, **world.claims(login), f"{CLAIM}message_type": message_type}
    for path, value in changes.items():
        if len(path) == 1:
            body[path[0]] = value
        elif isinstance(body.get(path[0]), dict):
            body[path[0]] = {**body[path[0]], path[1]: value}
    assert is_answer(outcome(world, login, sign(body)))


@PREDICTABLE
@given(body=st.dictionaries(st.text(max_size=5) | st.sampled_from(sorted(WHOLE)), JSON, max_size=4))
def test_a_body_that_is_all_nonsense_is_refused(world: World, body: dict[str, Any]) -> None:
    assert not isinstance(outcome(world, world.begin(), sign(body)), Launch)


@PREDICTABLE
@given(state=st.text(max_size=9), token=st.text(max_size=30), secret=st.text(max_size=9))
def test_parameters_that_are_all_nonsense_are_refused(
    world: World, state: str, token: str, secret: str
) -> None:
    answer = outcome(world, world.begin(), token, state=state, browser_secret=secret)
    assert not isinstance(answer, Launch)


@PREDICTABLE
@given(header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jku"]), JSON, max_size=3))
def test_a_header_with_nonsense_is_answered(world: World, header: dict[str, Any]) -> None:
    login = world.begin()
    assert is_answer(outcome(world, login, sign(world.claims(login), **header)))


def test_values_nested_as_deep_as_python_reads_them_are_answered(world: World) -> None:
    for depth in range(700, 1000, 4):
        login = world.begin()
        nested = f'{{"a": {"[" * depth + "]" * depth}}}'
        body = json.dumps({**world.claims(login), CUSTOM: "NESTED"}).replace('"NESTED"', nested)
        assert is_answer(outcome(world, login, sign_text(body)))


def test_the_places_for_nonsense_include_the_ones_that_matter() -> None:
    assert {(GRADES, "lineitem"), (DEEP_LINKING, "deep_link_return_url"), ("aud",), ("azp",)} <= set(PATHS)
