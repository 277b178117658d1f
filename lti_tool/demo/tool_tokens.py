"""Tokens that a tool signs, checked with the keys that it publishes (1EdTech Security Framework 1.0)."""

from collections.abc import Sequence
from typing import Any

import jwt

from lti_tool.demo.lms import Lms

JWKS_TIMEOUT_SECONDS = 5
MAX_LIFETIME_SECONDS = 3600


class TokenUnprovenError(Exception):
    """A token that does not prove that the tool sent it; `reason` is for the tool's developer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_token(
    lms: Lms, token: str, *, audience: str, required: Sequence[str], subject: str | None = None
) -> dict[str, Any]:
    """Return the claims of a token of the platform's tool, whose keys are fetched; else raise."""
    # Keys are fetched every time, so that a tool that rotates its keys meets no stale copy.
    keys = jwt.PyJWKClient(lms.tool.jwks, cache_jwk_set=False, timeout=JWKS_TIMEOUT_SECONDS)
    try:
        claims = jwt.decode(
            token,
            keys.get_signing_key_from_jwt(token),
            algorithms=["RS256"],
            issuer=lms.client_id,
            subject=subject,
            audience=audience,
            options={"require": list(required)},
        )
    except (jwt.PyJWTError, ValueError) as error:
        # A key set that is no JSON shows as a ValueError.
        raise TokenUnprovenError(str(error)) from error
    if int(claims["exp"]) - int(claims["iat"]) > MAX_LIFETIME_SECONDS:
        raise TokenUnprovenError("exp is too far away")
    return dict(claims)


def claimed_issuer(token: str) -> str:
    """Return who a token says it is from, unproven; empty where it does not say."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return ""
    issuer = claims.get("iss")
    return issuer if isinstance(issuer, str) else ""
