"""The second half of a launch: a platform posts an id_token for a login that we remember.

1EdTech Security Framework 1.0, sections 5.1.1.3 to 5.1.3.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode
from pylti1p3.message_launch import MessageLaunch

from lti_tool.lti.claims import DEPLOYMENT_ID, Launch, read_launch
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError
from lti_tool.lti.login import LOGIN_LIFETIME, browser_hash, require_own_target
from lti_tool.lti.platform_keys import PlatformKeys
from lti_tool.lti.ports import Logins, Registrations
from lti_tool.lti.pylti import KnownPlatforms, NonceSession, Parameters, StateCookie
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

ALGORITHM = "RS256"
RS256 = RSAAlgorithm(RSAAlgorithm.SHA256)
LEEWAY = timedelta(seconds=60)


def complete_launch(
    parameters: Mapping[str, str],
    *,
    browser_secret: str,
    launch_url: str,
    registrations: Registrations,
    logins: Logins,
    platform_keys: PlatformKeys,
    now: datetime,
) -> Launch:
    """Return the launch in the posted `parameters`, once; LaunchRefusedError says why not.

    `browser_secret` is the value of the login's cookie, empty where the browser sent none: a launch refused
    for that alone keeps its login, so that it can be brought back in another way.
    """
    request = Parameters(parameters)
    if request.get_param("error"):
        raise LaunchRefusedError(RefusalReason.PLATFORM_ERROR, error=request.get_param("error"))
    message = PlatformMessage(
        request,
        KnownPlatforms(registrations),
        browser_secret=browser_secret,
        logins=logins,
        platform_keys=platform_keys,
        now=now,
    )
    try:
        launch = message.validate().launch
    except MissingValueError as error:
        raise LaunchRefusedError(RefusalReason.MISSING_CLAIM, claim=error.path) from error
    except InvalidValueError as error:
        raise LaunchRefusedError(RefusalReason.INVALID_CLAIM, claim=error.path) from error
    if launch.target_link_uri:
        require_own_target(launch.target_link_uri, launch_url)
    return launch


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


class PlatformMessage(MessageLaunch[Parameters, KnownPlatforms, NonceSession, StateCookie]):
    """PyLTI1p3's launch, in an order in which a token must prove itself before it uses anything up."""

    launch: Launch

    def __init__(
        self,
        request: Parameters,
        platforms: KnownPlatforms,
        *,
        browser_secret: str,
        logins: Logins,
        platform_keys: PlatformKeys,
        now: datetime,
    ) -> None:
        super().__init__(
            request, platforms, NonceSession(request), StateCookie(), requests_session=platform_keys.session
        )
        self.set_auto_validation(enable=False)
        self._browser_secret = browser_secret
        self._logins = logins
        self._platform_keys = platform_keys
        self._now = now

    def validate(self) -> "PlatformMessage":
        self.validate_state()
        self.validate_jwt_format()
        self.validate_registration()
        self.validate_jwt_signature()
        self._validate_times()
        self.validate_deployment()
        self.validate_nonce()
        return self.validate_message()

    def validate_state(self) -> "PlatformMessage":
        self._state = self._request.required("state")
        return self

    def validate_jwt_format(self) -> "PlatformMessage":
        """Read the token once, so that what is verified is what is used."""
        token = self._request.required("id_token")
        try:
            parts = JWS.decode_complete(token, options={"verify_signature": False})
            self._body = JsonObject.parse(parts["payload"])
        except (jwt.InvalidTokenError, InvalidValueError) as error:
            raise LaunchRefusedError(RefusalReason.MALFORMED_TOKEN) from error
        self._header = JsonObject(parts["header"])
        self._signed, self._signature = token.rpartition(".")[0].encode(), parts["signature"]
        return self

    def get_iss(self) -> str:
        return self._body.identifier("iss")

    def get_client_id(self) -> str:
        """Return the audience that is meant to be us (OpenID Connect Core 1.0, section 3.1.3.7)."""
        audience = self._body.texts("aud")
        if not audience:
            raise MissingValueError("aud")
        if len(audience) == 1 and not self._body.text("azp"):
            return audience[0]
        authorized = self._body.identifier("azp")
        if authorized not in audience:
            raise LaunchRefusedError(RefusalReason.WRONG_AUDIENCE, issuer=self.get_iss())
        return authorized

    def validate_jwt_signature(self) -> "PlatformMessage":
        # The token is not decoded a second time: PyJWT spends longer on that than on the signature.
        if not RS256.verify(self._signed, self._platform_key(), self._signature):
            raise LaunchRefusedError(RefusalReason.BAD_SIGNATURE, issuer=self.get_iss())
        return self

    def _platform_key(self) -> RSAPublicKey:
        # The token's own word for its algorithm must never choose how the token is checked.
        if (algorithm := self._header.text("alg")) != ALGORITHM:
            raise LaunchRefusedError(RefusalReason.WRONG_ALGORITHM, algorithm=algorithm)
        kid = self._header.text("kid")
        if not kid:
            raise LaunchRefusedError(RefusalReason.KEY_NOT_NAMED)
        return self._platform_keys.find(self._tool_config.found, kid, self._now)

    def _validate_times(self) -> None:
        now = self._now.timestamp()
        issued, expires = self._body.number("iat"), self._body.number("exp")
        leeway = LEEWAY.total_seconds()
        if expires <= now - leeway:
            raise LaunchRefusedError(RefusalReason.EXPIRED, seconds=int(now - expires))
        # A token is made after the login it answers, so it cannot be older than a login may be.
        if issued > now + leeway or issued < now - leeway - LOGIN_LIFETIME.total_seconds():
            raise LaunchRefusedError(RefusalReason.CLOCK_SKEW, seconds=int(issued - now))

    def validate_nonce(self) -> "PlatformMessage":
        """Use up the login of this state; nonce, platform and browser must be the ones that it began with."""
        nonce = self._body.identifier("nonce")
        if not self._browser_secret:
            raise LaunchRefusedError(RefusalReason.COOKIE_MISSING)
        login = self._logins.consume(self._state)
        if login is None:
            raise LaunchRefusedError(RefusalReason.UNKNOWN_STATE)
        if login.expires_at <= self._now:
            raise LaunchRefusedError(RefusalReason.LOGIN_EXPIRED)
        if login.registration_id != self._tool_config.found.id:
            raise LaunchRefusedError(RefusalReason.WRONG_PLATFORM)
        if not _same(login.nonce, nonce):
            raise LaunchRefusedError(RefusalReason.WRONG_NONCE)
        if not _same(login.browser_hash, browser_hash(self._browser_secret)):
            raise LaunchRefusedError(RefusalReason.WRONG_BROWSER)
        return self

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def _get_deployment_id(self) -> str:
        return self._body.identifier(DEPLOYMENT_ID)

    def validate_message(self) -> "PlatformMessage":
        self.launch = read_launch(self._body, registration_id=self._tool_config.found.id)
        return self


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
