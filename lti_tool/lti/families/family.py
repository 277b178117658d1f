"""A kind of learning platform. The defaults are what the standards say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from lti_tool.lti.claims import MessageType

Extension = Mapping[str, object]

LINK_MESSAGE = MessageType.RESOURCE_LINK.value
PICKER_MESSAGE = MessageType.DEEP_LINKING.value
# Dynamic Registration 1.0 names these two places from which content is picked.
PICKER_PLACEMENTS = ("ContentArea", "RichTextEditor")


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """Where a platform answers."""

    auth_login_url: str
    token_url: str
    jwks_url: str


@dataclass(frozen=True, kw_only=True)
class Family:
    """How platforms of one make register tools and what they want of them.

    `product_codes` are its product_family_codes in small letters. `issuer` is set where all customers share
    one; then platforms on `domains` may speak for it. `endpoints` hold `{issuer}` and `{client_id}`; None
    where they cannot be told from those. `placements` are what to ask for by message type, and `*_extension`
    what to add to a tool's registration, to each message of it, and to each score.
    """

    code: str
    name: str
    product_codes: tuple[str, ...] = ()
    issuer: str = ""
    domains: tuple[str, ...] = ()
    endpoints: Endpoints | None = None
    token_audience: str | None = None
    placements: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {PICKER_MESSAGE: PICKER_PLACEMENTS}
    )
    tool_extension: Extension = field(default_factory=dict)
    message_extensions: Mapping[str, Extension] = field(default_factory=dict)
    score_additions: Extension = field(default_factory=dict)

    def score_extension(self) -> Extension:
        """Return what to put in a score beside what AGS 2.0 says."""
        return self.score_additions

    def endpoints_of(self, issuer: str, client_id: str) -> Endpoints | None:
        """Return where the platform of `issuer` answers; None where that must be asked."""
        if self.endpoints is None:
            return None
        known = {"issuer": issuer.rstrip("/"), "client_id": quote(client_id, safe="")}
        return Endpoints(**{name: url.format(**known) for name, url in vars(self.endpoints).items()})

    def may_speak_for(self, issuer: str, host: str) -> bool:
        """Return whether a platform at `host` is one of those that share `issuer`."""
        shares = bool(self.issuer) and issuer == self.issuer
        return shares and any(host == domain or host.endswith(f".{domain}") for domain in self.domains)
