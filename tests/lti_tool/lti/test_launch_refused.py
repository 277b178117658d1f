"""Launches that must be refused: 1EdTech's twelve bad ones, and the attacks and accidents beyond them."""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lti_tool.lti.launch import complete_launch
from lti_tool.lti.login import LoginRedirect
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from tests.lti_tool.lti.world import (
    ABSENT,
    CLAIM,
    LAUNCH_URL,
    NOW,
    World,
    platform_key,
    query_of,
    sign,
    sign_text,
    token_of,
)

Refusal = tuple[RefusalReason, Mapping[str, str | int]]


def refusal(world: World, login: LoginRedirect, token: str, **changes: str) -> Refusal:
    with pytest.raises(LaunchRefusedError) as refused:
        world.complete(login, token, **changes)
    return refused.value.reason, refused.value.values


def refusal_of(world: World, **changes: object) -> Refusal:
    login = world.begin()
    return refusal(world, login, sign(world.claims(login, changes)))


def missing(claim: str) -> Refusal:
    return RefusalReason.MISSING_CLAIM, {"claim": claim}


# The twelve of the certification


def test_no_key_id(world: World) -> None:
    login = world.begin()
    token = sign(world.claims(login), kid=ABSENT)
    assert refusal(world, login, token) == (RefusalReason.KEY_NOT_NAMED, {})


def test_an_unknown_key_id(world: World) -> None:
    login = world.begin()
    assert refusal(world, login, sign(world.claims(login), kid="imstester_66067")) == (
        RefusalReason.UNKNOWN_KEY,
        {"kid": "imstester_66067", "jwks_url": f"{world.server.url}/jwks"},
    )


def test_a_wrong_version(world: World) -> None:
    assert refusal_of(world, version="11.3") == (RefusalReason.UNSUPPORTED_VERSION, {"version": "11.3"})


def test_no_version(world: World) -> None:
    assert refusal_of(world, version=ABSENT) == missing("version")


def test_no_lti_message(world: World) -> None:
    login = world.begin()
    assert refusal(world, login, sign({"name": "badltilaunch"})) == missing("iss")


def test_missing_lti_claims(world: World) -> None:
    login = world.begin()
    body = {name: value for name, value in world.claims(login).items() if not name.startswith(CLAIM)}
    assert refusal(world, login, sign(body)) == missing("deployment_id")


def test_bad_timestamps(world: World) -> None:
    expired = int(NOW.timestamp()) - 22222
    assert refusal_of(world, iat=11111, exp=22222) == (RefusalReason.EXPIRED, {"seconds": expired})


def test_no_message_type(world: World) -> None:
    assert refusal_of(world, message_type=ABSENT) == missing("message_type")


def test_no_roles(world: World) -> None:
    assert refusal_of(world, roles=ABSENT) == missing("roles")


def test_no_deployment_id(world: World) -> None:
    assert refusal_of(world, deployment_id=ABSENT) == missing("deployment_id")


@pytest.mark.parametrize("link", [ABSENT, None, {}, {"title": "Care"}, {"id": ""}, {"id": None}])
def test_no_resource_link_id(world: World, link: object) -> None:
    assert refusal_of(world, resource_link=link) == missing("resource_link.id")


def test_no_subject(world: World) -> None:
    assert refusal_of(world, sub=ABSENT) == missing("sub")


# Signatures and keys


def test_an_unsigned_token(world: World) -> None:
    login = world.begin()
    token = token_of({"alg": "none"}, json.dumps(world.claims(login)), lambda _: b"")
    assert refusal(world, login, token) == (RefusalReason.WRONG_ALGORITHM, {"algorithm": "none"})


def test_a_token_signed_with_the_public_key_as_if_it_were_a_shared_secret(world: World) -> None:
    login = world.begin()
    signer = platform_key("platform")
    pem = signer.private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "kid": signer.kid}
    token = token_of(
        header, json.dumps(world.claims(login)), lambda signed: hmac.digest(pem, signed, "sha256")
    )
    assert refusal(world, login, token) == (RefusalReason.WRONG_ALGORITHM, {"algorithm": "HS256"})


def test_a_token_signed_by_someone_else_under_the_platforms_key_id(world: World) -> None:
    login = world.begin()
    token = sign(world.claims(login), key="attacker", kid=platform_key("platform").kid)
    assert refusal(world, login, token) == (RefusalReason.BAD_SIGNATURE, {"issuer": "https://lms.example"})


def test_a_token_whose_body_was_changed_after_it_was_signed(world: World) -> None:
    login = world.begin()
    header, _, signature = sign(world.claims(login)).split(".")
    _, body, _ = sign(world.claims(login, {"sub": "5"})).split(".")
    token = f"{header}.{body}.{signature}"
    assert refusal(world, login, token) == (RefusalReason.BAD_SIGNATURE, {"issuer": "https://lms.example"})


def test_a_refused_signature_leaves_the_login_for_the_real_launch(world: World) -> None:
    login = world.begin()
    refusal(world, login, sign(world.claims(login), key="attacker", kid=platform_key("platform").kid))
    assert world.complete(login, sign(world.claims(login))).subject == "4"


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "....", "\u00e9.\u00e9.\u00e9", "e30.e30.e30"])
def test_what_is_no_token_at_all(world: World, token: str) -> None:
    reason, _ = refusal(world, world.begin(), token)
    assert reason in {
        RefusalReason.MALFORMED_TOKEN,
        RefusalReason.MISSING_PARAMETER,
        RefusalReason.MISSING_CLAIM,
    }


def test_a_signature_that_is_spelt_otherwise(world: World) -> None:
    login = world.begin()
    token = sign(world.claims(login))
    unused_bit_set = token[:-1] + chr(ord(token[-1]) + 1)
    other_alphabet = token[:-4] + "+/" + token[-2:]
    for spelling in (unused_bit_set, other_alphabet, f"{token[:-4]}!!{token[-2:]}", f"{token}AAA"):
        assert refusal(world, login, spelling) == (RefusalReason.MALFORMED_TOKEN, {})


@pytest.mark.parametrize("text", ["[]", "null", "7", '"text"', "not JSON", "[" * 50_000])
def test_a_signed_body_that_is_no_object(world: World, text: str) -> None:
    assert refusal(world, world.begin(), sign_text(text)) == (RefusalReason.MALFORMED_TOKEN, {})


# Times


@pytest.mark.parametrize("claim", ["exp", "iat"])
def test_a_time_that_is_missing(world: World, claim: str) -> None:
    assert refusal_of(world, **{claim: ABSENT}) == missing(claim)


@pytest.mark.parametrize(
    "value", ["1795323366", True, [], {}, -1, 1e300, 10**400, float("inf"), float("nan")]
)
@pytest.mark.parametrize("claim", ["exp", "iat"])
def test_a_time_that_is_no_time(world: World, claim: str, value: object) -> None:
    assert refusal_of(world, **{claim: value}) == (RefusalReason.INVALID_CLAIM, {"claim": claim})


def test_a_token_that_ran_out_more_than_a_minute_ago(world: World) -> None:
    now = int(NOW.timestamp())
    assert refusal_of(world, iat=now - 120, exp=now - 60) == (RefusalReason.EXPIRED, {"seconds": 60})


def test_a_token_from_a_clock_that_is_ahead(world: World) -> None:
    now = int(NOW.timestamp())
    assert refusal_of(world, iat=now + 90, exp=now + 150) == (RefusalReason.CLOCK_SKEW, {"seconds": 90})


def test_a_token_made_long_before_its_login(world: World) -> None:
    now = int(NOW.timestamp())
    assert refusal_of(world, iat=now - 3600, exp=now + 60) == (RefusalReason.CLOCK_SKEW, {"seconds": -3600})


# Who, and for whom


def test_an_unknown_issuer(world: World) -> None:
    assert refusal_of(world, iss="https://other.example") == (
        RefusalReason.UNKNOWN_ISSUER,
        {"issuer": "https://other.example"},
    )


def test_an_unknown_client(world: World) -> None:
    assert refusal_of(world, aud="other") == (
        RefusalReason.UNKNOWN_CLIENT,
        {"issuer": "https://lms.example", "client_id": "other"},
    )


def test_an_unknown_deployment(world: World) -> None:
    assert refusal_of(world, deployment_id="9") == (
        RefusalReason.UNKNOWN_DEPLOYMENT,
        {"issuer": "https://lms.example", "client_id": "klimop", "deployment_id": "9"},
    )


def test_the_deployment_of_another_registration(world: World) -> None:
    world.memory.deployments.add((2, "7"))
    reason, _ = refusal_of(world, deployment_id="7")
    assert reason is RefusalReason.UNKNOWN_DEPLOYMENT


@pytest.mark.parametrize("audience", ["klimop", ["klimop"], ["klimop", "other"]])
def test_an_authorized_party_outside_the_audience(world: World, audience: object) -> None:
    assert refusal_of(world, aud=audience, azp="third") == (
        RefusalReason.WRONG_AUDIENCE,
        {"issuer": "https://lms.example"},
    )


def test_an_audience_of_two_in_which_the_other_is_meant(world: World) -> None:
    assert refusal_of(world, aud=["klimop", "other"], azp="other") == (
        RefusalReason.UNKNOWN_CLIENT,
        {"issuer": "https://lms.example", "client_id": "other"},
    )


def test_an_audience_of_two_that_does_not_say_which(world: World) -> None:
    assert refusal_of(world, aud=["klimop", "other"]) == missing("azp")


# Replays and mix-ups


def test_a_state_that_was_never_ours(world: World) -> None:
    login = world.begin()
    token = sign(world.claims(login))
    assert refusal(world, login, token, state="state-made-up") == (RefusalReason.UNKNOWN_STATE, {})


def test_the_nonce_of_another_login(world: World) -> None:
    login, other = world.begin(), world.begin()
    token = sign(world.claims(login, {"nonce": query_of(other.url)["nonce"]}))
    assert refusal(world, login, token) == (RefusalReason.WRONG_NONCE, {})


def test_no_nonce(world: World) -> None:
    assert refusal_of(world, nonce=ABSENT) == missing("nonce")


def test_a_login_at_one_platform_and_a_token_of_another(world: World) -> None:
    world.register(2, issuer="https://other.example", client_id="klimop")
    login = world.begin()
    token = sign(world.claims(login, {"iss": "https://other.example"}))
    assert refusal(world, login, token) == (RefusalReason.WRONG_PLATFORM, {})


def test_a_login_of_one_client_and_a_token_for_another_of_the_same_issuer(world: World) -> None:
    world.register(2, issuer="https://lms.example", client_id="klimop-2")
    login = world.begin()
    assert refusal(world, login, sign(world.claims(login, {"aud": "klimop-2"}))) == (
        RefusalReason.WRONG_PLATFORM,
        {},
    )


def test_a_login_in_one_browser_and_a_launch_in_another(world: World) -> None:
    login, other = world.begin(), world.begin()
    token = sign(world.claims(login))
    assert refusal(world, login, token, browser_secret=other.browser_secret) == (
        RefusalReason.WRONG_BROWSER,
        {},
    )


def test_a_browser_without_the_cookie_keeps_its_login(world: World) -> None:
    login = world.begin()
    token = sign(world.claims(login))
    assert refusal(world, login, token, browser_secret="") == (RefusalReason.COOKIE_MISSING, {})
    assert world.complete(login, token).subject == "4"


def test_a_launch_more_than_ten_minutes_after_its_login(world: World) -> None:
    login = world.begin()
    world.pass_time(timedelta(minutes=10))
    assert refusal(world, login, sign(world.claims(login))) == (RefusalReason.LOGIN_EXPIRED, {})


# The message


def test_a_message_that_we_do_not_answer(world: World) -> None:
    assert refusal_of(world, message_type="LtiSubmissionReviewRequest") == (
        RefusalReason.UNSUPPORTED_MESSAGE,
        {"message_type": "LtiSubmissionReviewRequest"},
    )


def test_a_target_off_our_origin(world: World) -> None:
    assert refusal_of(world, target_link_uri="https://evil.example/module") == (
        RefusalReason.TARGET_NOT_OURS,
        {"target_link_uri": "https://evil.example/module"},
    )


def test_no_target(world: World) -> None:
    assert refusal_of(world, target_link_uri=ABSENT) == missing("target_link_uri")


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"resource_link": []}, "resource_link.id"),
        ({"resource_link": [1]}, "resource_link"),
        ({"resource_link": {"id": 5}}, "resource_link.id"),
        ({"roles": {"a": "b"}}, "roles"),
        ({"roles": [None]}, "roles"),
        ({"sub": 4}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"sub": "a\0b"}, "sub"),
        ({"sub": "\ud800"}, "sub"),
        ({"iss": ["https://lms.example"]}, "iss"),
        ({"deployment_id": 1}, "deployment_id"),
        ({"context": {"id": ["2"]}}, "context.id"),
        ({"context": "course"}, "context"),
        ({"launch_presentation": {"return_url": "javascript:alert(1)"}}, "launch_presentation.return_url"),
        (
            {"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {"lineitem": "file:///x"}},
            "endpoint.lineitem",
        ),
    ],
)
def test_a_claim_of_the_wrong_kind_is_named(world: World, changes: dict[str, object], claim: str) -> None:
    reason, values = refusal_of(world, **changes)
    assert reason in {RefusalReason.INVALID_CLAIM, RefusalReason.MISSING_CLAIM}
    assert values == {"claim": claim}


def test_a_deep_linking_request_without_a_way_back(world: World) -> None:
    assert refusal_of(world, message_type="LtiDeepLinkingRequest") == missing(
        "deep_linking_settings.deep_link_return_url"
    )


def test_an_error_that_the_platform_posts_instead_of_a_token(world: World) -> None:
    with pytest.raises(LaunchRefusedError) as refused:
        complete_launch(
            {"state": "state-1", "error": "login_required"},
            browser_secret="",
            launch_url=LAUNCH_URL,
            registrations=world.memory,
            states=world.states,
            platform_keys=world.keys,
            now=NOW,
        )
    assert refused.value.reason is RefusalReason.PLATFORM_ERROR
    assert refused.value.values == {"error": "login_required"}


def test_a_refusal_tells_nothing_about_the_person(world: World) -> None:
    secrets = {"name": "An Peeters", "email": "an@example.test", "sub": "subject-of-an"}
    for changes in ({"roles": ABSENT}, {"deployment_id": "9"}, {"exp": 1}, {"context": 5}):
        reason, values = refusal_of(world, **secrets, **changes)
        assert not any(secret in f"{reason}{values}" for secret in secrets.values())
