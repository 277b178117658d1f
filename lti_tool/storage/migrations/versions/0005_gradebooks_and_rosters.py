"""Columns of gradebooks, marks for each of them, rosters and notices."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_columns_of_gradebooks()
    _send_scores_to_columns()
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("groups_url", sa.String(), nullable=True),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("differences_url", sa.String(), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        *_work(),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_roster_cohort_id")),
        sa.ForeignKeyConstraint(["context_id"], ["context.id"], name=op.f("fk_roster_context_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("context_id", "cohort_id", name=op.f("uq_roster_context_id_cohort_id")),
    )
    op.create_index(op.f("ix_roster_due_at"), "roster", ["due_at"])
    op.create_table(
        "notice_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("notice_types", sa.JSON(), nullable=False),
        sa.Column("subscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        *_work(),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_notice_subscription_deployment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_subscription")),
        sa.UniqueConstraint("deployment_id", name=op.f("uq_notice_subscription_deployment_id")),
    )
    op.create_index(op.f("ix_notice_subscription_due_at"), "notice_subscription", ["due_at"])


def _add_columns_of_gradebooks() -> None:
    op.create_table(
        "line_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("is_unwanted", sa.Boolean(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        *_work(),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_line_item_cohort_id")),
        sa.ForeignKeyConstraint(["context_id"], ["context.id"], name=op.f("fk_line_item_context_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_item")),
        sa.UniqueConstraint("context_id", "url", name=op.f("uq_line_item_context_id_url")),
    )
    op.create_index(op.f("ix_line_item_due_at"), "line_item", ["due_at"])
    op.create_index(
        op.f("ix_line_item_context_id_cohort_id_unit_id"), "line_item", ["context_id", "cohort_id", "unit_id"]
    )
    op.execute(
        "INSERT INTO line_item (context_id, cohort_id, unit_id, url, is_ours, is_unwanted, attempts)"
        " SELECT context_id, MAX(cohort_id), '', line_item_url, false, false, 0 FROM resource_link"
        " WHERE cohort_id IS NOT NULL AND line_item_url IS NOT NULL GROUP BY context_id, line_item_url"
    )


def _send_scores_to_columns() -> None:
    with op.batch_alter_table("score") as table:
        table.add_column(sa.Column("line_item_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("result", sa.Float(), nullable=True))
        table.add_column(sa.Column("result_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_constraint(op.f("uq_score_enrolment_id"), type_="unique")
    op.execute(
        "UPDATE score SET line_item_id = (SELECT line_item.id FROM line_item"
        " JOIN enrolment ON enrolment.context_id = line_item.context_id"
        " WHERE enrolment.id = score.enrolment_id AND enrolment.line_item_url = line_item.url)"
    )
    # A mark without a column is worked out again from what was learned, once there is one.
    op.execute("DELETE FROM score WHERE line_item_id IS NULL")
    with op.batch_alter_table("score") as table:
        table.alter_column("line_item_id", existing_type=sa.Integer(), nullable=False)
        table.create_index(op.f("ix_score_line_item_id"), ["line_item_id"])
        table.create_unique_constraint(
            op.f("uq_score_enrolment_id_line_item_id"), ["enrolment_id", "line_item_id"]
        )
        table.create_foreign_key(op.f("fk_score_line_item_id"), "line_item", ["line_item_id"], ["id"])
    with op.batch_alter_table("enrolment") as table:
        table.drop_column("line_item_url")


def _work() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
    )
