from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from lti_tool.lti.login import begin_login
from lti_tool.lti.login_state import LoginStates, PendingLogin, browser_hash
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from tests.lti_tool.lti.world import ABSENT, LAUNCH_URL, NOW, World, query_of


def refusal_of(world: World, **changes: object) -> tuple[RefusalReason, Mapping[str, str | int]]:
    with pytest.raises(LaunchRefusedError) as refusal:
        world.begin(**changes)
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
    assert len(nonce) >= 32


def test_the_state_holds_the_login_but_not_the_browsers_secret(world: World) -> None:
    login = world.begin()
    assert world.states.open(login.state) == PendingLogin(
        nonce=query_of(login.url)["nonce"],
        registration_id=1,
        browser_hash=browser_hash(login.browser_secret),
        request=world.login_parameters(),
        expires_at=NOW + timedelta(minutes=10),
    )
    assert login.browser_secret not in repr(login)


def test_a_browser_that_keeps_cookies_needs_no_way_to_begin_again(world: World) -> None:
    login = begin_login(
        world.login_parameters(lti_storage_target="_parent"),
        launch_url=LAUNCH_URL,
        registrations=world.memory,
        states=world.states,
        now=NOW,
        keeps_cookies=True,
    )
    assert (login.storage_target, world.states.open(login.state).request) == ("", {})


def test_a_platform_that_offers_storage_is_taken_at_its_word(world: World) -> None:
    login = world.begin(lti_storage_target="_parent")
    assert (login.storage_target, login.platform_origin) == ("_parent", "https://lms.example")
    assert world.states.open(login.state).storage_target == "_parent"


def test_a_state_stays_short_enough_for_an_address(world: World) -> None:
    hint = "".join(f"{number:x}" for number in range(3000))
    login = world.begin(lti_message_hint=hint)
    assert (len(login.state) < 4000, world.states.open(login.state).request) == (True, {})


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: f"{text[:20]}A{text[21:]}", str.upper]
)
def test_a_state_that_was_touched_opens_nothing(world: World, change: Callable[[str], str]) -> None:
    with pytest.raises(LaunchRefusedError) as refused:
        world.states.open(change(world.begin().state))
    assert refused.value.reason is RefusalReason.UNKNOWN_STATE


def test_a_state_of_another_klimop_opens_nothing(world: World) -> None:
    with pytest.raises(LaunchRefusedError):
        LoginStates(b"of another").open(world.begin().state)


def test_a_login_costs_one_port_call(world: World) -> None:
    world.begin()
    assert world.memory.calls == ["registrations_of"]


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
    login = world.begin(client_id="klimop-2")
    assert world.states.open(login.state).registration_id == 2


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
    assert world.begin(target_link_uri="https://KLIMOP.example:443/module").url


def test_no_parameters_at_all_are_refused(world: World) -> None:
    with pytest.raises(LaunchRefusedError) as refusal:
        begin_login({}, launch_url=LAUNCH_URL, registrations=world.memory, states=world.states, now=NOW)
    assert refusal.value.reason is RefusalReason.MISSING_PARAMETER
