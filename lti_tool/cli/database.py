"""The database's tables."""

import click

from lti_tool import clock
from lti_tool.cli.opening import connect
from lti_tool.settings import Settings
from lti_tool.storage.platforms import ensure_tool_key
from lti_tool.storage.schema import upgrade
from lti_tool.storage.vault import Vault


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Create or upgrade the tables, keeping what they hold, and make the first signing key."""
    settings = Settings.from_env()
    database = connect(settings)
    upgrade(database.engine)
    with database.begin() as session:
        ensure_tool_key(session, Vault(settings.secret_key), clock.now())
