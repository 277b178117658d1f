"""The first half of a launch: a platform asks for a login, and the browser is sent back to it.

1EdTech Security Framework 1.0, sections 5.1.1.1 and 5.1.1.2.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self
from urllib.parse import urlsplit

from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.registration import Registration

from lti_tool.lti.login_state import LoginStates, PendingLogin, browser_hash
from lti_tool.lti.platform import is_web_url
from lti_tool.lti.ports import Registrations
from lti_tool.lti.pylti import Address, KnownPlatforms, NonceSession, Parameters, StateCookie
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

LOGIN_LIFETIME = timedelta(minutes=10)
# What a platform may send with a login (LTI 1.3 core, section 4.1; Platform Storage 0.1, section 3.1).
LOGIN_PARAMETERS = (
    "iss",
    "client_id",
    "lti_deployment_id",
    "login_hint",
    "lti_message_hint",
    "target_link_uri",
)


@dataclass(frozen=True)
class LoginRedirect:
    """Where to send the browser, and the secret for it to keep until `expires_at`.

    It keeps the secret in a cookie of this name; where cookies are blocked, under the same name in the
    platform's storage, if there is a `storage_target` (LTI Platform Storage 0.1) at `platform_origin`.
    """

    url: str
    state: str
    browser_secret: str = field(repr=False)
    storage_target: str
    platform_origin: str
    expires_at: datetime

    @property
    def cookie_name(self) -> str:
        return login_cookie_name(self.state)


def login_cookie_name(state: str) -> str:
    """Return the name of one login's cookie: a browser may have several under way, one for each frame."""
    return f"klimop-login-{sha256(state.encode(errors='replace')).hexdigest()[:16]}"


def begin_login(
    parameters: Mapping[str, str],
    *,
    launch_url: str,
    registrations: Registrations,
    states: LoginStates,
    now: datetime,
    keeps_cookies: bool = False,
) -> LoginRedirect:
    """Return the redirect to the platform; LaunchRefusedError says why not.

    `parameters` are the fields of the query (GET) or of the form (POST). `launch_url` is where the platform
    posts its token; it is registered there exactly so. A browser that `keeps_cookies` has shown it before.
    """
    request = Parameters(parameters)
    require_own_target(request.required("target_link_uri"), launch_url)
    platforms, cookie = KnownPlatforms(registrations), StateCookie()
    nonce, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
    storage_target = "" if keeps_cookies else request.get_param("lti_storage_target")
    expires_at = now + LOGIN_LIFETIME

    def seal() -> str:
        return states.seal(
            PendingLogin(
                nonce=nonce,
                registration_id=platforms.found.id,
                browser_hash=browser_hash(secret),
                storage_target=storage_target,
                request={} if keeps_cookies else request.given(LOGIN_PARAMETERS),
                expires_at=expires_at,
            )
        )

    login = PlatformLogin(request, platforms, NonceSession(request), cookie)
    url = login.with_state(nonce, seal).redirect(launch_url)
    origin = origin_of(platforms.found.auth_login_url)
    return LoginRedirect(url, cookie.state, secret, storage_target, origin, expires_at)


def require_own_target(target: str, launch_url: str) -> None:
    """Refuse a target_link_uri that is not on the origin (scheme, host and port) of `launch_url`."""
    if not is_web_url(target) or origin_of(target) != origin_of(launch_url):
        raise LaunchRefusedError(RefusalReason.TARGET_NOT_OURS, target_link_uri=target)


def origin_of(url: str) -> str:
    """Return the origin of a web address as browsers write it (RFC 6454, section 6.2)."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    is_usual = parts.port in (None, 443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{parts.port}"


class PlatformLogin(OIDCLogin[Parameters, KnownPlatforms, NonceSession, StateCookie, str]):
    """PyLTI1p3's login that answers with a URL."""

    def with_state(self, nonce: str, seal: Callable[[], str]) -> Self:
        """Use this nonce, and the state that `seal` makes once the platform is found."""
        self._nonce, self._seal = nonce, seal
        return self

    def get_redirect(self, url: str) -> Address:
        # PyLTI1p3 adds a question mark, also to an address that has one.
        address = self._tool_config.found.auth_login_url
        return Address(url.replace(f"{address}?", f"{address}&", 1) if "?" in address else url)

    def validate_oidc_login(self) -> Registration:
        self._request.required("iss")
        self._request.required("login_hint")
        return super().validate_oidc_login()

    def _get_uuid(self) -> str:
        return self._seal()

    def _generate_nonce(self) -> str:
        # PyLTI1p3's own tells the machine's network address and the time.
        return self._nonce
