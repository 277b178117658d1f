"""Dynamic registration: a tool registers itself (LTI Dynamic Registration 1.0, over OpenID Connect's)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from lti_tool.clock import now
from lti_tool.demo.config import ToolUrls
from lti_tool.demo.current import campus, lms
from lti_tool.demo.institutions import Family
from lti_tool.demo.lms import NAMES, Registration
from lti_tool.demo.variables import variables

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
TOKEN_SECONDS = 3600
PLACEMENTS = {
    Family.BLACKBOARD: ["ContentArea", "CourseTool"],
    Family.BRIGHTSPACE: ["ContentArea"],
    Family.CANVAS: ["link_selection", "assignment_selection", "course_navigation"],
    Family.MOODLE: ["ContentArea"],
    Family.SAKAI: ["ContentArea", "RichTextEditor"],
}
FIXED = {
    "application_type": "web",
    "token_endpoint_auth_method": "private_key_jwt",
}

bp = Blueprint("registering", __name__, url_prefix="/<slug>")


class RegistrationRefusedError(Exception):
    """A registration of which a field is missing or says something that it may not."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


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
    """Register a tool for whom an administrator opened its registration page (section 3.6)."""
    if not _is_allowed(request.headers.get("Authorization", "")):
        return {"error": "invalid_token"}, 401
    try:
        registration = _read(request.get_json(silent=True))
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


@dataclass(frozen=True)
class _Form:
    """The body of a registration, or a part of it."""

    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise RegistrationRefusedError(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.fields.get(name)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise RegistrationRefusedError(name)
        return tuple(values)

    def part(self, name: str) -> "_Form":
        value = self.fields.get(name)
        if not isinstance(value, Mapping):
            raise RegistrationRefusedError(name)
        return _Form(value)


def _read(body: object) -> Registration:
    form = _Form(body if isinstance(body, Mapping) else {})
    for name, value in FIXED.items():
        if form.text(name) != value:
            raise RegistrationRefusedError(name)
    if "id_token" not in form.texts("response_types"):
        raise RegistrationRefusedError("response_types")
    if not {"implicit", "client_credentials"} <= set(form.texts("grant_types")):
        raise RegistrationRefusedError("grant_types")
    tool = form.part(TOOL)
    return Registration(
        client_id=secrets.token_hex(8),
        deployment_id=campus().registry.new_id(),
        name=form.text("client_name"),
        tool=_urls(form, tool),
        scopes=frozenset(form.text("scope").split()) & lms().scopes,
        # Names and e-mail are told only to a tool that asks for them.
        shares=frozenset(tool.texts("claims")) & NAMES,
        custom=_custom(tool),
    )


def _urls(form: _Form, tool: _Form) -> ToolUrls:
    redirects = form.texts("redirect_uris")
    if not redirects:
        raise RegistrationRefusedError("redirect_uris")
    urls = ToolUrls(
        login=form.text("initiate_login_uri"),
        launch=redirects[0],
        jwks=form.text("jwks_uri"),
        target=tool.text("target_link_uri"),
        picker=_picker(tool),
    )
    # All of a tool is on the domain that it names, port included.
    for url in (urls.login, urls.launch, urls.jwks, urls.target, urls.picker or urls.target):
        if urlsplit(url).netloc != tool.text("domain"):
            raise RegistrationRefusedError("domain")
    if urls.origin != campus().settings.tool.origin:
        raise RegistrationRefusedError("domain")
    return urls


def _picker(tool: _Form) -> str:
    messages = tool.fields.get("messages", [])
    if not isinstance(messages, list):
        raise RegistrationRefusedError("messages")
    parts = [_Form(message) for message in messages if isinstance(message, Mapping)]
    pickers = [part for part in parts if part.text("type") == "LtiDeepLinkingRequest"]
    return pickers[0].fields.get("target_link_uri", "") if pickers else ""


def _custom(tool: _Form) -> tuple[tuple[str, str], ...]:
    custom = tool.fields.get("custom_parameters", {})
    if not isinstance(custom, Mapping) or not all(isinstance(value, str) for value in custom.values()):
        raise RegistrationRefusedError("custom_parameters")
    return tuple(sorted(custom.items()))


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
