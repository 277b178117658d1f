"""Small steps that many queries share."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Dialect, Executable, select
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
        add_if_absent(db, model, keys | first_values)
        row = db.execute(query).scalar_one()
    return row


def add_if_absent(db: Session, model: type[Base], values: dict[str, Any]) -> bool:
    """Add a row unless its keys are taken; return whether it was added."""
    adding = _adding(model, db.get_bind().dialect, tuple(values))
    added: CursorResult[Any] = db.connection().execute(adding, values)
    return added.rowcount == 1


def add_all_if_absent(db: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows whose keys are not taken, in one go; all of them name the same columns."""
    if rows:
        db.connection().execute(_adding(model, db.get_bind().dialect, tuple(rows[0])), rows)


def change(row: Base, **values: Any) -> None:
    """Set only what differs, so that an unchanged row costs no statement."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


@lru_cache(maxsize=128)
def _adding(model: type[Base], dialect: Dialect, columns: tuple[str, ...]) -> Executable:
    """Return the compiled statement: SQLAlchemy keeps none with ON CONFLICT, and would compile each time."""
    table: Any = model.__table__
    insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    # PostgreSQL's driver knows how many rows it added, and is asked for it only so; it must not be asked for
    # their ids, of which it gives none for many rows.
    adding = insert(table).on_conflict_do_nothing().inline().execution_options(preserve_rowcount=True)
    return cast(Executable, adding.compile(dialect=dialect, column_keys=list(columns)))
