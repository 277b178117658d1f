"""An RSA key that signs as a platform does."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KEY_BITS = 2048


@dataclass(frozen=True)
class SigningKey:
    """A private key and the name under which its public half is published."""

    kid: str
    private: rsa.RSAPrivateKey

    @classmethod
    def from_pem(cls, pem: str) -> "SigningKey":
        """Return the key that `generate_pem` wrote."""
        private = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError("a platform signs with RSA")
        return cls(sha256(pem.encode()).hexdigest()[:16], private)

    def sign(self, claims: Mapping[str, Any], *, header: Mapping[str, Any] | None = None) -> str:
        """Return `claims` as an RS256 JWT; a `header` given replaces the one that names the key."""
        headers = {"kid": self.kid} if header is None else dict(header)
        return jwt.encode(dict(claims), self.private, algorithm="RS256", headers=headers)

    def jwk(self) -> dict[str, Any]:
        """Return the public half as a JSON Web Key (RFC 7517)."""
        public = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return public | {"kid": self.kid, "alg": "RS256", "use": "sig"}


@lru_cache(maxsize=64)
def signing_key(pem: str) -> SigningKey:
    """Return the key of `generate_pem`; reading one takes as long as twenty signatures, so it is kept."""
    return SigningKey.from_pem(pem)


def generate_pem() -> str:
    """Return a new private key in PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
