"""A platform and this tool introduce themselves to each other (1EdTech LTI Dynamic Registration 1.0)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import requests

from lti_tool.lti.abilities import SCOPES, Ability, abilities
from lti_tool.lti.http import Answer, NoAnswerError, exchange
from lti_tool.lti.json_object import ID_LIMIT, InvalidValueError, JsonObject, MissingValueError
from lti_tool.lti.platform_offer import (
    CLAIMS,
    MESSAGES,
    CannotRegisterError,
    PlatformOffer,
    RegistrationFlaw,
    flaws_named,
)
from lti_tool.lti.tool_description import ToolDescription

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"

SECONDS = 20
MOST_BYTES = 1_000_000
MOST_WORDS = 300


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What a platform registered; the deployment id is empty where it comes with the first launch."""

    client_id: str
    deployment_id: str
    scopes: tuple[str, ...]
    claims: tuple[str, ...]
    messages: tuple[str, ...]

    @property
    def abilities(self) -> frozenset[Ability]:
        return abilities(scopes=self.scopes, claims=self.claims, messages=self.messages)


def fetch_configuration(session: requests.Session, url: str, *, token: str) -> bytes:
    """Return the platform's configuration (section 3.4); `token` may be empty. CannotRegisterError if not."""
    answer = _call(session, "GET", url, token)
    if not answer.ok:
        raise CannotRegisterError(RegistrationFlaw.UNREACHABLE, f"status {answer.status}")
    return answer.body


def registration_request(offer: PlatformOffer, tool: ToolDescription) -> dict[str, object]:
    """Return what to ask `offer` for (sections 2.2 and 2.3): nothing that it does not know."""
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": tool.url("login"),
        "redirect_uris": [tool.url("launch")],
        "client_name": tool.name,
        "jwks_uri": tool.url("jwks"),
        "logo_uri": tool.icon_url,
        "client_uri": tool.base_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(_known(SCOPES, offer.scopes)),
        TOOL: _tool_configuration(offer, tool),
    }


def register(session: requests.Session, offer: PlatformOffer, tool: ToolDescription, *, token: str) -> Agreed:
    """Register this tool with a platform and return what was agreed, or raise CannotRegisterError."""
    asked = registration_request(offer, tool)
    answer = _call(session, "POST", offer.registration_url, token, content=asked)
    if not answer.ok:
        raise CannotRegisterError(RegistrationFlaw.REFUSED, _platforms_words(answer))
    with flaws_named():
        return _agreed(JsonObject.parse(answer.body), offer, asked)


def _tool_configuration(offer: PlatformOffer, tool: ToolDescription) -> dict[str, object]:
    return {
        # Moodle compares it with target_link_uri, port and all.
        "domain": tool.domain,
        "target_link_uri": tool.url("launch"),
        "description": tool.description,
        **{f"description#{language}": text for language, text in tool.descriptions.items()},
        "claims": _known(CLAIMS, offer.claims),
        "custom_parameters": {
            name: value
            for name, value in tool.custom.items()
            if not offer.variables or value.removeprefix("$") in offer.variables
        },
        "messages": [_message(kind, offer, tool) for kind in _known(MESSAGES, offer.messages)],
        **offer.family.tool_extension,
    }


def _message(kind: str, offer: PlatformOffer, tool: ToolDescription) -> dict[str, object]:
    wanted = offer.family.placements.get(kind, ())
    placements = [place for place in wanted if place in offer.messages.get(kind, ())]
    return {
        "type": kind,
        "target_link_uri": tool.url("launch"),
        "label": tool.name,
        "icon_uri": tool.icon_url,
        **({"placements": placements} if placements else {}),
        **offer.family.message_extensions.get(kind, {}),
    }


def _known(wanted: Collection[str], offered: Collection[str]) -> list[str]:
    """Return what is wanted and offered; all that is wanted where a platform does not list its offer."""
    return [item for item in wanted if not offered or item in offered]


def _agreed(body: JsonObject, offer: PlatformOffer, asked: Mapping[str, object]) -> Agreed:
    """Return what a platform registered; what it leaves out is as it was asked (RFC 7591, section 3.2.1)."""
    configuration = body.child(TOOL)
    scope = body.text("scope") if "scope" in body.values else str(asked["scope"])
    if not body.identifier("client_id").strip():
        raise MissingValueError("client_id")
    return Agreed(
        client_id=body.identifier("client_id"),
        deployment_id=configuration.text("deployment_id", limit=ID_LIMIT),
        scopes=tuple(item for item in SCOPES if item in scope.split()),
        claims=configuration.texts("claims") or tuple(_known(CLAIMS, offer.claims)),
        messages=_message_types(configuration) or tuple(_known(MESSAGES, offer.messages)),
    )


def _message_types(configuration: JsonObject) -> tuple[str, ...]:
    return tuple(message.text("type") for message in configuration.children("messages"))


def _platforms_words(answer: Answer) -> str:
    """Return what a platform says is wrong (RFC 7591, section 3.2.2), else its status."""
    try:
        body = JsonObject.parse(answer.body)
        words = [body.text(name) for name in ("error", "error_description", "message")]
    except InvalidValueError:
        words = []
    return ": ".join(word for word in words if word)[:MOST_WORDS] or f"status {answer.status}"


def _call(session: requests.Session, method: str, url: str, token: str, *, content: object = None) -> Answer:
    if not (token.isascii() and token.isprintable()):  # RFC 6750, section 2.1
        raise CannotRegisterError(RegistrationFlaw.INVALID, "registration_token")
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None
    if content is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(content)
    try:
        return exchange(
            session, method, url, seconds=SECONDS, most_bytes=MOST_BYTES, headers=headers, data=data
        )
    except NoAnswerError as error:
        raise CannotRegisterError(RegistrationFlaw.UNREACHABLE, error.cause) from error
    except UnicodeError as error:  # no host can have this name
        raise CannotRegisterError(RegistrationFlaw.UNREACHABLE, "no such address") from error
