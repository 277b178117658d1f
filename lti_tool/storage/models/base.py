"""What all tables share."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lti_tool.storage.columns import UtcDateTime

Document = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, Document: JSON, list[Any]: JSON, str: String}  # noqa: RUF012


def words_of(kind: type[StrEnum]) -> Enum:
    # Stored as its value in plain text, so that a new word needs no change of type.
    return Enum(
        kind, native_enum=False, length=32, values_callable=lambda words: [word.value for word in words]
    )


class Work:
    """Columns of rows that a worker claims: due at a time, leased while in hand, counted."""

    due_at: Mapped[datetime | None] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
