"""Creating and upgrading the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HEAD = "head"


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Bring the tables to a revision, keeping what they hold; safe to run again."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.execution_options(writes=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
