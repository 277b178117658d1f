"""Getting to know a learning platform at addresses that its administrator gave, outside any transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import requests

from lti_tool.lti.dynamic_registration import Agreed, fetch_configuration, register
from lti_tool.lti.http import NoAnswerError, exchange
from lti_tool.lti.platform import is_web_url
from lti_tool.lti.platform_keys import FETCH_SECONDS, MOST_BYTES, parse_keys
from lti_tool.lti.platform_offer import (
    CannotRegisterError,
    PlatformOffer,
    RegistrationFlaw,
    read_configuration,
)
from lti_tool.lti.tool_description import ToolDescription
from lti_tool.services.platforms.guarding import (
    ForbiddenTargetError,
    guarded_session,
    is_trusted,
    require_open,
)
from lti_tool.services.platforms.registering import NewRegistration
from lti_tool.services.platforms.watching import Watch

CALL_SECONDS = 25.0
LONGEST_ADDRESS = 1000  # addresses are keys in the database


class NoKeysError(Exception):
    """There is no usable key set at the address."""


@dataclass(frozen=True)
class Introduction:
    """A platform's configuration as it was found at `url`, and the token with which to register."""

    url: str
    token: str
    document: str

    @property
    def offer(self) -> PlatformOffer:
        return read_configuration(self.document.encode(), url=self.url)


def meet_platform(url: str, *, token: str, trusted_hosts: frozenset[str]) -> Introduction:
    """Return the configuration at `url`, read and checked; CannotRegisterError says why not.

    Every address in it must be public and encrypted, or of a host that the operator trusts ("host:port").
    """
    with _reaching(url, trusted_hosts) as session:
        document = fetch_configuration(session, url, token=token)
    introduction = Introduction(url, token, document.decode(errors="replace"))
    offer = introduction.offer
    for address in (
        offer.issuer,
        offer.registration_url,
        offer.auth_login_url,
        offer.token_url,
        offer.jwks_url,
    ):
        require_safe(address, trusted_hosts)
    return introduction


def register_tool(
    introduction: Introduction, tool: ToolDescription, *, trusted_hosts: frozenset[str]
) -> Agreed:
    """Register this tool with the platform; CannotRegisterError says why not."""
    offer = introduction.offer
    with _reaching(offer.registration_url, trusted_hosts) as session:
        return register(session, offer, tool, token=introduction.token)


def require_keys(jwks_url: str, *, trusted_hosts: frozenset[str]) -> None:
    """Raise NoKeysError unless a platform's public keys can be read at an address."""
    try:
        with _reaching(jwks_url, trusted_hosts) as session:
            answer = exchange(session, "GET", jwks_url, seconds=FETCH_SECONDS, most_bytes=MOST_BYTES)
    except (CannotRegisterError, NoAnswerError, UnicodeError):  # the last is a host name that cannot be
        raise NoKeysError from None
    if not (answer.ok and parse_keys(answer.body)):
        raise NoKeysError


def agreed_registration(institution: str, offer: PlatformOffer, agreed: Agreed) -> NewRegistration:
    """Return what to keep of what was agreed."""
    return NewRegistration(
        institution=institution,
        issuer=offer.issuer,
        client_id=agreed.client_id,
        auth_login_url=offer.auth_login_url,
        token_url=offer.token_url,
        jwks_url=offer.jwks_url,
        deployment_id=agreed.deployment_id,
        token_audience=offer.token_audience,
        family=offer.family.code,
        scopes=agreed.scopes,
    )


def require_safe(url: str, trusted_hosts: frozenset[str]) -> SplitResult:
    """Return the parts of an address that may be called with secrets; CannotRegisterError if it is none."""
    if not is_web_url(url) or len(url) > LONGEST_ADDRESS:
        raise CannotRegisterError(RegistrationFlaw.FORBIDDEN, url[:LONGEST_ADDRESS])
    target = urlsplit(url)
    try:
        require_open(target, trusted_hosts)
    except ForbiddenTargetError:
        raise CannotRegisterError(RegistrationFlaw.FORBIDDEN, target.netloc) from None
    if target.scheme != "https" and not is_trusted(target, trusted_hosts):
        raise CannotRegisterError(RegistrationFlaw.FORBIDDEN, target.netloc)
    return target


@contextmanager
def _reaching(url: str, trusted_hosts: frozenset[str]) -> Iterator[requests.Session]:
    target = require_safe(url, trusted_hosts)
    with Watch(CALL_SECONDS) as watch, guarded_session(target, trusted_hosts, watch) as session:
        session.headers["User-Agent"] = "Klimop"
        yield session
