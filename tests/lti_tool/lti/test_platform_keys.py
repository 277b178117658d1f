import json
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from lti_tool.lti import http
from lti_tool.lti.keys import public_keyset
from lti_tool.lti.platform_keys import PlatformKeys, key_set_document, parse_keys
from lti_tool.lti.ports import StoredKeySet
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from tests.lti_tool.lti.server import Reply
from tests.lti_tool.lti.world import NOW, World, platform_key, sign

Refusal = tuple[RefusalReason, Mapping[str, str | int]]


def refusal(world: World, *, key: str = "platform") -> Refusal:
    login = world.begin()
    with pytest.raises(LaunchRefusedError) as refused:
        world.complete(login, sign(world.claims(login), key=key))
    return refused.value.reason, refused.value.values


def unreachable(world: World, cause: str) -> Refusal:
    return RefusalReason.KEYS_UNREACHABLE, {"jwks_url": f"{world.server.url}/jwks", "cause": cause}


def launch(world: World, *, key: str) -> None:
    login = world.begin()
    assert world.complete(login, sign(world.claims(login), key=key)).subject == "4"


def fetches(world: World) -> int:
    return len(world.server.requests_to("/jwks"))


def test_a_platforms_keys_are_fetched_once(world: World) -> None:
    for _ in range(3):
        launch(world, key="platform")
    assert fetches(world) == 1


def test_another_process_takes_the_keys_from_the_store(world: World) -> None:
    launch(world, key="platform")
    world.keys = PlatformKeys(world.memory, world.session)
    launch(world, key="platform")
    assert fetches(world) == 1


def test_a_key_that_was_rotated_in_works_at_once_when_the_last_fetch_is_a_minute_old(world: World) -> None:
    launch(world, key="platform")
    world.publish("platform", "rotated")
    world.pass_time(timedelta(minutes=1))
    launch(world, key="rotated")
    launch(world, key="platform")
    assert fetches(world) == 2


def test_a_key_that_another_process_found_needs_no_fetch(world: World) -> None:
    launch(world, key="platform")
    rotated = [platform_key("platform"), platform_key("rotated")]
    document = json.dumps(public_keyset(rotated))
    world.memory.store(world.platform.jwks_url, StoredKeySet(document, NOW + timedelta(seconds=5)))
    launch(world, key="rotated")
    assert fetches(world) == 1


def test_made_up_key_ids_make_at_most_one_fetch_a_minute(world: World) -> None:
    launch(world, key="platform")
    unknown = (
        RefusalReason.UNKNOWN_KEY,
        {"jwks_url": f"{world.server.url}/jwks", "kid": platform_key("x").kid},
    )
    world.pass_time(timedelta(seconds=59))
    assert [refusal(world, key="x") for _ in range(3)] == [unknown] * 3
    assert fetches(world) == 1
    world.pass_time(timedelta(seconds=1))
    assert [refusal(world, key="x") for _ in range(3)] == [unknown] * 3
    assert fetches(world) == 2


def test_a_key_that_the_platform_withdrew_is_trusted_for_a_day_at_most(world: World) -> None:
    launch(world, key="platform")
    world.publish("rotated")
    world.pass_time(timedelta(days=1))
    assert refusal(world)[0] is RefusalReason.UNKNOWN_KEY


def test_while_a_platform_is_down_made_up_key_ids_make_one_fetch_a_minute_too(world: World) -> None:
    launch(world, key="platform")
    world.server.answer("/jwks", Reply(503))
    for seconds in (60, 30, 29):
        world.pass_time(timedelta(seconds=seconds))
        assert refusal(world, key="x") == unreachable(world, "status 503")
    assert fetches(world) == 2


def test_keys_of_yesterday_serve_while_the_platform_cannot_be_asked(world: World) -> None:
    launch(world, key="platform")
    world.server.answer("/jwks", Reply(503))
    world.pass_time(timedelta(days=1))
    launch(world, key="platform")
    assert fetches(world) == 2


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (Reply(503), "status 503"),
        (Reply(302, headers=(("Location", "/elsewhere"),)), "status 302"),
        (Reply(content=b"<html>"), "no usable key"),
        (Reply(content={"keys": "none"}), "no usable key"),
        (Reply(content={"keys": []}), "no usable key"),
        (Reply(content=b" " * 200_001), "too large"),
    ],
)
def test_keys_that_cannot_be_had_are_a_refusal_with_its_cause(world: World, reply: Reply, cause: str) -> None:
    world.server.answer("/jwks", reply)
    assert refusal(world) == unreachable(world, cause)


def test_a_platform_that_is_down_is_asked_once_in_ten_seconds_and_works_when_it_is_back(world: World) -> None:
    world.server.answer("/jwks", Reply(503))
    assert [refusal(world) for _ in range(3)] == [unreachable(world, "status 503")] * 3
    assert fetches(world) == 1
    world.publish("platform")
    world.pass_time(timedelta(seconds=10))
    launch(world, key="platform")


def test_a_platform_that_nobody_answers_for_is_refused_fast(world: World) -> None:
    world.server.port = 1
    world.memory.registrations.clear()
    world.platform = world.register(1, issuer="https://lms.example", client_id="klimop")
    started = time.monotonic()
    assert refusal(world) == unreachable(world, "no connection")
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("pause", [0.05, 1])
def test_a_platform_that_drips_or_hangs_is_refused_within_the_time_for_a_fetch(
    world: World, pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(40):
            yield b" "
            time.sleep(pause)

    monkeypatch.setattr("lti_tool.lti.platform_keys.FETCH_SECONDS", 0.3)
    world.server.answer("/jwks", Reply(drip=drip))
    started = time.monotonic()
    assert refusal(world) == unreachable(world, "timeout")
    assert time.monotonic() - started < 1


def test_of_many_first_launches_at_once_one_fetches(world: World) -> None:
    tokens = [(login, sign(world.claims(login))) for login in (world.begin() for _ in range(8))]
    launched: list[str] = []
    threads = [
        Thread(target=lambda one: launched.append(world.complete(*one).subject), args=[t]) for t in tokens
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (launched, fetches(world)) == (["4"] * 8, 1)


def test_keys_of_other_kinds_are_left_out() -> None:
    good = platform_key("platform").public_jwk()
    short = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be left out
    without_algorithm = {**platform_key("rotated").public_jwk()}
    del without_algorithm["alg"]
    entries = [
        good,
        without_algorithm,
        {**good, "kid": "encryption", "use": "enc"},
        {**good, "kid": "other algorithm", "alg": "RS512"},
        {**good, "kid": "damaged", "n": "AQAB"},
        {**RSAAlgorithm.to_jwk(short.public_key(), as_dict=True), "kid": "short"},
        {**good, "kid": None},
        {**good, "kid": "no\0text"},
        {"kty": "EC", "kid": "curve", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "kid": "nothing"},
        {"kty": "oct", "kid": "secret", "k": "AAAA"},
    ]
    document = json.dumps({"keys": entries})
    assert set(parse_keys(document)) == {platform_key("platform").kid, platform_key("rotated").kid}


def test_only_what_a_database_can_hold_is_stored_of_a_key_set(world: World) -> None:
    good = platform_key("platform").public_jwk()
    world.server.answer("/jwks", Reply(content={"keys": [{**good, "x5u": "\ud800"}], "note": "\0"}))
    launch(world, key="platform")
    [stored] = world.memory.key_sets.values()
    assert "\\u" not in stored.document
    assert stored.document == key_set_document(parse_keys(stored.document))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"kty": st.just("RSA"), "kid": JSON, "n": JSON, "e": JSON}), max_size=2),
    JSON,
)
def test_no_key_set_breaks_the_reader(entries: list[dict[str, object]], other: object) -> None:
    for content in ({"keys": entries}, other):
        document = json.dumps(content)
        assert parse_keys(document) == {}


def test_a_session_keeps_no_cookies_and_reads_no_proxy_from_the_environment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    url = world.server.answer("/cookie", Reply(content=b"x", headers=(("Set-Cookie", "a=b"),)))
    answer = http.exchange(world.session, "GET", url, seconds=5, most_bytes=10)
    assert (answer.status, answer.body, list(world.session.cookies)) == (200, b"x", [])
