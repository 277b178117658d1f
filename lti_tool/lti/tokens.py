"""Access tokens for platform services: asked for with a signed assertion (RFC 7523), kept until they end."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lti_tool.lti.json_object import InvalidValueError, JsonObject
from lti_tool.lti.keys import ToolKey
from lti_tool.lti.platform import PlatformRegistration

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFETIME = timedelta(minutes=1)
# Moodle refuses an assertion from the future, and its clock may be behind ours.
CLOCK_MARGIN = timedelta(seconds=5)
# A token is dropped this long before it ends, so that it lasts for the call it is used in.
EXPIRY_MARGIN = timedelta(minutes=1)
DEFAULT_SECONDS = 3600
MOST_SECONDS = 86_400


@dataclass(frozen=True)
class AccessToken:
    """A bearer token and the moment from which it is no longer used."""

    value: str = field(repr=False)
    until: datetime


class AccessTokens:
    """The tokens of one process, shared by its threads: one for each registration and set of scopes."""

    def __init__(self) -> None:
        self._held: dict[tuple[PlatformRegistration, frozenset[str]], AccessToken] = {}

    def find(
        self, platform: PlatformRegistration, scopes: frozenset[str], now: datetime
    ) -> AccessToken | None:
        token = self._held.get((platform, scopes))
        return token if token and now < token.until else None

    def keep(self, platform: PlatformRegistration, scopes: frozenset[str], token: AccessToken) -> None:
        self._held[platform, scopes] = token

    def forget(self, platform: PlatformRegistration, scopes: frozenset[str]) -> None:
        self._held.pop((platform, scopes), None)


def token_request(
    platform: PlatformRegistration, scopes: frozenset[str], key: ToolKey, now: datetime
) -> dict[str, str]:
    """Return the form that asks for a token, with an assertion that can be used once."""
    assertion = {
        "iss": platform.client_id,
        "sub": platform.client_id,
        "aud": platform.token_audience or platform.token_url,
        "iat": int((now - CLOCK_MARGIN).timestamp()),
        "exp": int((now + ASSERTION_LIFETIME).timestamp()),
        "jti": secrets.token_urlsafe(24),
    }
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": key.sign(assertion),
        "scope": " ".join(sorted(scopes)),
    }


def read_token(document: bytes, now: datetime) -> AccessToken:
    """Return the token in a response (RFC 6749, section 5.1), or raise InvalidValueError."""
    body = JsonObject.parse(document)
    value = body.text("access_token")
    # It becomes part of a header.
    if not value or not value.isascii() or not value.isprintable():
        raise InvalidValueError("access_token")
    seconds = DEFAULT_SECONDS if body.values.get("expires_in") is None else body.number("expires_in")
    return AccessToken(value, now + timedelta(seconds=min(seconds, MOST_SECONDS)) - EXPIRY_MARGIN)


def token_error(document: bytes) -> str:
    """Return the error code in a response (RFC 6749, section 5.2), empty where there is none."""
    try:
        return JsonObject.parse(document).text("error", limit=100)
    except InvalidValueError:
        return ""
