"""Registering with platforms: by the specification, with a real Moodle, and at servers of every temper."""

import json

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.abilities import Ability
from lti_tool.lti.dynamic_registration import (
    TOOL,
    Agreed,
    fetch_configuration,
    register,
    registration_request,
)
from lti_tool.lti.families import family
from lti_tool.lti.platform_offer import (
    PLATFORM,
    CannotRegisterError,
    PlatformOffer,
    RegistrationFlaw,
    read_configuration,
)
from tests.lti_tool.lti.documents import CONFIGURATION_URL, OFFERED, openid_configuration
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.test_families import ICON, LAUNCH
from tests.lti_tool.lti.test_families import TOOL as KLIMOP
from tests.platform.moodle import moodle

MOODLE_URL = "http://localhost:8080/mod/lti/openid-configuration.php"
SHOWN = {"target_link_uri": LAUNCH, "label": "Klimop", "icon_uri": ICON}
# What a platform is asked for that knows all that Klimop needs.
ASKED = {
    "application_type": "web",
    "response_types": ["id_token"],
    "grant_types": ["client_credentials", "implicit"],
    "initiate_login_uri": "https://klimop.example:8443/lti/login",
    "redirect_uris": [LAUNCH],
    "client_name": "Klimop",
    "jwks_uri": "https://klimop.example:8443/lti/jwks",
    "logo_uri": ICON,
    "client_uri": "https://klimop.example:8443",
    "token_endpoint_auth_method": "private_key_jwt",
    "scope": " ".join(OFFERED),
    TOOL: {
        "domain": "klimop.example:8443",
        "target_link_uri": LAUNCH,
        "description": "Modules van de microdegrees.",
        "description#nl": "Modules van de microdegrees.",
        "description#en": "Modules of the microdegrees.",
        "claims": ["iss", "sub", "name", "given_name", "family_name"],
        "custom_parameters": {"context_history": "$Context.id.history"},
        "messages": [
            {"type": "LtiResourceLinkRequest", **SHOWN},
            {"type": "LtiDeepLinkingRequest", **SHOWN, "placements": ["ContentArea"]},
        ],
    },
}
ALL_BUT_EXTRAS = frozenset(Ability) - {Ability.GROUPS, Ability.NOTICES}


def offer_of(document: object, url: str = CONFIGURATION_URL) -> PlatformOffer:
    return read_configuration(json.dumps(document).encode(), url=url)


def flaw_of(document: object, url: str = CONFIGURATION_URL) -> tuple[RegistrationFlaw, str]:
    with pytest.raises(CannotRegisterError) as caught:
        offer_of(document, url)
    return caught.value.flaw, caught.value.detail


def at_server(server: LocalServer) -> PlatformOffer:
    """Return the offer of a platform at `server`."""
    return offer_of(openid_configuration(server.url), f"{server.url}/openid")


def test_an_offer_is_understood() -> None:
    assert offer_of(openid_configuration()) == PlatformOffer(
        issuer="https://lms.example",
        auth_login_url="https://lms.example/auth",
        token_url="https://lms.example/token",
        jwks_url="https://lms.example/jwks",
        registration_url="https://lms.example/register",
        token_audience=None,
        family=family("moodle"),
        version="5.0",
        account="",
        scopes=frozenset({"openid", *OFFERED}),
        claims=frozenset({"sub", "iss", "email", "given_name", "family_name", "name", "locale"}),
        messages={
            "LtiResourceLinkRequest": (),
            "LtiDeepLinkingRequest": ("ContentArea",),
            "LtiSubmissionReviewRequest": (),
        },
        variables=frozenset({"Context.id.history", "ResourceLink.id", "User.id"}),
    )


def test_a_real_moodles_offer_is_understood_and_it_is_asked_the_same() -> None:
    offer = offer_of(moodle("openid-configuration"), MOODLE_URL)
    assert (offer.issuer, offer.host, offer.family) == (
        "http://localhost:8080",
        "localhost",
        family("moodle"),
    )
    assert offer.registration_url == "http://localhost:8080/mod/lti/openid-registration.php"
    assert offer.version == "4.5.6 (Build: 20250811)"
    assert offer.messages == {"LtiResourceLinkRequest": (), "LtiDeepLinkingRequest": ("ContentArea",)}
    assert offer.token_audience is None
    assert offer.abilities == ALL_BUT_EXTRAS
    assert registration_request(offer, KLIMOP) == ASKED


def test_a_platform_is_asked_for_what_it_knows_and_klimop_needs() -> None:
    offer = offer_of(openid_configuration())
    assert (offer.host, offer.abilities) == ("lms.example", ALL_BUT_EXTRAS)
    assert registration_request(offer, KLIMOP) == ASKED


def test_canvas_is_asked_in_its_own_words() -> None:
    asked = registration_request(canvas_offer(), KLIMOP)
    configuration = asked[TOOL]
    assert isinstance(configuration, dict)
    assert configuration["https://canvas.instructure.com/lti/privacy_level"] == "name_only"
    assert [
        (message["type"], message.get("placements"), message.get(f"{NAVIGATION}/default_enabled"))
        for message in configuration["messages"]
    ] == [
        ("LtiResourceLinkRequest", ["course_navigation"], False),
        ("LtiDeepLinkingRequest", ["assignment_selection", "link_selection"], None),
    ]


NAVIGATION = "https://canvas.instructure.com/lti/course_navigation"


def canvas_offer() -> PlatformOffer:
    """Return what a tenant of Canvas offers: at its own address, for the issuer of all."""
    document = openid_configuration() | {
        "issuer": "https://canvas.instructure.com",
        "registration_endpoint": "https://canvas.instructure.com/api/lti/registrations",
        "authorization_server": "canvas.instructure.com",
        PLATFORM: {
            "product_family_code": "canvas",
            "version": "vCloud",
            "https://canvas.instructure.com/lti/account_name": "UCLL",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest", "placements": ["course_navigation", "wiki_page_menu"]},
                {"type": "LtiDeepLinkingRequest", "placements": ["assignment_selection", "link_selection"]},
            ],
        },
    }
    return offer_of(document, "https://ucll.instructure.com/api/lti/security/openid-configuration")


def test_canvas_names_its_account_and_a_host_that_is_no_audience() -> None:
    offer = canvas_offer()
    assert (offer.family, offer.account, offer.token_audience) == (family("canvas"), "UCLL", None)


def test_a_platform_that_lists_nothing_is_asked_for_everything() -> None:
    document = openid_configuration() | {"scopes_supported": [], "claims_supported": None, PLATFORM: {}}
    asked = registration_request(offer_of(document), KLIMOP)
    assert str(asked["scope"]).split() == [
        *OFFERED,
        "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly",
        "https://purl.imsglobal.org/spec/lti/scope/noticehandlers",
    ]
    assert offer_of(document).abilities == frozenset(Ability)


def test_an_authorization_server_is_the_audience_of_tokens() -> None:
    document = openid_configuration() | {"authorization_server": "https://auth.example"}
    assert offer_of(document).token_audience == "https://auth.example"
    document[PLATFORM] = {"product_family_code": "desire2learn"}
    del document["authorization_server"]
    assert offer_of(document).token_audience == "https://api.brightspace.com/auth/token"


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"issuer": None}, (RegistrationFlaw.MISSING, "issuer")),
        ({"registration_endpoint": ""}, (RegistrationFlaw.MISSING, "registration_endpoint")),
        ({"jwks_uri": "javascript:alert(1)"}, (RegistrationFlaw.INVALID, "jwks_uri")),
        ({"token_endpoint": ["x"]}, (RegistrationFlaw.INVALID, "token_endpoint")),
        ({PLATFORM: "moodle"}, (RegistrationFlaw.INVALID, "lti-platform-configuration")),
        ({"issuer": "https://other.example"}, (RegistrationFlaw.FOREIGN, "lms.example")),
        ({"registration_endpoint": "https://evil.example/"}, (RegistrationFlaw.FOREIGN, "evil.example")),
    ],
)
def test_an_offer_that_cannot_be_trusted_is_refused(
    changes: dict[str, object], flaw: tuple[RegistrationFlaw, str]
) -> None:
    assert flaw_of(openid_configuration() | changes) == flaw


def test_nobody_introduces_himself_as_another_platform() -> None:
    assert flaw_of(openid_configuration(), "https://evil.example/openid") == (
        RegistrationFlaw.FOREIGN,
        "evil.example",
    )


@pytest.mark.parametrize("document", [b"", b"<html>", b"[]", b"[" * 9000, b"\xff"])
def test_a_document_that_is_no_object_is_refused(document: bytes) -> None:
    with pytest.raises(CannotRegisterError) as caught:
        read_configuration(document, url=CONFIGURATION_URL)
    assert caught.value.flaw is RegistrationFlaw.UNREADABLE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from([*openid_configuration(), "authorization_server"]), json_values))
def test_no_document_is_more_than_a_flaw(changes: dict[str, object]) -> None:
    try:
        offer = offer_of(openid_configuration() | changes)
    except CannotRegisterError:
        return
    assert registration_request(offer, KLIMOP)["redirect_uris"] == [LAUNCH]


def test_the_configuration_is_fetched_with_the_token(server: LocalServer, session: requests.Session) -> None:
    url = server.answer("/openid", Reply(content=openid_configuration()))
    assert json.loads(fetch_configuration(session, url, token="once")) == openid_configuration()
    assert server.seen[0].headers["Authorization"] == "Bearer once"


def test_no_token_is_sent_where_there_is_none(server: LocalServer, session: requests.Session) -> None:
    fetch_configuration(session, server.answer("/openid", Reply(content=openid_configuration())), token="")
    assert "Authorization" not in server.seen[0].headers


@pytest.mark.parametrize("status", [302, 401, 404, 500])
def test_no_configuration_no_registration(
    server: LocalServer, session: requests.Session, status: int
) -> None:
    url = server.answer("/openid", Reply(status, headers=(("Location", "/elsewhere"),)))
    with pytest.raises(CannotRegisterError) as caught:
        fetch_configuration(session, url, token="")
    assert (caught.value.flaw, caught.value.detail) == (RegistrationFlaw.UNREACHABLE, f"status {status}")


def test_what_a_platform_registered_is_understood(server: LocalServer, session: requests.Session) -> None:
    configuration = {
        "deployment_id": "d-2",
        "claims": ["sub", "name"],
        "messages": [{"type": "LtiDeepLinkingRequest", "target_link_uri": LAUNCH}],
    }
    answer = {"client_id": "c-7", "scope": " ".join(OFFERED[::-1]), TOOL: configuration}
    server.answer("/register", Reply(content=answer))
    agreed = register(session, at_server(server), KLIMOP, token="once")
    assert agreed == Agreed(
        client_id="c-7",
        deployment_id="d-2",
        scopes=OFFERED,
        claims=("sub", "name"),
        messages=("LtiDeepLinkingRequest",),
    )
    sent = server.seen[0]
    assert (sent.method, sent.headers["Authorization"]) == ("POST", "Bearer once")
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.body) == ASKED


def test_what_a_real_moodle_registered_is_understood(server: LocalServer, session: requests.Session) -> None:
    answer = moodle("dynamic-registration-response")
    server.answer("/register", Reply(content=answer))
    agreed = register(session, at_server(server), KLIMOP, token="")
    assert agreed == Agreed(
        client_id=answer["client_id"],
        deployment_id="2",
        scopes=OFFERED,
        claims=("sub", "iss", "name", "family_name", "given_name", "email"),
        messages=("LtiDeepLinkingRequest",),
    )
    assert agreed.abilities == ALL_BUT_EXTRAS


def test_what_an_answer_leaves_out_is_as_it_was_asked(server: LocalServer, session: requests.Session) -> None:
    server.answer("/register", Reply(content={"client_id": "7"}))
    agreed = register(session, at_server(server), KLIMOP, token="")
    assert (agreed.deployment_id, agreed.scopes, agreed.abilities) == ("", OFFERED, ALL_BUT_EXTRAS)


def test_what_a_platform_takes_away_is_missing(server: LocalServer, session: requests.Session) -> None:
    content = {"client_id": "7", "scope": "", TOOL: {"claims": ["sub"], "messages": [{"type": "Other"}]}}
    server.answer("/register", Reply(content=content))
    assert register(session, at_server(server), KLIMOP, token="").abilities == frozenset()


@pytest.mark.parametrize(
    ("reply", "flaw", "detail"),
    [
        (
            Reply(400, {"error": "invalid_client_metadata", "error_description": "domain"}),
            RegistrationFlaw.REFUSED,
            "invalid_client_metadata: domain",
        ),
        (Reply(401, b"<html>"), RegistrationFlaw.REFUSED, "status 401"),
        (Reply(500, {"error": ["x"]}), RegistrationFlaw.REFUSED, "status 500"),
        (Reply(302, headers=(("Location", "/"),)), RegistrationFlaw.REFUSED, "status 302"),
        (Reply(200, b"<html>"), RegistrationFlaw.UNREADABLE, ""),
        (Reply(200, {}), RegistrationFlaw.MISSING, "client_id"),
        (Reply(200, {"client_id": " "}), RegistrationFlaw.MISSING, "client_id"),
        (Reply(200, {"client_id": "x" * 256}), RegistrationFlaw.INVALID, "client_id"),
        (Reply(200, {"client_id": "7", "scope": 5}), RegistrationFlaw.INVALID, "scope"),
        (Reply(200, b"x" * 1_000_001), RegistrationFlaw.UNREACHABLE, "too large"),
    ],
)
def test_an_answer_that_registers_nothing_says_why(
    server: LocalServer, session: requests.Session, reply: Reply, flaw: RegistrationFlaw, detail: str
) -> None:
    server.answer("/register", reply)
    with pytest.raises(CannotRegisterError) as caught:
        register(session, at_server(server), KLIMOP, token="once")
    assert (caught.value.flaw, caught.value.detail) == (flaw, detail)
