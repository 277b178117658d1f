"""Connections and transactions, alike on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 10_000


class Database:
    """An engine with two kinds of transaction: `begin` may write, `read` does not."""

    def __init__(self, url: str) -> None:
        self.url = url
        # What statements are given, names of people among it, stays out of the errors that are logged.
        if make_url(url).get_backend_name() == "sqlite":
            _make_folder(url)
            self.engine = create_engine(url, hide_parameters=True)
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        self._writer = self.engine.execution_options(writes=True)
        self._hasty_writer = self.engine.execution_options(writes=True, durable=False)

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back by an exception.

        It begins, and locks, with its first statement. One that is not `durable` does not wait for the disk
        of a SQLite database: a power cut, but no crash of ours, may lose it. What is committed after it never
        lasts without it.
        """
        writer = self._writer if durable else self._hasty_writer
        with Session(writer, expire_on_commit=False) as db, db.begin():
            yield db

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with Session(self.engine, expire_on_commit=False) as db:
            yield db

    def close(self) -> None:
        self.engine.dispose()


def _make_folder(url: str) -> None:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite decides which kind.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    cursor = connection.connection.cursor()
    if not options.get("writes", False):
        cursor.execute("BEGIN")
        return
    # In WAL mode NORMAL survives a killed process; FULL also survives a power cut.
    cursor.execute(f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}")
    # A transaction that reads first and writes later fails at once when another has written in between;
    # taking the write lock at the start makes it wait instead.
    cursor.execute("BEGIN IMMEDIATE")
