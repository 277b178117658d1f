"""The first half of a launch: a platform asks for a login, and the browser is sent back to it.

1EdTech Security Framework 1.0, sections 5.1.1.1 and 5.1.1.2.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.registration import Registration

from lti_tool.lti.platform import is_web_url
from lti_tool.lti.ports import Logins, PendingLogin, Registrations
from lti_tool.lti.pylti import Address, KnownPlatforms, NonceSession, Parameters, StateCookie
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

LOGIN_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class LoginRedirect:
    """Where to send the browser, and the cookie to send it with until `expires_at`."""

    url: str
    state: str
    browser_secret: str = field(repr=False)
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
    logins: Logins,
    now: datetime,
) -> LoginRedirect:
    """Remember a login and return the redirect to the platform; LaunchRefusedError says why not.

    `parameters` are the fields of the query (GET) or of the form (POST). `launch_url` is where the platform
    posts its token; it is registered there exactly so.
    """
    request = Parameters(parameters)
    target = request.required("target_link_uri")
    require_own_target(target, launch_url)
    platforms, session, cookie = KnownPlatforms(registrations), NonceSession(request), StateCookie()
    url = PlatformLogin(request, platforms, session, cookie).redirect(launch_url)
    secret = secrets.token_urlsafe(32)
    login = PendingLogin(
        state=cookie.state,
        nonce=session.nonce,
        registration_id=platforms.found.id,
        target_link_uri=target,
        browser_hash=browser_hash(secret),
        expires_at=now + LOGIN_LIFETIME,
    )
    logins.remember(login)
    return LoginRedirect(url, login.state, secret, login.expires_at)


def browser_hash(secret: str) -> str:
    """Return what we keep of a browser's secret: whoever reads the store cannot pose as the browser."""
    return sha256(secret.encode(errors="replace")).hexdigest()


def require_own_target(target: str, launch_url: str) -> None:
    """Refuse a target_link_uri that is not on the origin (scheme, host and port) of `launch_url`."""
    if not is_web_url(target) or _origin(target) != _origin(launch_url):
        raise LaunchRefusedError(RefusalReason.TARGET_NOT_OURS, target_link_uri=target)


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


class PlatformLogin(OIDCLogin[Parameters, KnownPlatforms, NonceSession, StateCookie, str]):
    """PyLTI1p3's login that answers with a URL."""

    def get_redirect(self, url: str) -> Address:
        # PyLTI1p3 adds a question mark, also to an address that has one.
        address = self._tool_config.found.auth_login_url
        return Address(url.replace(f"{address}?", f"{address}&", 1) if "?" in address else url)

    def validate_oidc_login(self) -> Registration:
        self._request.required("iss")
        self._request.required("login_hint")
        return super().validate_oidc_login()

    def _generate_nonce(self) -> str:
        # PyLTI1p3's nonce tells the machine's network address and the time.
        return secrets.token_urlsafe(32)
