"""What the LTI core asks of persistence.

Every call may be a transaction of its own: nothing here relies on an earlier call being uncommitted.
A login costs two calls (`registrations_of`, `remember`); a warm launch costs three (`registrations_of`,
`has_deployment`, `consume`), and nothing that comes after `consume` waits for the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lti_tool.lti.keys import ToolKey
from lti_tool.lti.platform import PlatformRegistration


@dataclass(frozen=True, kw_only=True)
class PendingLogin:
    """A login that was sent to a platform and has not come back yet.

    `browser_hash` is the SHA-256, in hexadecimal, of the secret in the browser's cookie.
    """

    state: str
    nonce: str
    registration_id: int
    target_link_uri: str
    browser_hash: str
    expires_at: datetime


@dataclass(frozen=True)
class StoredKeySet:
    """A platform's JWK Set (RFC 7517) as JSON text, and when it was fetched."""

    document: str
    fetched_at: datetime


class Registrations(Protocol):
    """The platforms we know."""

    def registrations_of(self, issuer: str, client_id: str) -> Sequence[PlatformRegistration]:
        """Return the registrations of `issuer`: the one of `client_id`, or all where that is empty."""
        ...

    def has_deployment(self, registration_id: int, deployment_id: str) -> bool:
        """Return whether launches of this deployment are welcome."""
        ...


class Logins(Protocol):
    """Logins on their way to a platform and back."""

    def remember(self, login: PendingLogin) -> None: ...

    def consume(self, state: str) -> PendingLogin | None:
        """Delete the login of `state` and return it; of several callers at once only one gets it.

        None where there is no such login (any more). An expired one may be returned or be gone.
        """
        ...


class KeySets(Protocol):
    """The last JWK Set seen of each platform, shared by all processes."""

    def load(self, jwks_url: str) -> StoredKeySet | None: ...

    def store(self, jwks_url: str, key_set: StoredKeySet) -> None: ...


class ToolKeys(Protocol):
    """The tool's own keys."""

    def signing_key(self) -> ToolKey:
        """Return the key that signs now."""
        ...

    def published_keys(self) -> Sequence[ToolKey]:
        """Return every key that a platform may still need to check a signature of ours."""
        ...
