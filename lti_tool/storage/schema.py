"""Creating and upgrading the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

HEAD = "head"


class BrokenReferencesError(Exception):
    """These tables hold rows that refer to nothing."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(tables)
        self.tables = tables


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Bring the tables to a revision, keeping what they hold; safe to run again."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.execution_options(writes=True).connect() as connection:
        if connection.dialect.name == "sqlite":
            _let_tables_be_replaced(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if connection.dialect.name == "sqlite":
            _check_references(connection)


def _let_tables_be_replaced(connection: Connection) -> None:
    """Keep SQLite from checking references: it alters a table by filling a new one and dropping the old."""
    cursor = connection.connection.cursor()
    # It can only be told so before a transaction begins, and this connection is not used for anything else.
    cursor.execute("PRAGMA foreign_keys=OFF")
    connection.connection.detach()


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise BrokenReferencesError(sorted({row.table for row in broken}))
