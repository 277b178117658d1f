"""Upgrading makes the tables that the models describe, and keeps what they hold."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from lti_tool.storage.database import Database
from lti_tool.storage.models import Base
from lti_tool.storage.schema import upgrade


def test_from_empty_the_tables_are_those_of_the_models(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    upgrade(database.engine)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    database.close()


def test_upgrading_twice_changes_nothing(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    upgrade(database.engine)
    upgrade(database.engine)
    database.close()


def test_upgrading_from_the_previous_revision_keeps_the_data(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    upgrade(database.engine, "head-1")
    with database.begin() as db:
        db.execute(text("INSERT INTO institution (slug, name, locale) VALUES ('ucll', 'UCLL', 'nl')"))
    upgrade(database.engine)
    with database.read() as db:
        rows = db.execute(text("SELECT slug, name, locale FROM institution")).all()
    assert [tuple(row) for row in rows] == [("ucll", "UCLL", "nl")]
    database.close()
