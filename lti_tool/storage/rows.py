"""Small steps that many queries share."""

from typing import Any, TypeVar

from sqlalchemy import Insert, select
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


def change(row: Base, **values: Any) -> None:
    """Set only what differs, so that an unchanged row costs no statement."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _insert_if_absent(db: Session, model: type[Base], values: dict[str, Any]) -> Insert:
    if db.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model).values(**values).on_conflict_do_nothing()
    return postgresql.insert(model).values(**values).on_conflict_do_nothing()
