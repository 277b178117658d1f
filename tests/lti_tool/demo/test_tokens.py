from datetime import timedelta
from typing import Any

import jwt
import pytest

from lti_tool.clock import now
from lti_tool.demo.current import Campus
from lti_tool.demo.keys import SigningKey, generate_pem
from lti_tool.demo.lms import LINE_ITEM_READ, MEMBERSHIP_READ, SCORE_WRITE
from tests.lti_tool.demo.tool import Client, Tool, in_the_past


def test_the_tool_gets_a_token_for_an_hour(client: Client) -> None:
    answer = client.ask_token(client.tool.key.sign(client.claims()), SCORE_WRITE, LINE_ITEM_READ)
    body = answer.json()
    assert len(body.pop("access_token")) >= 32
    assert body == {"token_type": "Bearer", "expires_in": 3600, "scope": f"{LINE_ITEM_READ} {SCORE_WRITE}"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_the_scopes_that_the_platform_allows_are_granted(client: Client) -> None:
    assertion = client.tool.key.sign(client.claims())
    body = client.ask_token(assertion, SCORE_WRITE, "https://example.test/everything").json()
    assert body["scope"] == SCORE_WRITE


def test_no_token_without_an_allowed_scope(client: Client) -> None:
    answer = client.ask_token(client.tool.key.sign(client.claims()), "https://example.test/everything")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": None},
        {"iss": "somebody"},
        {"sub": None},
        {"sub": "somebody"},
        {"aud": None},
        {"aud": "https://elsewhere.example.test/token"},
        {"exp": None},
        {"exp": 10**30},
        {"iat": None},
        {"jti": None},
        {"jti": ""},
        {"jti": 5},
    ],
    ids=str,
)
def test_an_assertion_with_a_wrong_claim_is_refused(client: Client, changed: dict[str, Any]) -> None:
    answer = client.ask_token(client.tool.key.sign(client.claims(**changed)), SCORE_WRITE)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("claim", "seconds_ago"),
    [("exp", 60), ("exp", -7200), ("iat", -600)],
    ids=["over", "too long", "to come"],
)
def test_an_assertion_at_the_wrong_time_is_refused(client: Client, claim: str, seconds_ago: int) -> None:
    claims = client.claims(**{claim: in_the_past(seconds_ago)})
    answer = client.ask_token(client.tool.key.sign(claims), SCORE_WRITE)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_an_assertion_serves_once(client: Client) -> None:
    assertion = client.tool.key.sign(client.claims())
    assert client.ask_token(assertion, SCORE_WRITE).status_code == 200
    assert client.ask_token(assertion, SCORE_WRITE).json()["error_description"] == "jti was used before"


def test_the_audience_may_be_a_list_with_the_token_address(client: Client) -> None:
    claims = client.claims(aud=["https://elsewhere.example.test", client.lms.token_url])
    assert client.ask_token(client.tool.key.sign(claims), SCORE_WRITE).status_code == 200


def forged(client: Client) -> dict[str, str]:
    """Return assertions with good claims and a bad signature, by what is wrong with them."""
    claims, key = client.claims(), client.tool.key
    stranger = SigningKey(key.kid, SigningKey.from_pem(generate_pem()).private)
    good = key.sign(claims)
    return {
        "another key under the tool's name": stranger.sign(claims),
        "no kid": key.sign(claims, header={}),
        "unknown kid": key.sign(claims, header={"kid": "unknown"}),
        "no algorithm": jwt.encode(claims, "", algorithm="none", headers={"kid": key.kid}),
        "a secret for a key": jwt.encode(claims, key.kid * 4, algorithm="HS256", headers={"kid": key.kid}),
        "changed after signing": good[:-10] + "A" * 10,
        "no token at all": "",
    }


def test_an_assertion_that_the_tool_did_not_sign_is_refused(client: Client) -> None:
    answers = {name: client.ask_token(token, SCORE_WRITE) for name, token in forged(client).items()}
    assert {name: answer.json()["error"] for name, answer in answers.items()} == dict.fromkeys(
        answers, "invalid_client"
    )


def test_the_request_itself_must_be_of_the_right_kind(client: Client) -> None:
    assertion = client.tool.key.sign(client.claims())
    password = client.ask_token(assertion, SCORE_WRITE, grant_type="password")
    other = client.ask_token(assertion, SCORE_WRITE, client_assertion_type="other")
    assert password.json()["error"] == "unsupported_grant_type"
    assert other.json()["error"] == "invalid_request"


def test_a_key_of_the_tool_that_was_just_rotated_works(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.token(SCORE_WRITE)
    monkeypatch.setattr(client.tool, "key", SigningKey.from_pem(generate_pem()))
    assert client.token(SCORE_WRITE)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic nonsense"])
def test_a_service_refuses_a_request_without_a_valid_token(client: Client, authorization: str) -> None:
    url = f"{client.lms.issuer}/services/2/memberships"
    answer = client.http.get(url, headers={"Authorization": authorization}, timeout=20)
    assert (answer.status_code, answer.json()) == (401, {"reason": "no valid bearer token"})


def test_a_token_of_one_platform_is_none_on_another(client: Client, campus: Campus) -> None:
    token = client.token(MEMBERSHIP_READ)
    assert client.get(f"{client.lms.issuer}/services/2/memberships", token).status_code == 200
    assert client.get(f"{campus.lms('ucll').issuer}/services/2/memberships", token).status_code == 401


def test_a_token_ends(client: Client, campus: Campus) -> None:
    for token, left in (("ended", timedelta(0)), ("going on", timedelta(minutes=1))):
        campus.store.keep_token("ku-leuven", token, scopes=frozenset({MEMBERSHIP_READ}), expires=now() + left)
    url = f"{client.lms.issuer}/services/2/memberships"
    assert client.get(url, "ended").status_code == 401
    assert client.get(url, "going on").status_code == 200


def test_a_closed_platform_answers_503_and_comes_back(tool: Tool, campus: Campus) -> None:
    client = Client(tool, campus.lms("luca"))
    token = client.token(MEMBERSHIP_READ)
    urls = [f"{client.lms.issuer}/services/2/{name}" for name in ("memberships", "lineitems?type_id=1")]
    campus.store.close_services("luca")
    try:
        answers = [client.get(url, token) for url in urls]
        answers.append(client.ask_token(client.tool.key.sign(client.claims()), SCORE_WRITE))
    finally:
        campus.store.open_services("luca")
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "60")] * 3
    assert client.get(urls[0], token).status_code == 200
    client.http.close()
