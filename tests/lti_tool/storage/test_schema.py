"""Upgrading makes the tables that the models describe, and keeps what they hold."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from lti_tool.storage.database import Database
from lti_tool.storage.models import Base
from lti_tool.storage.schema import upgrade


def test_from_empty_the_tables_are_those_of_the_models(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    upgrade(database.engine)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    database.close()


def test_upgrading_twice_changes_nothing(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    upgrade(database.engine)
    upgrade(database.engine)
    database.close()


def test_upgrading_from_before_columns_and_teams_keeps_what_people_did(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    upgrade(database.engine, "0002")
    with database.begin() as db:
        for statement in BEFORE:
            db.execute(text(statement))
    upgrade(database.engine)
    with database.read() as db:
        found = {name: [tuple(row) for row in db.execute(text(query))] for name, query in AFTER.items()}
    database.close()
    assert found == {
        "enrolment": [(1, 1, 7, "teacher", True), (2, 1, 7, "learner", False), (3, 2, 8, "learner", False)],
        "deployment": [("1", True), ("1", True)],
        "line_item": [(7, 1, "https://a.example/items/7")],
        # The third learner's link has no column, so there is nowhere to send a mark to.
        "score": [(2, 0.75, "https://a.example/items/7")],
        "progress": [(2, "quiz-1")],
        "tool_key": [(True,)],
    }


BEFORE = (
    "INSERT INTO institution (id, slug, name, locale)"
    " VALUES (1, 'ucll', 'UCLL', 'nl'), (2, 'luca', 'LUCA', 'nl')",
    "INSERT INTO registration (id, institution_id, issuer, client_id, auth_login_url, token_url, jwks_url)"
    " VALUES (1, 1, 'https://a.example', 'k', '', '', ''), (2, 2, 'https://b.example', 'k', '', '', '')",
    "INSERT INTO deployment (id, registration_id, deployment_id, institution_id)"
    " VALUES (1, 1, '1', 1), (2, 2, '1', 2)",
    "INSERT INTO tool_key (kid, private_key, created_at) VALUES ('a', 'x', '2026-10-01 09:00')",
    "INSERT INTO programme (id, document) VALUES ('him', '{}')",
    "INSERT INTO module_version (id, programme_id, module_id, version, document, media, digest, published_at)"
    " VALUES (1, 'him', 'care', '1', '{}', '{}', '', '2026-10-01 09:00')",
    "INSERT INTO cohort (id, slug, name, module_version_id, starts_on) VALUES (1, 'c', 'C', 1, '2026-09-21')",
    "INSERT INTO context (id, deployment_id, context_id, title) VALUES (7, 1, '2', 'A'), (8, 2, '2', 'B')",
    "INSERT INTO resource_link (id, context_id, link_id, cohort_id, line_item_url)"
    " VALUES (1, 7, '1', 1, 'https://a.example/items/7'), (2, 7, '2', 1, NULL), (3, 8, '1', 1, NULL)",
    "INSERT INTO person (id, registration_id, subject) VALUES (1, 1, 't'), (2, 1, 'l'), (3, 2, 'l')",
    "INSERT INTO enrolment (id, cohort_id, person_id, role, line_item_url) VALUES (1, 1, 1, 'teacher', NULL),"
    " (2, 1, 2, 'learner', 'https://a.example/items/7'), (3, 1, 3, 'learner', NULL)",
    "INSERT INTO progress (enrolment_id, activity_id, started_at, updated_at, position, watched)"
    " VALUES (2, 'quiz-1', '2026-10-01 09:00', '2026-10-01 09:00', 0, '[]')",
    "INSERT INTO score (id, enrolment_id, share, complete, changed_at, attempts)"
    " VALUES (1, 2, 0.75, true, '2026-10-01 09:00', 0), (2, 3, 0.5, false, '2026-10-01 09:00', 0)",
)
AFTER = {
    "enrolment": "SELECT id, institution_id, context_id, role,"
    " team_since IS NOT NULL AND launched_at IS NOT NULL FROM enrolment ORDER BY id",
    "deployment": "SELECT deployment_id, approved_at IS NOT NULL FROM deployment ORDER BY id",
    "line_item": "SELECT context_id, cohort_id, url FROM line_item",
    "score": "SELECT enrolment_id, share, url FROM score JOIN line_item ON line_item.id = line_item_id",
    "progress": "SELECT enrolment_id, activity_id FROM progress",
    "tool_key": "SELECT signs_from = created_at FROM tool_key",
}
