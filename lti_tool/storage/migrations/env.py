"""Runs the revisions on the connection that `lti_tool.storage.schema` passes in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from lti_tool.storage.columns import UtcDateTime
from lti_tool.storage.models import Base


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    # A revision must mean the same in ten years, so it names no type of ours.
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
