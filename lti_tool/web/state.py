"""What the application holds: settings, the database, the vault, the platforms and their keys."""

from dataclasses import dataclass
from time import monotonic

from flask import Flask, current_app

from lti_tool.lti.login_state import LoginStates
from lti_tool.lti.platform_keys import PlatformKeys
from lti_tool.lti.registrations import HeldRegistrations
from lti_tool.services.platforms.guarding import platform_session
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import StoredKeySets, StoredRegistrations
from lti_tool.storage.vault import Vault


@dataclass
class State:
    settings: Settings
    database: Database
    vault: Vault
    registrations: HeldRegistrations
    platform_keys: PlatformKeys
    login_states: LoginStates


def init_state(app: Flask, settings: Settings) -> None:
    database, vault = Database(settings.database_url), Vault(settings.secret_key)
    app.extensions["klimop"] = State(
        settings=settings,
        database=database,
        vault=vault,
        registrations=HeldRegistrations(StoredRegistrations(database), monotonic),
        platform_keys=PlatformKeys(StoredKeySets(database), platform_session(settings.trusted_hosts)),
        login_states=LoginStates(vault.key("logins under way")),
    )


def state() -> State:
    held: State = current_app.extensions["klimop"]
    return held


def database() -> Database:
    return state().database


def settings() -> Settings:
    return state().settings


def vault() -> Vault:
    return state().vault
