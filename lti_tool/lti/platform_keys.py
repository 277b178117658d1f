"""The platforms' public keys: parsed once in a process, shared through the store, refetched on change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from lti_tool.lti.http import NoAnswerError, exchange
from lti_tool.lti.json_object import InvalidValueError, JsonObject, is_storable
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import KeySets, StoredKeySet
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

FETCH_SECONDS = 5
MOST_BYTES = 200_000
LEAST_KEY_BITS = 2048
# A key that a platform withdrew is trusted no longer than this, if the platform can be reached.
FRESH = timedelta(days=1)
# Anyone can send tokens with made-up key ids; they must not make us knock at a platform's door all day.
REFETCH_AFTER = timedelta(minutes=1)
# While there are no keys at all nobody can launch, so we knock sooner.
RETRY_AFTER = timedelta(seconds=10)


@dataclass(frozen=True)
class ParsedKeySet:
    """The usable keys of a JWK Set by key id."""

    keys: Mapping[str, RSAPublicKey]
    fetched_at: datetime


@dataclass(frozen=True)
class Failure:
    """The last fetch failed, and why."""

    cause: str
    at: datetime


class PlatformKeys:
    """One for a process, shared by its threads. A held key costs no lock, no port call and no request."""

    def __init__(self, key_sets: KeySets, session: requests.Session) -> None:
        self._store = key_sets
        self.session = session
        self._held: dict[str, ParsedKeySet] = {}
        self._failures: dict[str, Failure] = {}
        self._locks: dict[str, Lock] = {}

    def find(self, platform: PlatformRegistration, kid: str, now: datetime) -> RSAPublicKey:
        """Return the platform's key `kid`, or raise LaunchRefusedError: unknown_key or keys_unreachable."""
        url = platform.jwks_url
        held = self._held.get(url)
        if held and kid in held.keys and _is_fresh(held, now):
            return held.keys[kid]
        # One thread fetches; those that waited find what it brought, or that it failed.
        with self._locks.setdefault(url, Lock()):
            return self._find_anew(url, kid, now)

    def _find_anew(self, url: str, kid: str, now: datetime) -> RSAPublicKey:
        held = self._load(url)
        if not (held and kid in held.keys and _is_fresh(held, now)):
            held = self._refetch(url, held, now)
        if held and kid in held.keys:
            return held.keys[kid]
        failure = self._failures.get(url)
        if failure:
            raise LaunchRefusedError(RefusalReason.KEYS_UNREACHABLE, jwks_url=url, cause=failure.cause)
        raise LaunchRefusedError(RefusalReason.UNKNOWN_KEY, jwks_url=url, kid=kid)

    def _load(self, url: str) -> ParsedKeySet | None:
        """Hold what another thread or process fetched since, if anything."""
        held = self._held.get(url)
        stored = self._store.load(url)
        if stored and (not held or stored.fetched_at > held.fetched_at):
            self._hold(url, ParsedKeySet(parse_keys(stored.document), stored.fetched_at))
        return self._held.get(url)

    def _refetch(self, url: str, held: ParsedKeySet | None, now: datetime) -> ParsedKeySet | None:
        """Return the platform's keys of this moment; while it cannot be asked (again), the ones held."""
        failure = self._failures.get(url)
        last = failure.at if failure else held.fetched_at if held else None
        if last and now - last < (REFETCH_AFTER if held else RETRY_AFTER):
            return held
        try:
            fetched = ParsedKeySet(self._fetch(url), now)
        except NoAnswerError as error:
            self._failures[url] = Failure(error.cause, now)
            return held
        self._store.store(url, StoredKeySet(key_set_document(fetched.keys), now))
        self._hold(url, fetched)
        return fetched

    def _hold(self, url: str, key_set: ParsedKeySet) -> None:
        self._held[url] = key_set
        self._failures.pop(url, None)

    def _fetch(self, url: str) -> Mapping[str, RSAPublicKey]:
        answer = exchange(
            self.session,
            "GET",
            url,
            seconds=FETCH_SECONDS,
            most_bytes=MOST_BYTES,
            headers={"Accept": "application/json"},
        )
        if not answer.ok:
            raise NoAnswerError(f"status {answer.status}")
        keys = parse_keys(answer.body)
        if not keys:
            raise NoAnswerError("no usable key")
        return keys


def parse_keys(document: str | bytes) -> Mapping[str, RSAPublicKey]:
    """Return the RS256 keys of a JWK Set (RFC 7517) by key id; what is no JWK Set has none."""
    try:
        entries = JsonObject.parse(document).children("keys")
    except InvalidValueError:
        entries = ()
    keys = {}
    for entry in entries:
        key, kid = _rsa_key(entry.values), entry.values.get("kid")
        if key and isinstance(kid, str) and is_storable(kid):
            keys[kid] = key
    return keys


def key_set_document(keys: Mapping[str, RSAPublicKey]) -> str:
    """Return a JWK Set of these keys and of nothing else that a platform may have put beside them."""
    entries = [RSAAlgorithm.to_jwk(key, as_dict=True) | {"kid": kid} for kid, key in keys.items()]
    return json.dumps({"keys": entries})


def _rsa_key(entry: Mapping[str, object]) -> RSAPublicKey | None:
    # Open edX names no algorithm; some platforms list keys of other kinds beside the ones they sign with.
    if entry.get("kty") != "RSA" or entry.get("alg", "RS256") != "RS256" or entry.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK(dict(entry), algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= LEAST_KEY_BITS else None


def _is_fresh(key_set: ParsedKeySet, now: datetime) -> bool:
    return now - key_set.fetched_at < FRESH
