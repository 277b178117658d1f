from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

import pytest

from lti_tool.lti.login import begin_login
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import PendingLogin
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from tests.lti_tool.lti.world import ABSENT, LAUNCH_URL, NOW, TARGET, World, query_of


def refusal_of(world: World, **changes: object) -> tuple[RefusalReason, Mapping[str, str | int]]:
    with pytest.raises(LaunchRefusedError) as refusal:
        world.begin(**changes)
    assert world.memory.logins == {}
    return refusal.value.reason, refusal.value.values


def test_a_login_sends_the_browser_to_the_platform_with_all_that_it_must_echo(world: World) -> None:
    login = world.begin()
    address, _, _ = login.url.partition("?")
    query = query_of(login.url)
    nonce = query.pop("nonce")
    assert address == "https://lms.example/auth"
    assert query == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "klimop",
        "redirect_uri": LAUNCH_URL,
        "state": login.state,
        "login_hint": "4",
        "lti_message_hint": '{"cmid": 3}',
    }
    assert len(nonce) >= 43


def test_a_login_is_remembered_with_its_platform_and_browser_but_not_with_the_browsers_secret(
    world: World,
) -> None:
    login = world.begin()
    assert list(world.memory.logins.values()) == [
        PendingLogin(
            state=login.state,
            nonce=query_of(login.url)["nonce"],
            registration_id=1,
            target_link_uri=TARGET,
            browser_hash=sha256(login.browser_secret.encode()).hexdigest(),
            expires_at=NOW + timedelta(minutes=10),
        )
    ]
    assert login.browser_secret not in repr(login)


def test_a_login_costs_two_port_calls(world: World) -> None:
    world.begin()
    assert world.memory.calls == ["registrations_of", "remember"]


def test_two_logins_in_one_browser_share_nothing(world: World) -> None:
    one, other = world.begin(), world.begin()
    assert one.state != other.state
    assert one.browser_secret != other.browser_secret
    assert one.cookie_name != other.cookie_name
    assert query_of(one.url)["nonce"] != query_of(other.url)["nonce"]


def test_a_login_without_client_id_works_where_the_issuer_has_one(world: World) -> None:
    assert query_of(world.begin(client_id=ABSENT).url)["client_id"] == "klimop"


def test_a_login_without_client_id_is_refused_where_the_issuer_has_two(world: World) -> None:
    world.register(2, issuer="https://lms.example", client_id="klimop-2")
    assert refusal_of(world, client_id=ABSENT) == (
        RefusalReason.CLIENT_NOT_NAMED,
        {"issuer": "https://lms.example"},
    )


def test_a_login_names_the_client_among_several(world: World) -> None:
    world.register(2, issuer="https://lms.example", client_id="klimop-2")
    world.begin(client_id="klimop-2")
    assert [login.registration_id for login in world.memory.logins.values()] == [2]


def test_an_authorization_address_with_a_query_keeps_it(world: World) -> None:
    world.memory.registrations[:] = [
        PlatformRegistration(
            id=1,
            issuer="https://lms.example",
            client_id="klimop",
            auth_login_url="https://lms.example/auth?tenant=3",
            token_url="https://lms.example/token",
            jwks_url="https://lms.example/jwks",
        )
    ]
    login = world.begin()
    assert login.url.startswith("https://lms.example/auth?tenant=3&scope=openid&")
    assert query_of(login.url)["tenant"] == "3"


def test_an_unknown_issuer_is_refused_by_name(world: World) -> None:
    assert refusal_of(world, iss="https://other.example") == (
        RefusalReason.UNKNOWN_ISSUER,
        {"issuer": "https://other.example"},
    )


def test_an_unknown_client_is_refused_by_name(world: World) -> None:
    assert refusal_of(world, client_id="other") == (
        RefusalReason.UNKNOWN_CLIENT,
        {"issuer": "https://lms.example", "client_id": "other"},
    )


@pytest.mark.parametrize("parameter", ["iss", "login_hint", "target_link_uri"])
def test_a_login_that_lacks_what_it_must_have_is_refused(world: World, parameter: str) -> None:
    assert refusal_of(world, **{parameter: ABSENT}) == (
        RefusalReason.MISSING_PARAMETER,
        {"parameter": parameter},
    )


@pytest.mark.parametrize("nonsense", ["a\0b", "half a pair: \ud800", "x" * 100_001])
@pytest.mark.parametrize("parameter", ["iss", "client_id", "login_hint", "target_link_uri"])
def test_a_parameter_that_no_database_can_hold_is_refused(
    world: World, parameter: str, nonsense: str
) -> None:
    assert refusal_of(world, **{parameter: nonsense}) == (
        RefusalReason.INVALID_PARAMETER,
        {"parameter": parameter},
    )


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/module",
        "http://klimop.example/module",
        "https://klimop.example:8443/module",
        "https://klimop.example.evil.example/",
        "https://klimop.example@evil.example/",
        "https://evil.example\\@klimop.example/",
        "//klimop.example/module",
        "/module",
        "javascript:alert(1)",
        "https://klimop.example:port/",
        "https://[klimop.example/",
    ],
)
def test_a_target_off_our_origin_is_refused(world: World, target: str) -> None:
    assert refusal_of(world, target_link_uri=target) == (
        RefusalReason.TARGET_NOT_OURS,
        {"target_link_uri": target},
    )


def test_a_target_may_spell_out_the_port_of_our_origin(world: World) -> None:
    world.begin(target_link_uri="https://KLIMOP.example:443/module")
    assert len(world.memory.logins) == 1


def test_no_parameters_at_all_are_refused(world: World) -> None:
    with pytest.raises(LaunchRefusedError) as refusal:
        begin_login({}, launch_url=LAUNCH_URL, registrations=world.memory, logins=world.memory, now=NOW)
    assert refusal.value.reason is RefusalReason.MISSING_PARAMETER
