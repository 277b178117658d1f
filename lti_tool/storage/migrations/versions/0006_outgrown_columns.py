"""Columns of gradebooks that are about to count out of another maximum."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("line_item") as table:
        table.add_column(sa.Column("is_outgrown", sa.Boolean(), nullable=False, server_default=sa.false()))
