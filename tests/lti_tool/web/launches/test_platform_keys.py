"""A platform's keys when they change, and when nobody can fetch them."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import requests

from lti_tool import clock
from lti_tool.lti import platform_keys
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.world import platform_key
from tests.lti_tool.web.launches.refusal import refused_with, shown, wrong
from tests.platform.hand import Hand
from tests.platform.klimop import Klimop

SOON = 2.0
PassTime = Callable[[timedelta], None]


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> PassTime:
    """Put Klimop's clock, and that of the platforms, ahead."""
    told = clock.now

    def ahead(duration: timedelta) -> None:
        def now() -> datetime:
            return told() + duration

        monkeypatch.setattr(clock, "now", now)

    return ahead


def platform(klimop: Klimop, server: LocalServer, name: str) -> Hand:
    """Return a platform of its own for one test, with a key of its own."""
    made = Hand(klimop, server, name, key=f"{name} 1")
    made.plug_in()
    return made


def test_the_keys_are_fetched_once_for_many_launches(
    klimop: Klimop, server: LocalServer, browser: requests.Session
) -> None:
    lms = platform(klimop, server, "steady")
    assert [lms.launch(browser).status_code for _turn in range(3)] == [200, 200, 200]
    assert len(server.requests_to(lms.keyset_path)) == 1


def test_a_key_that_came_since_the_last_fetch_works(
    klimop: Klimop, server: LocalServer, browser: requests.Session, pass_time: PassTime
) -> None:
    lms = platform(klimop, server, "rotating")
    assert lms.launch(browser).status_code == 200
    lms.publish("rotating 1", "rotating 2")
    pass_time(platform_keys.REFETCH_AFTER)
    asked = lms.ask(browser)
    by_new_key = lms.post(browser, asked, lms.sign(lms.claims(asked), key="rotating 2"))
    assert (by_new_key.status_code, lms.launch(browser).status_code) == (200, 200)
    assert len(server.requests_to(lms.keyset_path)) == 2


def test_key_ids_that_are_made_up_bring_one_request_a_minute(
    klimop: Klimop, server: LocalServer, browser: requests.Session, pass_time: PassTime
) -> None:
    lms = platform(klimop, server, "guarded")
    assert lms.launch(browser).status_code == 200
    pass_time(platform_keys.REFETCH_AFTER)
    for number in range(5):
        asked = lms.ask(browser)
        token = lms.sign(lms.claims(asked), kid=f"made up {number}")
        assert shown(lms.post(browser, asked, token)).reason == "unknown_key"
    assert len(server.requests_to(lms.keyset_path)) == 2


def test_a_key_that_was_withdrawn_is_trusted_for_a_day_at_most(
    klimop: Klimop, server: LocalServer, browser: requests.Session, pass_time: PassTime
) -> None:
    lms = platform(klimop, server, "leaky")
    assert lms.launch(browser).status_code == 200
    lms.publish("leaky 2")
    pass_time(platform_keys.FRESH)
    assert refused_with(lms, browser) == wrong(
        "unknown_key", kid=platform_key(lms.key).kid, jwks_url=server.url + lms.keyset_path
    )


def test_a_platform_whose_keys_were_held_launches_while_it_is_down(
    klimop: Klimop, server: LocalServer, browser: requests.Session, pass_time: PassTime
) -> None:
    lms = platform(klimop, server, "down")
    assert lms.launch(browser).status_code == 200
    server.answer(lms.keyset_path, Reply(503))
    pass_time(platform_keys.FRESH)
    assert lms.launch(browser).status_code == 200


def _drip() -> Iterator[bytes]:
    for _second in range(50):
        time.sleep(0.1)
        yield b" "


@pytest.mark.parametrize(
    ("name", "reply", "cause"),
    [
        ("broken", Reply(503), "status 503"),
        ("moved", Reply(302, headers=(("Location", "/jwks"),)), "status 302"),
        ("pages", Reply(content=b"<h1>Log in</h1>"), "no usable key"),
        ("empty", Reply(content={"keys": []}), "no usable key"),
        ("slow", Reply(drip=_drip), "timeout"),
    ],
)
def test_keys_that_cannot_be_had_are_told_soon_and_asked_for_again_later(
    klimop: Klimop,
    server: LocalServer,
    browser: requests.Session,
    monkeypatch: pytest.MonkeyPatch,
    pass_time: PassTime,
    name: str,
    reply: Reply,
    cause: str,
) -> None:
    monkeypatch.setattr(platform_keys, "FETCH_SECONDS", 0.5)
    lms = platform(klimop, server, name)
    server.answer(lms.keyset_path, reply)
    unreachable = wrong("keys_unreachable", status=502, jwks_url=server.url + lms.keyset_path, cause=cause)
    began = time.monotonic()
    assert [refused_with(lms, browser) for _twice in range(2)] == [unreachable, unreachable]
    assert time.monotonic() - began < SOON
    assert len(server.requests_to(lms.keyset_path)) == 1
    lms.publish(lms.key)
    pass_time(platform_keys.RETRY_AFTER)
    assert lms.launch(browser).status_code == 200


def test_nobody_waits_longer_for_keys_than_a_page_may_take() -> None:
    assert platform_keys.FETCH_SECONDS <= 5
