"""Registrations, logins and keys, as the LTI core asks for them.

Logins belong to the caller's transaction; of the others each call is a transaction of its own.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from lti_tool.lti.keys import ToolKey, generate_tool_key, load_tool_key
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import PendingLogin, StoredKeySet
from lti_tool.storage import models
from lti_tool.storage.database import Database
from lti_tool.storage.rows import change, find_or_add
from lti_tool.storage.vault import Vault

# Statements on tables, made once: on models, made for each call, they take four times as long.
LOGINS = models.Base.metadata.tables["login"]
ADD_LOGIN = insert(LOGINS)
# One statement deletes and returns, so of two answers to one login only one can get it.
TAKE_LOGIN = delete(LOGINS).where(LOGINS.c.state == bindparam("state")).returning(*LOGINS.c)


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
            )
        )
        with self._database.read() as db:
            return bool(db.scalar(query))


class StoredLogins:
    def __init__(self, db: Session) -> None:
        self._db = db

    def remember(self, login: PendingLogin) -> None:
        self._db.execute(ADD_LOGIN, vars(login))

    def consume(self, state: str) -> PendingLogin | None:
        row = self._db.execute(TAKE_LOGIN, {"state": state}).one_or_none()
        return None if row is None else PendingLogin(**row._mapping)


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

    def signing_key(self) -> ToolKey:
        keys = self.published_keys()
        if not keys:
            raise NoToolKeyError
        return keys[-1]

    def published_keys(self) -> Sequence[ToolKey]:
        query = select(models.ToolKey).order_by(models.ToolKey.created_at, models.ToolKey.kid)
        with self._database.read() as db:
            return [load_tool_key(self._vault.decrypt(row.private_key)) for row in db.scalars(query)]


def ensure_tool_key(db: Session, vault: Vault, now: datetime) -> None:
    """Make the tool's first key if it has none."""
    if db.scalar(select(models.ToolKey.kid).limit(1)) is None:
        key = generate_tool_key()
        db.add(models.ToolKey(kid=key.kid, private_key=vault.encrypt(key.pem()), created_at=now))


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


def forget_old_logins(db: Session, now: datetime) -> None:
    db.execute(delete(models.Login).where(models.Login.expires_at <= now))
