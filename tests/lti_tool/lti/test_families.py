"""What is known of each kind of platform."""

import pytest

from lti_tool.lti.claims import MessageType
from lti_tool.lti.families import FAMILIES, Endpoints, family
from lti_tool.lti.families.canvas import canvas_configuration
from lti_tool.lti.tool_description import ToolDescription

TOOL = ToolDescription(
    base_url="https://klimop.example:8443",
    name="Klimop",
    description="Modules van de microdegrees.",
    descriptions={"nl": "Modules van de microdegrees.", "en": "Modules of the microdegrees."},
    custom={"context_history": "$Context.id.history"},
)
LAUNCH = "https://klimop.example:8443/lti/launch"
ICON = "https://klimop.example:8443/lti/icon.png"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("moodle", "Moodle"),
        ("canvas", "Canvas"),
        ("BlackboardLearn", "Blackboard"),
        ("desire2learn", "Brightspace"),
        (" Sakai ", "Sakai"),
        ("ilias", "LTI 1.3"),
        ("", "LTI 1.3"),
    ],
)
def test_a_platform_is_known_by_what_it_calls_itself(code: str, name: str) -> None:
    assert family(code).name == name


def test_a_family_is_known_by_our_own_code_for_it_too() -> None:
    assert [family(known.code) for known in FAMILIES] == list(FAMILIES)


def test_a_score_for_canvas_spends_no_attempt() -> None:
    extension = {"https://canvas.instructure.com/lti/submission": {"new_submission": False}}
    assert family("canvas").score_extension() == extension
    assert all(not known.score_extension() for known in FAMILIES if known.code != "canvas")


def test_endpoints_follow_from_the_issuer_or_the_client_id_where_a_family_has_a_rule() -> None:
    assert family("moodle").endpoints_of("https://toledo.example/", "7") == Endpoints(
        auth_login_url="https://toledo.example/mod/lti/auth.php",
        token_url="https://toledo.example/mod/lti/token.php",
        jwks_url="https://toledo.example/mod/lti/certs.php",
    )
    keys = family("blackboard").endpoints_of("https://blackboard.com", "7")
    assert keys is not None
    assert keys.jwks_url == "https://developer.blackboard.com/api/v1/management/applications/7/jwks.json"
    assert family("sakai").endpoints_of("https://sakai.example", "7") is None


def test_an_odd_client_id_stays_one_part_of_an_address() -> None:
    keys = family("blackboard").endpoints_of("https://blackboard.com", "../a b{0}")
    assert keys is not None
    assert keys.jwks_url.endswith("/applications/..%2Fa%20b%7B0%7D/jwks.json")


@pytest.mark.parametrize(
    ("code", "issuer", "host", "may"),
    [
        ("canvas", "https://canvas.instructure.com", "ucll.instructure.com", True),
        ("canvas", "https://canvas.instructure.com", "instructure.com", True),
        ("canvas", "https://canvas.instructure.com", "evilinstructure.com", False),
        ("canvas", "https://canvas.instructure.com", "instructure.com.evil.example", False),
        ("canvas", "https://canvas.example", "ucll.instructure.com", False),
        ("blackboard", "https://blackboard.com", "developer.blackboard.com", True),
        ("moodle", "https://blackboard.com", "developer.blackboard.com", False),
        ("moodle", "", "", False),
    ],
)
def test_only_hosts_that_share_an_issuer_speak_for_it(code: str, issuer: str, host: str, may: bool) -> None:
    assert family(code).may_speak_for(issuer, host) is may


def test_canvas_gets_its_configuration_as_its_guide_describes_it() -> None:
    link, picker = MessageType.RESOURCE_LINK.value, MessageType.DEEP_LINKING.value
    seen = {"target_link_uri": LAUNCH, "text": "Klimop", "icon_url": ICON}
    assert canvas_configuration(TOOL) == {
        "title": "Klimop",
        "description": "Modules van de microdegrees.",
        "oidc_initiation_url": "https://klimop.example:8443/lti/login",
        "target_link_uri": LAUNCH,
        "scopes": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
            "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
            "https://purl.imsglobal.org/spec/lti/scope/noticehandlers",
        ],
        "public_jwk_url": "https://klimop.example:8443/lti/jwks",
        "custom_fields": {"context_history": "$Context.id.history"},
        "extensions": [
            {
                "domain": "klimop.example:8443",
                "tool_id": "klimop",
                "platform": "canvas.instructure.com",
                "privacy_level": "name_only",
                "settings": {
                    "text": "Klimop",
                    "icon_url": ICON,
                    "placements": [
                        {
                            "placement": "course_navigation",
                            "message_type": link,
                            **seen,
                            "default": "disabled",
                        },
                        {"placement": "assignment_selection", "message_type": picker, **seen},
                        {"placement": "link_selection", "message_type": picker, **seen},
                        {"placement": "editor_button", "message_type": picker, **seen},
                    ],
                },
            }
        ],
    }
