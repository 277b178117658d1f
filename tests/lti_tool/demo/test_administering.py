"""An administrator's work: plugging in a tool with one address, and another key."""

from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from lti_tool.demo.claims import AGS_ENDPOINT, DEEP_LINKING, LTI, NRPS_SERVICE
from lti_tool.demo.client_metadata import TOOL
from lti_tool.demo.current import Campus
from lti_tool.demo.lms import LINE_ITEM_READ, MEMBERSHIP_READ, SCORE_WRITE, Lms
from lti_tool.demo.registering import PLATFORM
from tests.lti_tool.demo.tool import TIMEOUT, Client, Tool, answer_to, verified
from tests.platform.visitor import Visitor


def metadata(tool: Tool) -> dict[str, Any]:
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{tool.url}/lti/login",
        "redirect_uris": [f"{tool.url}/lti/launch"],
        "jwks_uri": f"{tool.url}/lti/jwks",
        "client_name": "Klimop",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{SCORE_WRITE} {LINE_ITEM_READ} https://example.test/everything",
        TOOL: {
            "domain": urlsplit(tool.url).netloc,
            "target_link_uri": f"{tool.url}/lti/launch?all",
            "claims": ["iss", "sub", "name"],
            "messages": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "target_link_uri": f"{tool.url}/lti/launch?pick"},
            ],
            "custom_parameters": {"from": "registration"},
        },
    }


@pytest.fixture
def administrator(campus: Campus) -> Iterator[Visitor]:
    with Visitor(campus.lms("thomas-more"), "2") as visitor:
        yield visitor


def asked(administrator: Visitor, tool: Tool, path: str = "/register?invitation=1") -> dict[str, str]:
    """Return what the tool's registration page is opened with."""
    page = administrator.http.get(
        f"{administrator.lms.issuer}/admin/tools/new", params={"url": f"{tool.url}{path}"}, timeout=TIMEOUT
    )
    address = unescape(page.text.split('<iframe src="')[1].split('"')[0])
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def register(lms: Lms, token: str, body: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(lms.registration_url, json=body, headers=headers, timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("slug", "family", "audience"),
    [
        ("ku-leuven", "BlackboardLearn", None),
        ("odisee", "desire2learn", "https://api.brightspace.com/auth/token"),
    ],
)
def test_a_platform_says_what_it_is(campus: Campus, slug: str, family: str, audience: str | None) -> None:
    lms = campus.lms(slug)
    said = requests.get(lms.configuration_url, timeout=TIMEOUT).json()
    assert (said["issuer"], said["registration_endpoint"]) == (lms.issuer, lms.registration_url)
    assert said.get("authorization_server") == audience
    assert (MEMBERSHIP_READ in said["scopes_supported"], said[PLATFORM]["product_family_code"]) == (
        True,
        family,
    )
    assert [message["type"] for message in said[PLATFORM]["messages_supported"]] == [
        "LtiResourceLinkRequest",
        "LtiDeepLinkingRequest",
    ]
    assert ("Context.id.history" in said[PLATFORM]["variables"]) == (slug != "odisee")


def test_a_registered_tool_launches_with_what_it_agreed(
    tool: Tool, campus: Campus, administrator: Visitor
) -> None:
    lms = campus.lms("thomas-more")
    opened = asked(administrator, tool)
    assert opened["invitation"] == "1"
    assert opened["openid_configuration"] == lms.configuration_url
    answer = register(lms, opened["registration_token"], metadata(tool))
    body = answer.json()
    assert answer.status_code == 201
    assert body["scope"] == f"{LINE_ITEM_READ} {SCORE_WRITE}"
    assert body[TOOL]["claims"] == ["iss", "sub", "name"]
    assert "deployment_id" not in body[TOOL]  # on this platform the first launch tells it
    with Visitor(lms, "3") as teacher:
        assert teacher.go("/courses/3/content/start").text == "welcome"
        client = campus_as(campus, "thomas-more", body["client_id"])
        request = verified(client, tool.launches[-1]["id_token"])
        assert request[f"{LTI}target_link_uri"] == f"{tool.url}/lti/launch?pick"
        item = {"type": "ltiResourceLink", "title": "Nieuw"}
        token = tool.key.sign(answer_to(request, item))
        url = request[f"{DEEP_LINKING}deep_linking_settings"]["deep_link_return_url"]
        assert requests.post(url, data={"JWT": token}, timeout=TIMEOUT).status_code == 200
        link = teacher.get("/courses/3").text.split('<a href="/thomas-more/links/')[-1].split('"')[0]
        teacher.launch(link)
        claims = verified(client, tool.launches[-1]["id_token"])
        teacher.launch("3")
        assert verified(lms, tool.launches[-1]["id_token"])["aud"] == lms.client_id
    assert (claims["name"], "email" in claims) == ("Luc Geerts", False)
    assert claims[f"{LTI}target_link_uri"] == f"{tool.url}/lti/launch?all"
    assert claims[f"{LTI}custom"] == {"from": "registration"}
    assert claims[f"{LTI}deployment_id"] == client.deployment_id != "1"
    assert claims[AGS_ENDPOINT]["scope"] == [LINE_ITEM_READ, SCORE_WRITE]
    assert NRPS_SERVICE not in claims
    services = Client(tool, client)
    assert services.get(claims[AGS_ENDPOINT]["lineitems"], services.token(LINE_ITEM_READ)).status_code == 200
    services.http.close()
    assert body["client_id"] in administrator.get("/admin").text


def campus_as(campus: Campus, slug: str, client_id: str) -> Lms:
    """Return a platform as a tool meets it that registered itself."""
    registrations = campus.registry.registrations(slug)
    return campus.lms(slug).to(next(one for one in registrations if one.client_id == client_id))


def test_moodle_says_200_and_tells_the_deployment_at_once(tool: Tool, campus: Campus) -> None:
    with Visitor(campus.lms("vives"), "2") as administrator:
        token = asked(administrator, tool, "/register")["registration_token"]
        answer = register(administrator.lms, token, metadata(tool))
    client = campus_as(campus, "vives", answer.json()["client_id"])
    assert answer.status_code == 200
    assert answer.json()[TOOL]["deployment_id"] == client.deployment_id


def test_a_registration_token_serves_once_and_on_one_platform(
    tool: Tool, campus: Campus, administrator: Visitor
) -> None:
    token = asked(administrator, tool)["registration_token"]
    assert register(campus.lms("ucll"), token, metadata(tool)).status_code == 401
    assert register(administrator.lms, token, metadata(tool)).status_code == 201
    assert register(administrator.lms, token, metadata(tool)).status_code == 401
    assert register(administrator.lms, "", metadata(tool)).status_code == 401


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"application_type": "native"}, "application_type"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "token_endpoint_auth_method"),
        ({"response_types": ["code"]}, "response_types"),
        ({"grant_types": ["implicit"]}, "grant_types"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"initiate_login_uri": None}, "initiate_login_uri"),
        ({"jwks_uri": "https://elsewhere.example.test/jwks"}, "domain"),
        ({"client_name": ""}, "client_name"),
        ({"scope": None}, "scope"),
        ({TOOL: None}, TOOL),
        ({TOOL: {"domain": "127.0.0.1", "target_link_uri": "http://127.0.0.1:1/", "claims": []}}, "domain"),
        ({TOOL: {"domain": "x", "claims": []}}, "target_link_uri"),
    ],
    ids=str,
)
def test_a_registration_with_a_wrong_field_is_refused_by_name(
    tool: Tool, campus: Campus, administrator: Visitor, changed: dict[str, Any], field: str
) -> None:
    token = asked(administrator, tool)["registration_token"]
    answer = register(administrator.lms, token, metadata(tool) | changed)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "invalid_client_metadata", "error_description": f"{field} is missing or wrong"},
    )


def test_an_address_that_is_not_the_tools_is_not_opened(administrator: Visitor, tool: Tool) -> None:
    for url in ("https://elsewhere.example.test/register", "", "javascript:alert(1)"):
        page = administrator.http.get(
            f"{administrator.lms.issuer}/admin/tools/new", params={"url": url}, timeout=TIMEOUT
        )
        assert (page.status_code, "Dit adres is niet van Klimop" in page.text) == (422, True)


def test_only_an_administrator_adds_a_tool_or_a_key(campus: Campus) -> None:
    lms = campus.lms("luca")
    for sub in ("3", "11"):
        with Visitor(lms, sub) as visitor:
            assert visitor.get("/admin/tools/new?url=x").status_code == 403
            assert visitor.post("/admin/keys").status_code == 403
    assert requests.post(f"{lms.issuer}/admin/keys", timeout=TIMEOUT).url == f"{lms.issuer}/login"
    assert campus.lms("luca").key == lms.key


def test_a_new_key_signs_at_once_and_the_old_one_stays_published(tool: Tool, campus: Campus) -> None:
    before = campus.lms("odisee")
    with Visitor(before, "2") as administrator:
        assert "nieuwe sleutel" in administrator.post("/admin/keys").text
        administrator.launch("1")
    after = campus.lms("odisee")
    published = requests.get(after.jwks_url, timeout=TIMEOUT).json()["keys"]
    assert [key["kid"] for key in published] == [before.key.kid, after.key.kid]
    assert verified(after, tool.launches[-1]["id_token"])["sub"] == "2"
    assert (
        verified(after, before.key.sign({"iss": after.issuer, "aud": after.client_id, "odd": 1}))["odd"] == 1
    )
