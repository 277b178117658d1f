"""The token endpoint: OAuth 2 client credentials (1EdTech Security Framework 1.0, section 4.1)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.clock import now
from lti_tool.demo.assertions import verify_assertion
from lti_tool.demo.current import as_client, campus, lms, refuse_when_closed
from lti_tool.demo.lms import Lms
from lti_tool.demo.tool_tokens import TokenUnprovenError, claimed_issuer

LIFETIME = timedelta(hours=1)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

bp = Blueprint("tokens", __name__, url_prefix="/<slug>")
bp.before_request(refuse_when_closed)


class TokenRefusedError(Exception):
    """A request for a token that gets an `error` of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description


@bp.post("/lti/token")
def grant() -> ResponseReturnValue:
    """Give the tool a token for those of the scopes it asks that the platform allows."""
    try:
        scopes = _granted(request.form)
    except TokenRefusedError as refusal:
        return {"error": refusal.error, "error_description": refusal.description}, 400
    token = secrets.token_urlsafe(32)
    campus().store.keep_token(lms().slug, token, scopes=scopes, expires=now() + LIFETIME)
    answer = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "scope": " ".join(sorted(scopes)),
    }
    return answer, {"Cache-Control": "no-store"}


def _granted(form: Mapping[str, str]) -> frozenset[str]:
    if form.get("grant_type") != "client_credentials":
        raise TokenRefusedError("unsupported_grant_type", "grant_type is not client_credentials")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefusedError("invalid_request", f"client_assertion_type is not {ASSERTION_TYPE}")
    client = _proven(form.get("client_assertion", ""))
    scopes = frozenset(form.get("scope", "").split()) & client.scopes
    if not scopes:
        raise TokenRefusedError("invalid_scope", "none of the scopes is allowed")
    return scopes


def _proven(token: str) -> Lms:
    """Return the platform as the client meets it that signed an assertion, which serves once."""
    try:
        client = as_client(claimed_issuer(token))
        assertion = verify_assertion(client, token)
    except LookupError:
        raise TokenRefusedError("invalid_client", "iss is no client of this platform") from None
    except TokenUnprovenError as refusal:
        raise TokenRefusedError("invalid_client", refusal.reason) from refusal
    if not campus().store.use_assertion(lms().slug, assertion.jti, expires=assertion.expires, now=now()):
        raise TokenRefusedError("invalid_client", "jti was used before")
    return client
