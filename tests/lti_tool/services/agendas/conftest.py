import pytest

from lti_tool.storage.database import Database
from tests.lti_tool.services.cohort import add_cohort


@pytest.fixture
def cohort(database: Database) -> Database:
    """A cohort of a teacher and two learners."""
    with database.begin() as db:
        add_cohort(db, learners=2)
    return database
