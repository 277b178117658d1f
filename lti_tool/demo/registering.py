"""Dynamic registration: a tool registers itself (LTI Dynamic Registration 1.0, over OpenID Connect's)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from lti_tool.clock import now
from lti_tool.demo.client_metadata import TOOL, RegistrationRefusedError, read_registration
from lti_tool.demo.current import campus, lms
from lti_tool.demo.institutions import Family
from lti_tool.demo.lms import NAMES, Registration
from lti_tool.demo.variables import variables

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOKEN_SECONDS = 3600
PLACEMENTS = {
    Family.BLACKBOARD: ["ContentArea", "CourseTool"],
    Family.BRIGHTSPACE: ["ContentArea"],
    Family.CANVAS: ["link_selection", "assignment_selection", "course_navigation"],
    Family.MOODLE: ["ContentArea"],
    Family.SAKAI: ["ContentArea", "RichTextEditor"],
}
bp = Blueprint("registering", __name__, url_prefix="/<slug>")


@bp.get("/.well-known/openid-configuration")
def configuration() -> ResponseReturnValue:
    """Say what the platform is and offers (section 2.1)."""
    platform = lms()
    return {
        "issuer": platform.issuer,
        "authorization_endpoint": platform.auth_login_url,
        "token_endpoint": platform.token_url,
        **({"authorization_server": platform.token_audience} if platform.institution.token_audience else {}),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": platform.jwks_url,
        "registration_endpoint": platform.registration_url,
        "scopes_supported": ["openid", *sorted(platform.scopes)],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", *sorted(NAMES)],
        PLATFORM: {
            "product_family_code": platform.institution.family.value,
            "version": "1",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": PLACEMENTS[platform.institution.family]},
            ],
            "variables": list(variables(platform)),
        },
    }


@bp.post("/lti/register")
def register() -> ResponseReturnValue:
    """Register a tool for whom an administrator opened its registration page."""
    if not _is_allowed(request.headers.get("Authorization", "")):
        return {"error": "invalid_token"}, 401
    try:
        registration = read_registration(
            request.get_json(silent=True),
            client_id=secrets.token_hex(8),
            deployment_id=campus().registry.new_id(),
            site=campus().settings.tool.origin,
            offered=lms().scopes,
        )
    except RegistrationRefusedError as error:
        description = f"{error.field} is missing or wrong"
        return {"error": "invalid_client_metadata", "error_description": description}, 400
    campus().registry.add(lms().slug, registration)
    # Moodle says 200 where RFC 7591, section 3.2.1, says 201.
    return _answer(registration), 200 if lms().institution.family is Family.MOODLE else 201


def new_registration_token() -> str:
    """Return a token with which a tool may register itself once, within an hour."""
    return str(_signer().dumps(secrets.token_urlsafe(16)))


def _is_allowed(authorization: str) -> bool:
    kind, _, token = authorization.partition(" ")
    try:
        once = _signer().loads(token, max_age=TOKEN_SECONDS)
    except BadData:
        return False
    expires = now() + timedelta(seconds=TOKEN_SECONDS)
    return kind.lower() == "bearer" and campus().store.use_assertion(
        lms().slug, f"registration {once}", expires=expires, now=now()
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(campus().secret_key), salt=f"{lms().slug}:registration")


def _answer(registration: Registration) -> Mapping[str, Any]:
    sent = request.get_json()
    configuration = {**sent[TOOL], "claims": ["iss", "sub", *sorted(registration.shares)]}
    if lms().institution.family is not Family.CANVAS:
        # There, an administrator deploys the tool later; its deployment shows in the first launch.
        configuration |= {"deployment_id": registration.deployment_id}
    return {
        **sent,
        "client_id": registration.client_id,
        "redirect_uris": [registration.tool.launch],
        "scope": " ".join(sorted(registration.scopes)),
        TOOL: configuration,
    }
