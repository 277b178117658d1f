"""Deployments to approve, institutions that share an LMS, invitations, operators, refusals, key rotation."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_what_is_there()
    op.create_table(
        "discriminator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("custom", "email", "course", name="discriminatorkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_discriminator_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_discriminator_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discriminator")),
        sa.UniqueConstraint(
            "registration_id",
            "kind",
            "name",
            "value",
            name=op.f("uq_discriminator_registration_id_kind_name_value"),
        ),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_invitation_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_invitation_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_refusal_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
    )
    op.create_index(op.f("ix_refusal_refused_at"), "refusal", ["refused_at"])
    op.create_table(
        "operator",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_operator_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_operator")),
    )
    # A login travels in its own state now.
    op.drop_table("login")


def _widen_what_is_there() -> None:
    """Add columns, empty at first; then fill and close them: what launched before goes on launching."""
    with op.batch_alter_table("registration") as table:
        table.add_column(sa.Column("family", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("scopes", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("deployment") as table:
        table.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("tool_key") as table:
        table.add_column(sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("published_until", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE registration SET registered_at = CURRENT_TIMESTAMP")
    op.execute("UPDATE deployment SET seen_at = CURRENT_TIMESTAMP, approved_at = CURRENT_TIMESTAMP")
    op.execute("UPDATE tool_key SET signs_from = created_at")
    filled = (("registration", "registered_at"), ("deployment", "seen_at"), ("tool_key", "signs_from"))
    for name, column in filled:
        with op.batch_alter_table(name) as table:
            table.alter_column(column, existing_type=sa.DateTime(timezone=True), nullable=False)
