"""What must not be readable in a stolen database: keys and addresses at rest, tokens by their hash."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class VaultError(Exception):
    """Something was encrypted with another secret key."""


class Vault:
    """Encrypts and derives with keys that are themselves derived from the service's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key.encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(self.key("encryption at rest")))
        self._token_key = self.key("derived tokens")

    def encrypt(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def decrypt(self, data: bytes) -> str:
        try:
            return self._fernet.decrypt(data).decode()
        except InvalidToken:
            raise VaultError from None

    def readable(self, data: bytes | None) -> str | None:
        """Return what was encrypted; None for nothing, and for what only another secret key opens."""
        try:
            return None if data is None else self.decrypt(data)
        except VaultError:
            return None

    def token(self, purpose: str, *parts: object) -> str:
        """Return 43 URL-safe characters that only the holder of the secret key can work out.

        So a token can be shown again although the database holds nothing but its hash.
        """
        message = "\x1f".join([purpose, *map(str, parts)]).encode()
        return base64.urlsafe_b64encode(hmac.digest(self._token_key, message, "sha256")).rstrip(b"=").decode()

    def key(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose alone."""
        kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"klimop {purpose}".encode())
        return kdf.derive(self._secret)


def hashed(token: str) -> str:
    """Return the SHA-256 of a random token in hex; tokens have too much entropy to need a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
