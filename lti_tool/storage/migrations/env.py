"""Runs the revisions on the connection that `lti_tool.storage.schema` passes in."""

from alembic import context

from lti_tool.storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    context.run_migrations()
