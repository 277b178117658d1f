"""How often the platforms are asked for news of a cohort: for as long as it runs, and some weeks more."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lti_tool.services.study.publishing import find_published
from lti_tool.storage.models import Cohort
from lti_tool.zone import ZONE

# Marks are still put right, and people still enrol late, after the last week.
AFTERMATH = timedelta(weeks=4)


def next_look(db: Session, cohort_id: int, now: datetime, *, every: timedelta) -> datetime | None:
    """Return when to ask again; None once the cohort is closed or long over."""
    cohort = db.get_one(Cohort, cohort_id)
    weeks = cohort.weeks or find_published(db, cohort.module_version_id).module.weeks
    is_over = now.astimezone(ZONE).date() >= cohort.starts_on + timedelta(weeks=weeks) + AFTERMATH
    return None if is_over or cohort.closed_at is not None else now + every
