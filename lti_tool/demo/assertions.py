"""How a tool proves to a platform who it is: private_key_jwt (RFC 7523, 1EdTech Security Framework 1.0)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lti_tool.demo.lms import Lms
from lti_tool.demo.tool_tokens import TokenUnprovenError, read_token

REQUIRED_CLAIMS = ("iss", "sub", "aud", "exp", "iat", "jti")


@dataclass(frozen=True)
class Assertion:
    """A verified assertion; its `jti` may be used once."""

    jti: str
    expires: datetime


def verify_assertion(lms: Lms, token: str) -> Assertion:
    """Return the verified assertion of the platform's tool; raise `TokenUnprovenError` for any other."""
    claims = read_token(
        lms, token, audience=lms.token_audience, required=REQUIRED_CLAIMS, subject=lms.client_id
    )
    if claims["jti"] == "":
        raise TokenUnprovenError("jti is empty")
    return Assertion(claims["jti"], datetime.fromtimestamp(claims["exp"], UTC))
