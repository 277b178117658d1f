"""The second half of a launch: a platform posts an id_token for a login that we remember.

1EdTech Security Framework 1.0, sections 5.1.1.3 to 5.1.3.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pylti1p3.message_launch import MessageLaunch

from lti_tool.lti.claims import DEPLOYMENT_ID, Launch, read_launch
from lti_tool.lti.id_token import read_id_token
from lti_tool.lti.json_object import InvalidValueError, MissingValueError
from lti_tool.lti.login import LOGIN_LIFETIME, require_own_target
from lti_tool.lti.login_state import LoginStates, PendingLogin
from lti_tool.lti.platform_keys import PlatformKeys
from lti_tool.lti.ports import Registrations
from lti_tool.lti.pylti import KnownPlatforms, NonceSession, Parameters, StateCookie
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason


@dataclass(frozen=True)
class Arrival:
    """A launch and the login that it answers.

    Nothing here knows whether the login was answered before: whoever lets the launch in must keep the login's
    nonce until the login expires, and refuse it the second time.
    """

    launch: Launch
    login: PendingLogin


def complete_launch(
    parameters: Mapping[str, str],
    *,
    browser_secret: str,
    launch_url: str,
    registrations: Registrations,
    states: LoginStates,
    platform_keys: PlatformKeys,
    now: datetime,
) -> Arrival:
    """Return the launch in the posted `parameters`; LaunchRefusedError says why not.

    `browser_secret` is the value of the login's cookie, empty where the browser sent none: a launch refused
    for that alone (COOKIE_MISSING) may bring it in another way.
    """
    request, platforms = Parameters(parameters), KnownPlatforms(registrations)
    if request.get_param("error"):
        raise LaunchRefusedError(RefusalReason.PLATFORM_ERROR, error=request.get_param("error"))
    message = PlatformMessage(
        request, platforms, browser_secret=browser_secret, states=states, platform_keys=platform_keys, now=now
    )
    try:
        return _arrival(message, launch_url)
    except LaunchRefusedError as refusal:
        refusal.registration_id = platforms.found_id
        raise


def _arrival(message: "PlatformMessage", launch_url: str) -> Arrival:
    try:
        launch = message.validate().launch
    except MissingValueError as error:
        raise LaunchRefusedError(RefusalReason.MISSING_CLAIM, claim=error.path) from error
    except InvalidValueError as error:
        raise LaunchRefusedError(RefusalReason.INVALID_CLAIM, claim=error.path) from error
    if launch.target_link_uri:
        require_own_target(launch.target_link_uri, launch_url)
    return Arrival(launch, message.login)


class PlatformMessage(MessageLaunch[Parameters, KnownPlatforms, NonceSession, StateCookie]):
    """PyLTI1p3's launch, in an order in which a token must prove itself before it uses anything up."""

    launch: Launch
    login: PendingLogin

    def __init__(
        self,
        request: Parameters,
        platforms: KnownPlatforms,
        *,
        browser_secret: str,
        states: LoginStates,
        platform_keys: PlatformKeys,
        now: datetime,
    ) -> None:
        super().__init__(
            request, platforms, NonceSession(request), StateCookie(), requests_session=platform_keys.session
        )
        self.set_auto_validation(enable=False)
        self._browser_secret = browser_secret
        self._states = states
        self._platform_keys = platform_keys
        self._now = now

    def validate(self) -> "PlatformMessage":
        self.validate_state()
        self.validate_jwt_format()
        self.validate_registration()
        self.validate_jwt_signature()
        # A token is made after the login it answers, so it cannot be older than a login may be.
        self._token.require_times(self._now, oldest=LOGIN_LIFETIME)
        self.validate_nonce()
        self.validate_deployment()
        return self.validate_message()

    def validate_state(self) -> "PlatformMessage":
        self._state = self._request.required("state")
        return self

    def validate_jwt_format(self) -> "PlatformMessage":
        self._token = read_id_token(self._request.required("id_token"))
        return self

    def get_iss(self) -> str:
        return self._token.issuer

    def get_client_id(self) -> str:
        return self._token.client_id

    def validate_jwt_signature(self) -> "PlatformMessage":
        self._token.require_signature(self._tool_config.found, self._platform_keys, self._now)
        return self

    def validate_nonce(self) -> "PlatformMessage":
        """Open the login of this state; nonce, platform and browser must be the ones that it began with."""
        nonce = self._token.body.identifier("nonce")
        self.login = self._states.open(self._state)
        if self.login.expires_at <= self._now:
            raise LaunchRefusedError(RefusalReason.LOGIN_EXPIRED)
        if self.login.registration_id != self._tool_config.found.id:
            raise LaunchRefusedError(RefusalReason.WRONG_PLATFORM)
        if not hmac.compare_digest(self.login.nonce.encode(), nonce.encode()):
            raise LaunchRefusedError(RefusalReason.WRONG_NONCE)
        if not self._browser_secret:
            raise LaunchRefusedError(RefusalReason.COOKIE_MISSING)
        if not self.login.belongs_to(self._browser_secret):
            raise LaunchRefusedError(RefusalReason.WRONG_BROWSER)
        return self

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def _get_deployment_id(self) -> str:
        return self._token.body.identifier(DEPLOYMENT_ID)

    def validate_message(self) -> "PlatformMessage":
        self.launch = read_launch(self._token.body, registration_id=self._tool_config.found.id)
        return self
