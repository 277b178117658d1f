"""Small steps that many queries share."""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.storage.models import Base

Row = TypeVar("Row", bound=Base)


def find_or_add(db: Session, model: type[Row], *, keys: dict[str, Any], **first_values: Any) -> Row:
    """Return the row with these unique keys, added with `first_values` if it is not there yet.

    Safe where two transactions add the same row at once: one of them adds, both find.
    """
    query = select(model).filter_by(**keys)
    row = db.execute(query).scalar_one_or_none()
    if row is None:
        db.execute(_insert_if_absent(db, model, keys | first_values))
        row = db.execute(query).scalar_one()
    return row


def add_if_absent(db: Session, model: type[Base], values: dict[str, Any]) -> bool:
    """Add a row unless its keys are taken; return whether it was added."""
    table = model.__table__
    added: CursorResult[Any] = db.connection().execute(_INSERTS[db.get_bind().dialect.name](table), values)
    return added.rowcount == 1


def change(row: Base, **values: Any) -> None:
    """Set only what differs, so that an unchanged row costs no statement."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _insert_if_absent(db: Session, model: type[Base], values: dict[str, Any]) -> Insert:
    return _INSERTS[db.get_bind().dialect.name](model).values(**values)


@cache
def _sqlite_insert(table: Any) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


@cache
def _postgresql_insert(table: Any) -> Insert:
    # The driver knows how many rows it added, and is asked for it only so.
    inserted = postgresql.insert(table).on_conflict_do_nothing()
    return inserted.execution_options(preserve_rowcount=True)


_INSERTS = {"sqlite": _sqlite_insert, "postgresql": _postgresql_insert}
