"""What the LTI core asks of persistence.

Every call may be a transaction of its own: nothing here relies on an earlier call being uncommitted.
A login costs one call (`registrations_of`), a warm launch two (`registrations_of`, `has_deployment`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lti_tool.lti.keys import ToolKey
from lti_tool.lti.platform import PlatformRegistration


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


class KeySets(Protocol):
    """The last JWK Set seen of each platform, shared by all processes."""

    def load(self, jwks_url: str) -> StoredKeySet | None: ...

    def store(self, jwks_url: str, key_set: StoredKeySet) -> None: ...


class ToolKeys(Protocol):
    """The tool's own keys."""

    def signing_key(self, now: datetime) -> ToolKey:
        """Return the key that signs at this moment."""
        ...

    def published_keys(self, now: datetime) -> Sequence[ToolKey]:
        """Return every key that a platform may still need to check a signature of ours."""
        ...
