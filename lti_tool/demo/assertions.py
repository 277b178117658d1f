"""How a tool proves to a platform who it is: private_key_jwt (RFC 7523, 1EdTech Security Framework 1.0)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

from lti_tool.demo.lms import Lms

JWKS_TIMEOUT_SECONDS = 5
MAX_LIFETIME_SECONDS = 3600
REQUIRED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "jti"]


class AssertionRefusedError(Exception):
    """An assertion that does not prove what it should; `reason` is for the tool's developer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Assertion:
    """A verified assertion; its `jti` may be used once."""

    jti: str
    expires: datetime


def verify_assertion(lms: Lms, token: str) -> Assertion:
    """Return the verified assertion of the platform's tool, whose keys are fetched; else raise."""
    try:
        claims = _decoded(lms, token)
    except (jwt.PyJWTError, ValueError) as error:
        # A key set that is no JSON shows as a ValueError.
        raise AssertionRefusedError(str(error)) from error
    if claims["jti"] == "":
        raise AssertionRefusedError("jti is empty")
    if claims["exp"] - claims["iat"] > MAX_LIFETIME_SECONDS:
        raise AssertionRefusedError("exp is too far away")
    return Assertion(claims["jti"], datetime.fromtimestamp(claims["exp"], UTC))


def _decoded(lms: Lms, token: str) -> dict[str, Any]:
    # Keys are fetched every time, so that a tool that rotates its keys meets no stale copy.
    keys = jwt.PyJWKClient(lms.tool.jwks, cache_jwk_set=False, timeout=JWKS_TIMEOUT_SECONDS)
    return jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token),
        algorithms=["RS256"],
        issuer=lms.client_id,
        subject=lms.client_id,
        audience=lms.token_url,
        options={"require": REQUIRED_CLAIMS},
    )
