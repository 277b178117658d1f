import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.logs import trail
from lti_tool.storage.database import Database
from lti_tool.storage.models import Institution
from tests.conftest import ON_POSTGRESQL

NORMAL, FULL = 1, 2  # https://www.sqlite.org/pragma.html#pragma_synchronous


def _add(db: Session, slug: str) -> None:
    db.add(Institution(slug=slug, name=slug, locale="nl"))


def _slugs(database: Database) -> list[str]:
    with database.read() as db:
        return list(db.scalars(select(Institution.slug).order_by(Institution.slug)))


def _add_and_fail(database: Database, slug: str) -> None:
    with database.begin() as db:
        _add(db, slug)
        db.flush()
        raise KeyError(slug)


def test_an_exception_takes_everything_back(database: Database) -> None:
    with pytest.raises(KeyError):
        _add_and_fail(database, "a")
    assert _slugs(database) == []


def test_an_error_tells_nothing_of_what_a_statement_was_given(database: Database) -> None:
    with pytest.raises(IntegrityError) as failed, database.begin() as db:
        db.execute(text("INSERT INTO institution (slug, name) VALUES ('x', :name)"), {"name": "An Peeters"})
    # PostgreSQL quotes the row behind "DETAIL", so nothing of an error's words is logged.
    assert "An Peeters" not in str(failed.value).split("DETAIL")[0]
    assert "An Peeters" not in trail(failed.value)


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
