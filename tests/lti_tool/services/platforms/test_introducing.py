"""Getting to know a platform at an address that a visitor gave; servers are real, and on this machine."""

from collections.abc import Iterator

import pytest

from lti_tool.lti.keys import public_keyset
from lti_tool.lti.platform_offer import CannotRegisterError, RegistrationFlaw
from lti_tool.services.platforms.introducing import (
    NoKeysError,
    agreed_registration,
    meet_platform,
    register_tool,
    require_keys,
    require_safe,
)
from lti_tool.services.platforms.registering import NewRegistration
from tests.lti_tool.lti.documents import OFFERED, openid_configuration
from tests.lti_tool.lti.server import LocalServer, Reply, serving
from tests.lti_tool.lti.test_families import TOOL
from tests.lti_tool.lti.world import platform_key

NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serving() as local:
        yield local


def trusted(server: LocalServer) -> frozenset[str]:
    return frozenset({f"127.0.0.1:{server.port}"})


def refusal(url: str, hosts: frozenset[str] = NOBODY) -> RegistrationFlaw:
    with pytest.raises(CannotRegisterError) as caught:
        meet_platform(url, token="once", trusted_hosts=hosts)
    return caught.value.flaw


def test_a_platform_is_met_and_registered_with(server: LocalServer) -> None:
    url = server.answer("/openid", Reply(content=openid_configuration(server.url)))
    server.answer("/register", Reply(content={"client_id": "7"}))
    met = meet_platform(url, token="once", trusted_hosts=trusted(server))
    agreed = register_tool(met, TOOL, trusted_hosts=trusted(server))
    assert agreed_registration("vives", met.offer, agreed) == NewRegistration(
        institution="vives",
        issuer=server.url,
        client_id="7",
        auth_login_url=f"{server.url}/auth",
        token_url=f"{server.url}/token",
        jwks_url=f"{server.url}/jwks",
        deployment_id="",
        token_audience=None,
        family="moodle",
        scopes=OFFERED,
    )
    assert [request.headers["Authorization"] for request in server.seen] == ["Bearer once"] * 2


@pytest.mark.parametrize(
    "url",
    [
        "",
        "openid",
        "file:///etc/passwd",
        "https://a:b@lms.example/",
        "http://lms.example/openid",
        "https://lms.example:8443/openid",
        "https://[::1]/openid",
    ],
)
def test_an_address_without_encryption_or_off_the_public_web_is_not_called(url: str) -> None:
    assert refusal(url) is RegistrationFlaw.FORBIDDEN


@pytest.mark.parametrize("token", ["é€", "a\r\nX: y", "\0"])
def test_a_token_that_cannot_be_sent_is_not(server: LocalServer, token: str) -> None:
    url = server.answer("/openid", Reply(content=openid_configuration(server.url)))
    with pytest.raises(CannotRegisterError):
        meet_platform(url, token=token, trusted_hosts=trusted(server))
    assert server.seen == []


@pytest.mark.parametrize("host", ["x" * 70, "a..b", "xn--", "é" * 70])
def test_a_name_that_no_host_can_have(host: str) -> None:
    assert refusal(f"https://{host}/") in (RegistrationFlaw.UNREACHABLE, RegistrationFlaw.FORBIDDEN)
    with pytest.raises(NoKeysError):
        require_keys(f"https://{host}/", trusted_hosts=NOBODY)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://localhost/", "https://169.254.169.254/"])
def test_a_private_network_is_not_reached(url: str) -> None:
    assert refusal(url) is RegistrationFlaw.UNREACHABLE


def test_a_host_is_trusted_with_its_port_alone(server: LocalServer) -> None:
    url = server.answer("/openid", Reply(content=openid_configuration(server.url)))
    assert refusal(url, frozenset({"127.0.0.1:1"})) is RegistrationFlaw.FORBIDDEN
    assert server.seen == []


@pytest.mark.parametrize("member", ["jwks_uri", "token_endpoint", "authorization_endpoint"])
def test_no_address_in_an_offer_leads_into_a_closed_network(server: LocalServer, member: str) -> None:
    url = server.answer(
        "/openid", Reply(content=openid_configuration(server.url) | {member: "http://10.0.0.1/"})
    )
    assert refusal(url, trusted(server)) is RegistrationFlaw.FORBIDDEN


def test_public_keys_are_there_or_they_are_not(server: LocalServer) -> None:
    require_keys(
        server.answer("/jwks", Reply(content=public_keyset([platform_key("platform")]))),
        trusted_hosts=trusted(server),
    )
    for reply in (Reply(404), Reply(content={"keys": []}), Reply(content=b"<html>")):
        with pytest.raises(NoKeysError):
            require_keys(server.answer("/jwks", reply), trusted_hosts=trusted(server))
    with pytest.raises(NoKeysError):
        require_keys("https://127.0.0.1/jwks", trusted_hosts=NOBODY)


def test_a_safe_address_is_public_and_encrypted() -> None:
    assert require_safe("https://lms.example/x", NOBODY).netloc == "lms.example"
