import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lti_tool.storage.database import Database
from lti_tool.storage.models import Institution
from tests.conftest import ON_POSTGRESQL

NORMAL, FULL = 1, 2  # https://www.sqlite.org/pragma.html#pragma_synchronous


def _add(db: Session, slug: str) -> None:
    db.add(Institution(slug=slug, name=slug, locale="nl"))


def _add_and_fail(database: Database, slug: str, *, commit_despite: type[Exception] | tuple[()]) -> None:
    with database.begin(commit_despite=commit_despite) as db:
        _add(db, slug)
        raise KeyError(slug)


def _slugs(database: Database) -> list[str]:
    with database.read() as db:
        return list(db.scalars(select(Institution.slug).order_by(Institution.slug)))


@pytest.mark.parametrize(
    ("commit_despite", "left"), [((), []), (ValueError, []), (KeyError, ["a"]), (LookupError, ["a"])]
)
def test_an_exception_takes_everything_back_unless_it_is_named(
    database: Database, commit_despite: type[Exception] | tuple[()], left: list[str]
) -> None:
    with pytest.raises(KeyError):
        _add_and_fail(database, "a", commit_despite=commit_despite)
    assert _slugs(database) == left


def test_a_transaction_locks_nothing_before_its_first_statement(database: Database) -> None:
    with database.begin() as outer:
        with database.begin() as inner:
            _add(inner, "inner")
        _add(outer, "outer")
    assert _slugs(database) == ["inner", "outer"]


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL waits for its disk each time")
def test_only_what_may_be_lost_does_not_wait_for_the_disk(database: Database) -> None:
    waits = []
    for durable in (True, False, True):
        with database.begin(durable=durable) as db:
            waits.append(db.execute(text("PRAGMA synchronous")).scalar_one())
    assert waits == [FULL, NORMAL, FULL]
