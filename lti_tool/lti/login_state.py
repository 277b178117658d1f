"""A login on its way to a platform and back, sealed into its own `state`, so that nothing has to be kept."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

# A state travels in addresses, and servers take about 8 000 characters of one.
MOST_CHARACTERS = 4000
# PyLTI1p3 begins every state so.
PREFIX = "state-"


@dataclass(frozen=True, kw_only=True)
class PendingLogin:
    """What must come back as it was sent.

    `browser_hash` is of a secret that only the browser that began the login holds. `storage_target` is the
    frame of the platform that may keep that secret, empty where there is none. `request` is what the platform
    asked with, so that the login can be begun again in a window of its own; empty where cookies are known to
    work.
    """

    nonce: str
    registration_id: int
    browser_hash: str
    storage_target: str = ""
    request: Mapping[str, str] = field(default_factory=dict, repr=False)
    expires_at: datetime

    def belongs_to(self, browser_secret: str) -> bool:
        return hmac.compare_digest(self.browser_hash, browser_hash(browser_secret))


class LoginStates:
    """Seals logins with a key that no platform or browser has, and opens what comes back."""

    def __init__(self, key: bytes) -> None:
        self._signer = Signer(key, salt="lti login", digest_method=sha256)

    def seal(self, login: PendingLogin) -> str:
        """Return the state of `login`, without its request where that would make it too long."""
        parts = [
            login.nonce,
            login.registration_id,
            login.browser_hash,
            login.storage_target,
            int(login.expires_at.timestamp()),
        ]
        state = self._text([*parts, dict(login.request)])
        return state if len(state) <= MOST_CHARACTERS else self._text([*parts, {}])

    def open(self, state: str) -> PendingLogin:
        """Return the login of `state`; raise LaunchRefusedError(UNKNOWN_STATE) where it is none of ours."""
        try:
            document = base64_decode(self._signer.unsign(state.removeprefix(PREFIX)))
            nonce, registration_id, browser, target, expires, request = json.loads(document)
        except (BadData, ValueError):  # ValueError: a text that is none, or of another version of Klimop
            raise LaunchRefusedError(RefusalReason.UNKNOWN_STATE) from None
        return PendingLogin(
            nonce=nonce,
            registration_id=registration_id,
            browser_hash=browser,
            storage_target=target,
            request=request,
            expires_at=datetime.fromtimestamp(expires, UTC),
        )

    def _text(self, parts: list[object]) -> str:
        document = json.dumps(parts, separators=(",", ":"))
        return self._signer.sign(base64_encode(document)).decode()


def browser_hash(secret: str) -> str:
    """Return what a state tells of a browser's secret: whoever reads the state cannot pose as the browser."""
    return sha256(secret.encode(errors="replace")).hexdigest()[:32]
