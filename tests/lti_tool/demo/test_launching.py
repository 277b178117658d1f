from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lti_tool.clock import now
from lti_tool.demo.claims import (
    AGS_ENDPOINT,
    GROUPS_SERVICE,
    INSTITUTION_ROLE,
    LTI,
    MEMBERSHIP,
    NOTICE_SERVICE,
    NRPS_SERVICE,
)
from lti_tool.demo.current import Campus
from lti_tool.demo.lms import (
    GROUP_READ,
    LINE_ITEM,
    LINE_ITEM_READ,
    NOTICE_HANDLERS,
    RESULT_READ,
    SCORE_WRITE,
)
from tests.lti_tool.demo.tool import Tool, verified
from tests.platform.visitor import Visitor, submitted_form


@pytest.fixture
def nadia(campus: Campus) -> Iterator[Visitor]:
    with Visitor(campus.lms("ku-leuven"), "11") as visitor:
        yield visitor


def answer(visitor: Visitor, asked: dict[str, str]) -> dict[str, str]:
    """Return what the platform would post to the tool."""
    form = submitted_form(visitor.authenticate(asked).text)
    assert form is not None
    assert form.action == visitor.lms.tool.launch
    return form.fields


def test_a_manager_launches_the_module_with_her_employer_and_her_line_item(
    nadia: Visitor, tool: Tool
) -> None:
    before = int(now().timestamp())
    assert nadia.launch("1").text == "welcome"
    lms, claims = nadia.lms, verified(nadia.lms, tool.launches[-1]["id_token"])
    services = f"{lms.issuer}/services/2"
    assert before <= claims["iat"] <= before + 20
    assert claims == {
        "iss": lms.issuer,
        "aud": lms.client_id,
        "sub": "11",
        "nonce": claims["nonce"],
        "iat": claims["iat"],
        "exp": claims["iat"] + 60,
        "name": "Nadia El Amrani",
        "given_name": "Nadia",
        "family_name": "El Amrani",
        "email": "nadia-el-amrani@example.test",
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}deployment_id": "1",
        f"{LTI}target_link_uri": tool.urls.launch,
        f"{LTI}roles": [
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student",
        ],
        f"{LTI}context": {
            "id": "2",
            "label": "HIM",
            "title": "Health Innovation Management",
            "type": ["CourseSection"],
        },
        f"{LTI}resource_link": {"id": "1", "title": "Innovatie leiden in zorg en welzijn", "description": ""},
        f"{LTI}launch_presentation": {
            "locale": "nl-BE",
            "document_target": "iframe",
            "return_url": f"{lms.issuer}/courses/2/return?from=1&view=course",
        },
        f"{LTI}tool_platform": {
            "guid": "ku-leuven",
            "name": "KU Leuven",
            "product_family_code": "BlackboardLearn",
            "version": "1",
        },
        f"{LTI}custom": {"cohort": "management-autumn", "employer": "Ziekenhuis Scheldekant"},
        AGS_ENDPOINT: {
            "scope": [LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE_WRITE],
            "lineitems": f"{services}/lineitems?type_id=1",
            "lineitem": f"{services}/lineitems/1/lineitem?type_id=1",
        },
        NRPS_SERVICE: {"context_memberships_url": f"{services}/memberships", "service_versions": ["2.0"]},
        GROUPS_SERVICE: {
            "context_groups_url": f"{services}/groups",
            "scope": [GROUP_READ],
            "service_versions": ["1.0"],
        },
        NOTICE_SERVICE: {
            "platform_notification_service_url": f"{lms.issuer}/services/notice-handlers/1",
            "scope": [NOTICE_HANDLERS],
            "service_versions": ["1.0"],
            "notice_types_supported": ["LtiHelloWorldNotice", "LtiContextCopyNotice"],
        },
    }


def test_the_nonce_state_and_target_are_those_asked_for(nadia: Visitor) -> None:
    asked = nadia.ask("2")
    fields = answer(nadia, asked)
    claims = verified(nadia.lms, fields["id_token"])
    assert (fields["state"], claims["nonce"]) == (asked["state"], asked["nonce"])
    assert claims[f"{LTI}custom"]["view"] == "live"
    assert "lineitem" not in claims[AGS_ENDPOINT]


@pytest.mark.parametrize(("slug", "method"), [("ku-leuven", "POST"), ("vives", "GET")])
def test_platforms_begin_a_login_in_their_own_way(campus: Campus, tool: Tool, slug: str, method: str) -> None:
    with Visitor(campus.lms(slug), "11") as visitor:
        visitor.launch("1")
    assert tool.logins[-1][0] == method
    assert {
        "iss",
        "login_hint",
        "target_link_uri",
        "lti_message_hint",
        "client_id",
        "lti_deployment_id",
    } == set(tool.logins[-1][1])


def test_a_learner_whose_platform_tells_nothing_is_only_a_number(campus: Campus, tool: Tool) -> None:
    with Visitor(campus.lms("odisee"), "22") as visitor:
        visitor.launch("3")
        claims = verified(visitor.lms, tool.launches[-1]["id_token"])
    assert claims["sub"] == "22"
    assert not {"name", "given_name", "family_name", "email"} & set(claims)


def launched(campus: Campus, tool: Tool, slug: str, sub: str, path: str = "/links/1/start") -> dict[str, Any]:
    """Return the claims of someone's launch."""
    with Visitor(campus.lms(slug), sub) as visitor:
        assert visitor.go(path).text == "welcome"
        return verified(visitor.lms, tool.launches[-1]["id_token"])


@pytest.mark.parametrize(
    ("slug", "sub", "roles"),
    [
        ("luca", "2", [f"{INSTITUTION_ROLE}Administrator"]),
        ("luca", "3", [f"{MEMBERSHIP}Instructor", f"{INSTITUTION_ROLE}Faculty"]),
        (
            "ku-leuven",
            "5",
            [
                f"{MEMBERSHIP}Instructor",
                "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant",
            ],
        ),
        ("ucll", "6", [f"{MEMBERSHIP}Mentor", f"{INSTITUTION_ROLE}Observer"]),
    ],
    ids=["an administrator has none in the course", "teacher", "assistant", "observer"],
)
def test_roles_are_those_in_the_course_and_at_the_institution(
    campus: Campus, tool: Tool, slug: str, sub: str, roles: list[str]
) -> None:
    assert launched(campus, tool, slug, sub)[f"{LTI}roles"] == roles


def test_an_observer_comes_with_those_whom_she_observes(campus: Campus, tool: Tool) -> None:
    claim = f"{LTI}role_scope_mentor"
    assert launched(campus, tool, "ucll", "6")[claim] == ["11", "12"]
    assert claim not in launched(campus, tool, "ucll", "3")


def test_each_platform_says_whose_habits_it_has(campus: Campus, tool: Tool) -> None:
    codes = {
        lms.slug: launched(campus, tool, lms.slug, "3")[f"{LTI}tool_platform"]["product_family_code"]
        for lms in campus.lmses
    }
    assert codes == {
        "ku-leuven": "BlackboardLearn",
        "ucll": "moodle",
        "odisee": "desire2learn",
        "thomas-more": "canvas",
        "vives": "moodle",
        "luca": "sakai",
    }


def test_each_platform_offers_its_own_services(campus: Campus, tool: Tool) -> None:
    services = {NRPS_SERVICE: "roster", GROUPS_SERVICE: "groups", NOTICE_SERVICE: "notices"}
    offered = {
        lms.slug: {name for claim, name in services.items() if claim in launched(campus, tool, lms.slug, "3")}
        for lms in campus.lmses
    }
    assert offered == {
        "ku-leuven": {"roster", "groups", "notices"},
        "ucll": {"roster"},
        "odisee": {"roster"},
        "thomas-more": {"roster", "notices"},
        "vives": set(),
        "luca": {"roster", "groups"},
    }


@pytest.mark.parametrize("target", ["iframe", "window", "frame"])
def test_a_tool_is_told_where_it_opens(campus: Campus, tool: Tool, target: str) -> None:
    claims = launched(campus, tool, "luca", "3", f"/links/1/start?target={target}")
    assert claims[f"{LTI}launch_presentation"]["document_target"] == target


def test_platforms_that_keep_things_for_tools_say_in_which_frame(campus: Campus, tool: Tool) -> None:
    told = {}
    for lms in campus.lmses:
        launched(campus, tool, lms.slug, "3")
        told[lms.slug] = tool.logins[-1][1].get("lti_storage_target")
    assert told == dict.fromkeys(told) | {"thomas-more": "post_message_forwarding", "luca": "_parent"}


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_nothing_is_sent_to_a_tool_that_is_not_registered(nadia: Visitor, name: str) -> None:
    asked = nadia.ask("1")
    page = nadia.authenticate(asked | {name: asked[name] + "x"})
    assert page.status_code == 400
    assert submitted_form(page.text) is None


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"scope": "profile"}, "invalid_request"),
        ({"response_type": "code"}, "invalid_request"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"login_hint": "12"}, "login_required"),
        ({"lti_message_hint": "{}"}, "invalid_request"),
        ({"lti_message_hint": "[]"}, "invalid_request"),
        ({"lti_message_hint": ""}, "invalid_request"),
    ],
)
def test_a_wrong_authentication_request_gets_an_error_with_its_state(
    nadia: Visitor, changed: dict[str, str], error: str
) -> None:
    asked = nadia.ask("1") | changed
    fields = answer(nadia, asked)
    assert (fields["error"], fields["state"], "id_token" in fields) == (error, asked["state"], False)


def test_a_message_hint_that_is_not_echoed_exactly_is_refused(nadia: Visitor) -> None:
    asked = nadia.ask("1")
    asked["lti_message_hint"] = asked["lti_message_hint"].replace(": ", ":")
    assert answer(nadia, asked)["error"] == "invalid_request"


def test_another_persons_message_hint_is_refused(nadia: Visitor, campus: Campus) -> None:
    with Visitor(campus.lms("ku-leuven"), "12") as wim:
        theirs = wim.ask("1")
    asked = nadia.ask("1") | {"lti_message_hint": theirs["lti_message_hint"]}
    assert answer(nadia, asked)["error"] == "invalid_request"


def test_a_request_without_the_login_cookie_comes_back_from_the_platforms_own_page(nadia: Visitor) -> None:
    asked = nadia.ask("1")
    kept = nadia.http.cookies.copy()
    nadia.http.cookies.clear()
    form = submitted_form(nadia.authenticate(asked).text)
    assert form is not None
    assert form.action == nadia.lms.auth_login_url
    assert form.fields == asked | {"repost": "1"}
    refused = submitted_form(nadia.submit(form).text)
    assert refused is not None
    assert refused.fields["error"] == "login_required"
    nadia.http.cookies.update(kept)
    answered = submitted_form(nadia.submit(form).text)
    assert answered is not None
    assert "id_token" in answered.fields


def test_a_login_on_one_platform_is_none_on_another(nadia: Visitor, campus: Campus) -> None:
    elsewhere = nadia.http.get(f"{campus.lms('ucll').issuer}/links/1/start", timeout=20)
    assert elsewhere.url == f"{campus.lms('ucll').issuer}/login"


def test_the_platforms_share_no_key_and_no_client_id(campus: Campus) -> None:
    assert len({lms.key.kid for lms in campus.lmses}) == 6
    assert len({lms.client_id for lms in campus.lmses}) == 6


def test_any_claims_can_be_signed_for_tests_of_bad_launches(campus: Campus) -> None:
    lms = campus.lms("ucll")
    soon = int((now() + timedelta(minutes=1)).timestamp())
    claims = {"iss": lms.issuer, "aud": lms.client_id, "exp": soon, "odd": True}
    assert verified(lms, lms.key.sign(claims)) == claims
