"""Tokens that a platform signed: read once, and made to prove who sent them, to whom and when.

1EdTech Security Framework 1.0, section 5.1.3.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode

from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.platform_keys import PlatformKeys
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

ALGORITHM = "RS256"
RS256 = RSAAlgorithm(RSAAlgorithm.SHA256)
LEEWAY = timedelta(seconds=60)


@dataclass(frozen=True)
class IdToken:
    """A token as it arrived; nothing in it is true before `require_signature`."""

    header: JsonObject
    body: JsonObject
    signed: bytes
    signature: bytes

    @property
    def issuer(self) -> str:
        return self.body.identifier("iss")

    @property
    def client_id(self) -> str:
        """Return the audience that is meant to be us (OpenID Connect Core 1.0, section 3.1.3.7)."""
        audience = self.body.texts("aud")
        if not audience or "" in audience:
            raise MissingValueError("aud")
        if len(audience) == 1 and not self.body.text("azp"):
            return audience[0]
        authorized = self.body.identifier("azp")
        if authorized not in audience:
            raise LaunchRefusedError(RefusalReason.WRONG_AUDIENCE, issuer=self.issuer)
        return authorized

    def require_signature(
        self, platform: PlatformRegistration, platform_keys: PlatformKeys, now: datetime
    ) -> None:
        """Refuse a token that `platform` did not sign with a key it publishes."""
        # The token is not decoded a second time: PyJWT spends longer on that than on the signature.
        if not RS256.verify(self.signed, self._key(platform, platform_keys, now), self.signature):
            raise LaunchRefusedError(RefusalReason.BAD_SIGNATURE, issuer=self.issuer)

    def require_times(self, now: datetime, *, oldest: timedelta) -> None:
        """Refuse a token that has run out, is from the future, or was made longer than `oldest` ago."""
        at, leeway = now.timestamp(), LEEWAY.total_seconds()
        issued, expires = self.body.number("iat"), self.body.number("exp")
        if expires <= at - leeway:
            raise LaunchRefusedError(RefusalReason.EXPIRED, seconds=int(at - expires))
        if issued > at + leeway or issued < at - leeway - oldest.total_seconds():
            raise LaunchRefusedError(RefusalReason.CLOCK_SKEW, seconds=int(issued - at))

    def _key(
        self, platform: PlatformRegistration, platform_keys: PlatformKeys, now: datetime
    ) -> RSAPublicKey:
        # The token's own word for its algorithm must never choose how the token is checked.
        if (algorithm := self.header.text("alg")) != ALGORITHM:
            raise LaunchRefusedError(RefusalReason.WRONG_ALGORITHM, algorithm=algorithm)
        kid = self.header.text("kid")
        if not kid:
            raise LaunchRefusedError(RefusalReason.KEY_NOT_NAMED)
        return platform_keys.find(platform, kid, now)


class TokenReader(jwt.PyJWS):
    """PyJWT's reader, as strict about base64url, in the time of one call instead of one for each byte."""

    @staticmethod
    def _decode_base64url_segment(segment: bytes, name: str) -> bytes:
        try:
            decoded = base64.b64decode(segment + b"=" * (-len(segment) % 4), altchars=b"-_", validate=True)
        except binascii.Error as error:
            raise jwt.DecodeError(f"Invalid {name} padding") from error
        # Bits that say nothing must be zero, and the alphabet must be the one of URLs.
        if base64url_encode(decoded) != segment.rstrip(b"="):
            raise jwt.DecodeError(f"Invalid {name} padding")
        return decoded


JWS = TokenReader()


def read_id_token(token: str) -> IdToken:
    """Return the token's parts, read once, so that what is verified is what is used."""
    try:
        parts = JWS.decode_complete(token, options={"verify_signature": False})
        body = JsonObject.parse(parts["payload"])
    except (jwt.InvalidTokenError, InvalidValueError) as error:
        raise LaunchRefusedError(RefusalReason.MALFORMED_TOKEN) from error
    return IdToken(JsonObject(parts["header"]), body, token.rpartition(".")[0].encode(), parts["signature"])
