"""Notices over HTTP: only what the platform signed, for a deployment that is known, is believed."""

from datetime import timedelta

import pytest
import requests

from lti_tool import clock
from lti_tool.demo.claims import LTI, NOTICE_TYPES
from lti_tool.demo.notices import notice
from tests.lti_tool.web.world import MODULE, World
from tests.platform.visitor import TIMEOUT

_, COPY = NOTICE_TYPES


def _post(world: World, *tokens: str) -> requests.Response:
    body = {"notices": [{"jwt": token} for token in tokens]}
    return requests.post(f"{world.settings.base_url}/lti/notices", json=body, timeout=TIMEOUT)


def _token(world: World, slug: str, copy: str, **claims: object) -> str:
    about = {f"{LTI}context": {"id": copy}, f"{LTI}origin_contexts": ["2"]}
    return notice(world.lms(slug), COPY, about | claims, clock.now())


def test_a_notice_is_taken_in_any_number_of_times(world: World) -> None:
    world.visit("ku-leuven", "11", MODULE)
    token = _token(world, "ku-leuven", "77")
    assert [_post(world, token, token).status_code, _post(world, token).status_code] == [200, 200]
    assert _post(world).status_code == 200


def test_a_notice_of_a_platform_that_signed_with_another_key_is_refused(world: World) -> None:
    header, body, _ = _token(world, "ku-leuven", "78").split(".")
    _, _, signature = _token(world, "odisee", "78").split(".")
    assert _post(world, f"{header}.{body}.{signature}").status_code == 400


def test_a_notice_from_long_ago_or_for_another_tool_is_refused(world: World) -> None:
    lms = world.lms("ku-leuven")
    old = notice(lms, COPY, {f"{LTI}context": {"id": "79"}}, clock.now() - timedelta(days=2))
    others = _token(world, "ku-leuven", "79", aud="someone else", azp="someone else")
    strangers = _token(world, "ku-leuven", "79", **{f"{LTI}deployment_id": "999"})
    assert all(400 <= _post(world, token).status_code < 500 for token in (old, others, strangers))


@pytest.mark.parametrize("body", ["", "[]", '{"notices": 3}', '{"notices": [{"jwt": "no token"}]}', "\x00"])
def test_nonsense_is_refused(world: World, body: str) -> None:
    answer = requests.post(f"{world.settings.base_url}/lti/notices", data=body, timeout=TIMEOUT)
    assert answer.status_code == 400


def test_one_bad_notice_does_not_keep_the_others_out_and_the_batch_may_come_again(world: World) -> None:
    good = _token(world, "ku-leuven", "80")
    assert _post(world, "no token", good).status_code == 400
    assert _post(world, good).status_code == 200
