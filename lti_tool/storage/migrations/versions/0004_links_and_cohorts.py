"""What a link opens, a cohort's settings, and through which course and institution someone takes part."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_contexts_and_links()
    _widen_cohorts()
    _widen_enrolments()
    _widen_visits()


def _widen_contexts_and_links() -> None:
    with op.batch_alter_table("context") as table:
        table.add_column(sa.Column("label", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("line_items_url", sa.String(), nullable=True))
        table.add_column(sa.Column("copied_from_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_context_copied_from_id"), "context", ["copied_from_id"], ["id"])
    opens = sa.Enum("module", "unit", "live", "programme", name="opens", native_enum=False, length=32)
    with op.batch_alter_table("resource_link") as table:
        table.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("opens", opens, nullable=False, server_default="module"))
        table.add_column(sa.Column("programme_id", sa.String(), nullable=True))
        table.add_column(sa.Column("unit_id", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("is_repointed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("named", sa.JSON(), nullable=False, server_default="{}"))
        table.create_foreign_key(op.f("fk_resource_link_programme_id"), "programme", ["programme_id"], ["id"])


def _widen_cohorts() -> None:
    grading = sa.Enum("module", "units", "nothing", name="grading", native_enum=False, length=32)
    with op.batch_alter_table("cohort") as table:
        table.add_column(sa.Column("weeks", sa.Integer(), nullable=True))
        table.add_column(sa.Column("unlocks_weekly", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("has_due_dates", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("dates", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("pass_share", sa.Float(), nullable=True))
        table.add_column(sa.Column("grading", grading, nullable=False, server_default="module"))
        table.add_column(sa.Column("maximum", sa.Float(), nullable=False, server_default="100"))
        table.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def _widen_enrolments() -> None:
    """Everyone so far launched, through a course of her LMS's own institution; every teacher led."""
    with op.batch_alter_table("enrolment") as table:
        table.add_column(sa.Column("institution_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("context_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("groups", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("team_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE enrolment SET launched_at = COALESCE("
        " (SELECT MIN(started_at) FROM progress WHERE enrolment_id = enrolment.id), CURRENT_TIMESTAMP),"
        " institution_id = (SELECT registration.institution_id FROM registration"
        "  JOIN person ON person.registration_id = registration.id WHERE person.id = enrolment.person_id),"
        " context_id = (SELECT MIN(context.id) FROM context"
        "  JOIN resource_link ON resource_link.context_id = context.id"
        "  JOIN deployment ON deployment.id = context.deployment_id"
        "  JOIN person ON person.registration_id = deployment.registration_id"
        "  WHERE person.id = enrolment.person_id AND resource_link.cohort_id = enrolment.cohort_id"
        "  AND (enrolment.line_item_url IS NULL OR resource_link.line_item_url = enrolment.line_item_url))"
    )
    op.execute("UPDATE enrolment SET team_since = launched_at WHERE role = 'teacher'")
    with op.batch_alter_table("enrolment") as table:
        table.alter_column("institution_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(
            op.f("fk_enrolment_institution_id"), "institution", ["institution_id"], ["id"]
        )
        table.create_foreign_key(op.f("fk_enrolment_context_id"), "context", ["context_id"], ["id"])
        table.create_index(op.f("ix_enrolment_context_id"), ["context_id"])


def _widen_visits() -> None:
    # A visit lasts half a day and is opened anew by a click in the LMS; old ones do not tell their course.
    op.execute("DELETE FROM visit")
    with op.batch_alter_table("visit") as table:
        table.add_column(sa.Column("has_cookie", sa.Boolean(), nullable=False))
        table.add_column(sa.Column("context_id", sa.Integer(), nullable=False))
        table.add_column(sa.Column("link_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("programme_id", sa.String(), nullable=True))
        table.add_column(sa.Column("deep_linking", sa.JSON(), nullable=True))
        table.create_foreign_key(op.f("fk_visit_context_id"), "context", ["context_id"], ["id"])
        table.create_foreign_key(op.f("fk_visit_link_id"), "resource_link", ["link_id"], ["id"])
        table.create_foreign_key(op.f("fk_visit_programme_id"), "programme", ["programme_id"], ["id"])
