"""Tokens and calls: against a server that speaks as platforms do."""

from datetime import timedelta

import jwt
import pytest
import requests

from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.tokens import AccessTokens
from tests.lti_tool.lti.memory import Memory
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.world import NOW, platform_key, query_of

HTML = (("Content-Type", "text/html"),)
GRANTED = Reply(content={"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600}, headers=HTML)


def connector_to(
    server: LocalServer,
    session: requests.Session,
    *,
    tokens: AccessTokens | None = None,
    after: timedelta = timedelta(),
    token_audience: str | None = None,
) -> PlatformConnector:
    platform = PlatformRegistration(
        id=1,
        issuer="https://lms.example",
        client_id="klimop",
        auth_login_url="https://lms.example/auth",
        token_url=f"{server.url}/token",
        jwks_url="https://lms.example/jwks",
        token_audience=token_audience,
    )
    return PlatformConnector(
        platform=platform,
        keys=Memory(tool_keys=[platform_key("tool")]),
        tokens=tokens or AccessTokens(),
        session=session,
        now=NOW + after,
    )


def get(connector: PlatformConnector, url: str, *, scope: str = "read") -> bytes:
    return connector.call("GET", url, scopes=[scope], headers={"Accept": "text/plain"}).body


def test_a_token_is_asked_for_with_an_assertion_signed_by_the_tool(
    server: LocalServer, session: requests.Session
) -> None:
    server.answer("/token", GRANTED)
    url = server.answer("/things", Reply(content=b"things"))
    assert get(connector_to(server, session), url) == b"things"
    [asked] = server.requests_to("/token")
    form = query_of(f"?{asked.body}")
    key = platform_key("tool")
    assertion = form.pop("client_assertion")
    assert form == {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "scope": "read",
    }
    claims = jwt.decode(
        assertion,
        key.private_key.public_key(),
        algorithms=["RS256"],
        options={"verify_signature": True, "verify_aud": False, "verify_exp": False, "verify_iat": False},
    )
    assert len(claims.pop("jti")) >= 32
    now = int(NOW.timestamp())
    assert claims == {
        "iss": "klimop",
        "sub": "klimop",
        "aud": f"{server.url}/token",
        "iat": now - 5,
        "exp": now + 60,
    }
    assert jwt.get_unverified_header(assertion)["kid"] == key.kid
    [called] = server.requests_to("/things")
    assert called.headers["Authorization"] == "Bearer token-1"


def test_a_platform_may_want_another_audience_than_its_token_address(
    server: LocalServer, session: requests.Session
) -> None:
    server.answer("/token", GRANTED)
    url = server.answer("/things", Reply())
    get(connector_to(server, session, token_audience="https://api.brightspace.com/auth/token"), url)
    assertion = query_of(f"?{server.requests_to('/token')[0].body}")["client_assertion"]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["aud"] == "https://api.brightspace.com/auth/token"


def test_every_assertion_is_used_once(server: LocalServer, session: requests.Session) -> None:
    server.answer("/token", GRANTED)
    url = server.answer("/things", Reply())
    for _ in range(2):
        get(connector_to(server, session), url)
    bodies = [query_of(f"?{asked.body}")["client_assertion"] for asked in server.requests_to("/token")]
    assert len({jwt.decode(body, options={"verify_signature": False})["jti"] for body in bodies}) == 2


def test_a_token_serves_until_a_minute_before_it_ends(server: LocalServer, session: requests.Session) -> None:
    server.answer("/token", GRANTED)
    url, tokens = server.answer("/things", Reply()), AccessTokens()
    for minutes in (0, 30, 58):
        get(connector_to(server, session, tokens=tokens, after=timedelta(minutes=minutes)), url)
    assert len(server.requests_to("/token")) == 1
    get(connector_to(server, session, tokens=tokens, after=timedelta(minutes=59)), url)
    assert len(server.requests_to("/token")) == 2


def test_each_set_of_scopes_has_its_own_token(server: LocalServer, session: requests.Session) -> None:
    server.answer("/token", GRANTED)
    url, tokens = server.answer("/things", Reply()), AccessTokens()
    for scope in ("read", "write", "read"):
        get(connector_to(server, session, tokens=tokens), url, scope=scope)
    assert [query_of(f"?{asked.body}")["scope"] for asked in server.requests_to("/token")] == [
        "read",
        "write",
    ]


def test_a_token_that_the_platform_ended_early_is_replaced_once(
    server: LocalServer, session: requests.Session
) -> None:
    server.answer("/token", GRANTED)
    url, tokens = (
        server.answer("/things", Reply(content=b"1"), Reply(401), Reply(content=b"2")),
        AccessTokens(),
    )
    connector = connector_to(server, session, tokens=tokens)
    assert [get(connector, url), get(connector, url)] == [b"1", b"2"]
    assert len(server.requests_to("/token")) == 2


def test_a_platform_that_takes_no_token_of_its_own_refuses(
    server: LocalServer, session: requests.Session
) -> None:
    server.answer("/token", GRANTED)
    url = server.answer("/things", Reply(401))
    with pytest.raises(PlatformRefusedError) as refused:
        get(connector_to(server, session), url)
    assert (refused.value.registration_id, refused.value.status) == (1, 401)
    assert len(server.requests_to("/things")) == 2


@pytest.mark.parametrize("status", [301, 400, 403, 404, 410, 422])
def test_a_refusal_will_stay_one(server: LocalServer, session: requests.Session, status: int) -> None:
    server.answer("/token", GRANTED)
    url = server.answer("/things", Reply(status, headers=(("Location", "/elsewhere"),)))
    with pytest.raises(PlatformRefusedError) as refused:
        get(connector_to(server, session), url)
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [
        (500, "", None),
        (503, "120", timedelta(minutes=2)),
        (429, "Mon, 23 Nov 2026 09:10:00 GMT", timedelta(minutes=10)),
        (429, "Mon, 23 Nov 2026 08:00:00 GMT", timedelta()),
        (429, "99999999999999", timedelta(days=1)),
        (429, "Mon, 23 Nov 9999 08:00:00 GMT", timedelta(days=1)),
        (408, "soon", None),
        (425, "Mon, 23 Nov 2026 09:10:00 -0000", None),
    ],
)
def test_a_fault_may_pass_and_says_when_if_the_platform_does(
    server: LocalServer, session: requests.Session, status: int, header: str, wait: timedelta | None
) -> None:
    server.answer("/token", GRANTED)
    url = server.answer("/things", Reply(status, headers=(("Retry-After", header),)))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        get(connector_to(server, session), url)
    assert (unavailable.value.cause, unavailable.value.retry_after) == (f"status {status}", wait)


def test_a_platform_that_is_down_may_come_back(server: LocalServer, session: requests.Session) -> None:
    server.answer("/token", GRANTED)
    with pytest.raises(PlatformUnavailableError) as unavailable:
        get(connector_to(server, session), "http://127.0.0.1:1/things")
    assert (unavailable.value.cause, unavailable.value.retry_after) == ("no connection", None)


def test_a_token_that_is_refused_tells_the_oauth_error(
    server: LocalServer, session: requests.Session
) -> None:
    server.answer("/token", Reply(400, {"error": "invalid_client"}))
    with pytest.raises(PlatformRefusedError) as refused:
        get(connector_to(server, session), f"{server.url}/things")
    assert (refused.value.status, refused.value.error) == (400, "invalid_client")
    assert server.requests_to("/things") == []


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        {},
        {"access_token": ["a"]},
        {"access_token": ""},
        {"access_token": "a\nb"},
        {"access_token": "\u00e9"},
        {"access_token": "a", "expires_in": "soon"},
        {"access_token": "a", "expires_in": []},
    ],
)
def test_a_token_that_cannot_be_read_is_a_fault(
    server: LocalServer, session: requests.Session, content: object
) -> None:
    server.answer("/token", Reply(content=content))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        get(connector_to(server, session), f"{server.url}/things")
    assert unavailable.value.cause == "unreadable token"


@pytest.mark.parametrize(
    "url", ["http://", "file:///etc/passwd", "http://\u00e9" + "x" * 70 + ".example/", "nonsense"]
)
def test_an_address_that_is_none_is_a_fault(server: LocalServer, session: requests.Session, url: str) -> None:
    server.answer("/token", GRANTED)
    with pytest.raises(PlatformUnavailableError) as unavailable:
        get(connector_to(server, session), url)
    assert unavailable.value.cause == "no connection"


def test_pages_follow_links_as_platforms_write_them(server: LocalServer, session: requests.Session) -> None:
    server.answer("/token", GRANTED)
    links = [
        f'<{server.url}/p?page=2&Case=Kept>; rel="next", <{server.url}/p>; rel="first"',
        "</p?page=3>; rel=next",
        '</p?page=4>; title="more"; rel="next"',
    ]
    first = server.answer("/p", Reply(content=b"1", headers=(("Link", links[0]),)))
    server.answer("/p?page=2&Case=Kept", Reply(content=b"2", headers=(("Link", links[1]),)))
    server.answer("/p?page=3", Reply(content=b"3", headers=(("link", links[2]),)))
    server.answer("/p?page=4", Reply(content=b"4", headers=(("Link", f'<{server.url}/p>; rel="prev"'),)))
    pages = connector_to(server, session).pages(first, scopes=["read"], accept="text/plain")
    assert list(pages) == [b"1", b"2", b"3", b"4"]


def test_pages_that_go_round_in_circles_end(server: LocalServer, session: requests.Session) -> None:
    server.answer("/token", GRANTED)
    url = server.answer("/p", Reply(headers=(("Link", "</q>; rel=next"),)))
    server.answer("/q", Reply(headers=(("Link", "</p>; rel=next"),)))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        list(connector_to(server, session).pages(url, scopes=["read"], accept="text/plain"))
    assert unavailable.value.cause == "endless pages"
    assert [len(server.requests_to(path)) for path in ("/p", "/q")] == [1, 1]
