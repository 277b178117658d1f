"""What a tool says of itself when it registers (LTI Dynamic Registration 1.0, sections 2.2 and 2.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.demo.config import ToolUrls, origin
from lti_tool.demo.lms import NAMES, Registration

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
FIXED = {
    "application_type": "web",
    "token_endpoint_auth_method": "private_key_jwt",
}


class RegistrationRefusedError(Exception):
    """A registration of which a field is missing or says something that it may not."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


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


def read_registration(
    body: object, *, client_id: str, deployment_id: str, site: str, offered: frozenset[str]
) -> Registration:
    """Return what a tool of `site` asks for, as far as it is `offered`; else raise with the field."""
    form = _Form(body if isinstance(body, Mapping) else {})
    for name, value in FIXED.items():
        if form.text(name) != value:
            raise RegistrationRefusedError(name)
    if "id_token" not in form.texts("response_types"):
        raise RegistrationRefusedError("response_types")
    if not {"implicit", "client_credentials"} <= set(form.texts("grant_types")):
        raise RegistrationRefusedError("grant_types")
    form.text("client_name")
    tool = form.part(TOOL)
    return Registration(
        client_id=client_id,
        deployment_id=deployment_id,
        tool=_urls(form, tool, site),
        scopes=frozenset(form.text("scope").split()) & offered,
        # Names and e-mail are told only to a tool that asks for them.
        shares=frozenset(tool.texts("claims")) & NAMES,
        custom=_custom(tool),
    )


def _urls(form: _Form, tool: _Form, site: str) -> ToolUrls:
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
    addresses = (urls.login, urls.launch, urls.jwks, urls.target, urls.picker or urls.target)
    if tool.text("domain") != urlsplit(site).netloc or {origin(url) for url in addresses} != {site}:
        raise RegistrationRefusedError("domain")
    return urls


def _picker(tool: _Form) -> str:
    messages = tool.fields.get("messages", [])
    if not isinstance(messages, list):
        raise RegistrationRefusedError("messages")
    parts = [_Form(message) for message in messages if isinstance(message, Mapping)]
    pickers = [part for part in parts if part.text("type") == "LtiDeepLinkingRequest"]
    if not pickers or "target_link_uri" not in pickers[0].fields:
        return ""
    return pickers[0].text("target_link_uri")


def _custom(tool: _Form) -> tuple[tuple[str, str], ...]:
    custom = tool.fields.get("custom_parameters", {})
    if not isinstance(custom, Mapping) or not all(isinstance(value, str) for value in custom.values()):
        raise RegistrationRefusedError("custom_parameters")
    return tuple(sorted(custom.items()))
