"""What a platform says of itself and in a launch, written by the specifications, with nothing left out."""

from typing import Any

LMS = "https://lms.example"
CONFIGURATION_URL = f"{LMS}/openid-configuration"
LTI = "https://purl.imsglobal.org/spec/lti/claim"
VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope"
# What this platform offers of what Klimop asks for, in Klimop's order: neither course groups nor notices.
OFFERED = (
    f"{AGS}/lineitem",
    f"{AGS}/lineitem.readonly",
    f"{AGS}/score",
    f"{AGS}/result.readonly",
    f"{NRPS}/contextmembership.readonly",
)


def openid_configuration(url: str = LMS) -> dict[str, Any]:
    """Return the configuration of a platform at `url` (LTI Dynamic Registration 1.0, section 2.1)."""
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/auth",
        "token_endpoint": f"{url}/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
        "jwks_uri": f"{url}/jwks",
        "registration_endpoint": f"{url}/register",
        "scopes_supported": ["openid", *reversed(OFFERED)],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "email", "given_name", "family_name", "name", "locale"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle",
            "version": "5.0",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
                {"type": "LtiSubmissionReviewRequest"},
            ],
            "variables": ["Context.id.history", "ResourceLink.id", "User.id"],
        },
    }


def every_claim(url: str = LMS) -> dict[str, Any]:
    """Return the claims of a learner's link and of a picker in one, with all services at `url`.

    Core 1.3, section 5 and appendix A; Deep Linking 2.0, section 4.4; and the services' own claims.
    """
    return {
        **_launch(url),
        **_services(url),
        "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": {
            "deep_link_return_url": f"{url}/picked?course=7",
            "accept_types": ["ltiResourceLink", "link"],
            "accept_media_types": "text/html",
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "accept_lineitem": True,
            "auto_create": False,
            "title": "Zorg om elkaar",
            "text": "Een module van zes weken",
            "data": "course 7",
        },
    }


def _launch(url: str) -> dict[str, Any]:
    return {
        "iss": url,
        "aud": ["klimop"],
        "azp": "klimop",
        "sub": "learner-12",
        "nonce": "once",
        "iat": 1795424400,
        "exp": 1795424460,
        "name": "Noor Maes",
        "given_name": "Noor",
        "family_name": "Maes",
        "email": "noor.maes@example.test",
        "locale": "nl-BE",
        f"{LTI}/message_type": "LtiResourceLinkRequest",
        f"{LTI}/version": "1.3.0",
        f"{LTI}/deployment_id": "1",
        f"{LTI}/target_link_uri": "https://klimop.example/lti/launch",
        f"{LTI}/resource_link": {"id": "link-7", "title": "Zorg", "description": "Zes weken"},
        f"{LTI}/roles": [f"{VOCABULARY}/membership#Learner", f"{VOCABULARY}/institution/person#Student"],
        f"{LTI}/role_scope_mentor": ["learner-5"],
        f"{LTI}/context": {
            "id": "course-7",
            "label": "ZORG",
            "title": "Zorg en welzijn",
            "type": [f"{VOCABULARY}/course#CourseOffering"],
        },
        f"{LTI}/tool_platform": {
            "guid": "lms.example",
            "name": "Leerplek",
            "contact_email": "help@example.test",
            "description": "De leeromgeving van een hogeschool",
            "url": url,
            "product_family_code": "moodle",
            "version": "5.0",
        },
        f"{LTI}/launch_presentation": {
            "document_target": "iframe",
            "height": 600,
            "width": 800,
            "return_url": f"{url}/course/7",
            "locale": "nl-BE",
        },
        f"{LTI}/lis": {
            "person_sourcedid": "p-12",
            "course_offering_sourcedid": "zorg",
            "course_section_sourcedid": "zorg-a",
        },
        f"{LTI}/custom": {"cohort": "autumn", "employer": "Zorgnet"},
        f"{url}/claims/faculty": {"code": "health"},
    }


def _services(url: str) -> dict[str, Any]:
    return {
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": [scope for scope in OFFERED if scope.startswith(AGS)],
            "lineitems": f"{url}/items",
            "lineitem": f"{url}/items/1",
        },
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": f"{url}/roster",
            "service_versions": ["2.0"],
        },
        "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice": {
            "scope": ["https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"],
            "context_groups_url": f"{url}/groups",
            "context_group_sets_url": f"{url}/sets",
            "service_versions": ["1.0"],
        },
        f"{LTI}/platformnotificationservice": {
            "scope": ["https://purl.imsglobal.org/spec/lti/scope/noticehandlers"],
            "platform_notification_service_url": f"{url}/pns",
            "notice_types_supported": ["LtiContextCopyNotice"],
            "service_versions": ["1.0"],
        },
    }
