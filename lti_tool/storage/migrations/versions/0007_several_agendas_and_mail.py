"""Several agendas of a person, her preferences, calendar servers at rest, and mail."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agenda") as table:
        table.drop_constraint("uq_agenda_person_id", type_="unique")
        table.create_index(op.f("ix_agenda_person_id"), ["person_id"])
        table.add_column(sa.Column("label", sa.String(), nullable=False, server_default=""))
        for name in ("treat_all_as_busy", "ignore_all_day"):
            table.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in ("host", "digest"):
            table.add_column(sa.Column(name, sa.String(), nullable=True))
        table.add_column(sa.Column("painted", sa.JSON(), nullable=True))
        for name in ("failing_since", "warned_at"):
            table.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # How long a failure has lasted was not noted so far.
    op.execute("UPDATE agenda SET failing_since = coalesce(read_at, connected_at) WHERE failure IS NOT NULL")
    op.create_table(
        "agenda_preferences",
        sa.Column("person_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("hours_from", "hours_until")),
        sa.Column("days_never", sa.JSON(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("notice", "travel_before", "travel_after", "rest")
        ),
        sa.Column("mail_address", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agenda_preferences_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_agenda_preferences")),
    )
    op.create_table(
        "calendar_host",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar_host")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("agenda_failing", name="mailkind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    for name in ("due_at", "person_id"):
        op.create_index(op.f(f"ix_mail_{name}"), "mail", [name])
