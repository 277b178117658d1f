"""Registrations and keys, as the LTI core asks for them; each call is a transaction of its own."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.lti.keys import ToolKey, generate_tool_key, load_tool_key
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import StoredKeySet
from lti_tool.storage import models
from lti_tool.storage.database import Database
from lti_tool.storage.rows import change, find_or_add
from lti_tool.storage.vault import Vault


class NoToolKeyError(Exception):
    """The tool has no key to sign with yet: `klimop db upgrade` makes the first."""


class StoredRegistrations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def registrations_of(self, issuer: str, client_id: str) -> Sequence[PlatformRegistration]:
        query = select(models.Registration).where(models.Registration.issuer == issuer)
        if client_id:
            query = query.where(models.Registration.client_id == client_id)
        with self._database.read() as db:
            return [platform_registration(row) for row in db.scalars(query)]

    def has_deployment(self, registration_id: int, deployment_id: str) -> bool:
        query = select(
            exists().where(
                models.Deployment.registration_id == registration_id,
                models.Deployment.deployment_id == deployment_id,
                models.Deployment.approved_at.is_not(None),
            )
        )
        with self._database.read() as db:
            return bool(db.scalar(query))


class StoredKeySets:
    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, jwks_url: str) -> StoredKeySet | None:
        with self._database.read() as db:
            row = db.get(models.PlatformKeys, jwks_url)
            return None if row is None else StoredKeySet(json.dumps(row.keyset), row.fetched_at)

    def store(self, jwks_url: str, key_set: StoredKeySet) -> None:
        keyset = json.loads(key_set.document)
        with self._database.begin() as db:
            row = find_or_add(
                db,
                models.PlatformKeys,
                keys={"jwks_url": jwks_url},
                keyset=keyset,
                fetched_at=key_set.fetched_at,
            )
            change(row, keyset=keyset, fetched_at=key_set.fetched_at)


class StoredToolKeys:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    def signing_key(self, now: datetime) -> ToolKey:
        with self._database.read() as db:
            begun = [row for row in published_tool_keys(db, now) if row.signs_from <= now]
        if not begun:
            raise NoToolKeyError
        return self._load(begun[-1])

    def published_keys(self, now: datetime) -> Sequence[ToolKey]:
        with self._database.read() as db:
            return [self._load(row) for row in published_tool_keys(db, now)]

    def _load(self, row: models.ToolKey) -> ToolKey:
        return load_tool_key(self._vault.decrypt(row.private_key))


def published_tool_keys(db: Session, now: datetime) -> Sequence[models.ToolKey]:
    """Return the tool's keys that platforms may need, in the order in which they sign."""
    until = models.ToolKey.published_until
    query = select(models.ToolKey).where(or_(until.is_(None), until > now))
    return db.scalars(query.order_by(models.ToolKey.signs_from, models.ToolKey.kid)).all()


def ensure_tool_key(db: Session, vault: Vault, now: datetime) -> None:
    """Make the tool's first key if it has none."""
    if db.scalar(select(models.ToolKey.kid).limit(1)) is None:
        add_tool_key(db, vault, now, signs_from=now)


def add_tool_key(db: Session, vault: Vault, now: datetime, *, signs_from: datetime) -> models.ToolKey:
    """Publish a new key, which signs from a moment on."""
    key = generate_tool_key()
    private_key = vault.encrypt(key.pem())
    row = models.ToolKey(kid=key.kid, private_key=private_key, created_at=now, signs_from=signs_from)
    db.add(row)
    return row


def platform_registration(row: models.Registration) -> PlatformRegistration:
    return PlatformRegistration(
        id=row.id,
        issuer=row.issuer,
        client_id=row.client_id,
        auth_login_url=row.auth_login_url,
        token_url=row.token_url,
        token_audience=row.token_audience,
        jwks_url=row.jwks_url,
    )
