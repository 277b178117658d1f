"""The tool's own RSA keys: made, kept as PEM, published as a JWK Set, used to sign."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode

KEY_BITS = 2048


@dataclass(frozen=True)
class ToolKey:
    """A private key with its id, which is the key's RFC 7638 thumbprint."""

    kid: str
    private_key: RSAPrivateKey = field(repr=False)

    def sign(self, claims: Mapping[str, object]) -> str:
        """Return `claims` as a compact RS256 JWT."""
        return jwt.encode(dict(claims), self.private_key, algorithm="RS256", headers={"kid": self.kid})

    def pem(self) -> str:
        """Return the private key as unencrypted PKCS #8 PEM."""
        return self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def public_jwk(self) -> dict[str, str]:
        """Return the public half as a JWK (RFC 7517)."""
        return _jwk_members(self.private_key) | {"kid": self.kid, "alg": "RS256", "use": "sig"}


def generate_tool_key() -> ToolKey:
    """Return a new key."""
    return _tool_key(generate_private_key(public_exponent=65537, key_size=KEY_BITS))


# Parsing and checking a PEM costs some 50 ms of CPU; signing with the key object costs 1 ms.
@lru_cache(maxsize=16)
def load_tool_key(pem: str) -> ToolKey:
    """Return the RSA key in `pem`, or raise ValueError; a process parses the same text once."""
    private_key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private_key, RSAPrivateKey):
        raise ValueError("the tool signs with an RSA key")
    return _tool_key(private_key)


def public_keyset(keys: Iterable[ToolKey]) -> dict[str, list[dict[str, str]]]:
    """Return the JWK Set to publish, ordered by key id."""
    return {"keys": [key.public_jwk() for key in sorted(keys, key=lambda key: key.kid)]}


def _tool_key(private_key: RSAPrivateKey) -> ToolKey:
    members = json.dumps(_jwk_members(private_key), sort_keys=True, separators=(",", ":"))
    return ToolKey(base64url_encode(sha256(members.encode()).digest()).decode(), private_key)


def _jwk_members(private_key: RSAPrivateKey) -> dict[str, str]:
    """Return the required members of the public key, which RFC 7638 hashes."""
    members = RSAAlgorithm.to_jwk(private_key.public_key(), as_dict=True)
    return {name: members[name] for name in ("e", "kty", "n")}
