"""What the link of a launch opens: a cohort, a programme's overview, or nothing (any more)."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.lti.claims import ContextClaim, Launch
from lti_tool.services.launches import enrolling, targets
from lti_tool.services.launches.targets import NowhereError, Target
from lti_tool.storage.known import Known, find_open_cohort
from lti_tool.storage.models import Opens, Programme

OUTSIDE_COURSES = ContextClaim(id="", label="", title="")


@dataclass(frozen=True)
class Opened:
    """What a visit is about; all but `opens` is empty where its link leads nowhere (any more)."""

    opens: Opens = Opens.MODULE
    cohort_id: int | None = None
    programme_id: str | None = None
    unit_id: str = ""

    @property
    def is_nowhere(self) -> bool:
        return self.cohort_id is None and self.programme_id is None


def open_link(db: Session, launch: Launch, known: Known, institution_id: int) -> Opened:
    """Return what the link opens: what a teacher chose here, else what its custom parameters name."""
    if known.link_is_repointed:
        return _still_open(db, known, institution_id)
    try:
        target = targets.read_target(launch.custom)
    except NowhereError:
        return Opened()
    if target.cohort and _is_copied(launch, known):
        return Opened()
    if target.cohort:
        return _opened_cohort(db, target, known, institution_id)
    is_there = db.get(Programme, target.programme) is not None
    return Opened(target.opens, programme_id=target.programme) if is_there else Opened()


def named_by(launch: Launch) -> dict[str, Any]:
    """Return what the custom parameters name, for who points the link at something else."""
    try:
        return asdict(targets.read_target(launch.custom))
    except NowhereError:
        return {}


def course_of(launch: Launch) -> ContextClaim:
    """Return the course of a launch; links outside all courses share one without an id."""
    return launch.context or OUTSIDE_COURSES


def _still_open(db: Session, known: Known, institution_id: int) -> Opened:
    """Return what a teacher pointed the link at, unless that is closed or no longer shared."""
    opened = Opened(
        known.link_opens or Opens.MODULE,
        known.link_cohort_id,
        known.link_programme_id,
        known.link_unit_id or "",
    )
    if opened.cohort_id is None or enrolling.is_open(db, opened.cohort_id, institution_id):
        return opened
    return Opened()


def _opened_cohort(db: Session, target: Target, known: Known, institution_id: int) -> Opened:
    cohort_id = known.open_cohort_id
    if institution_id != known.institution_id:
        cohort_id = find_open_cohort(db, target.cohort, institution_id)
    return Opened() if cohort_id is None else Opened(target.opens, cohort_id, unit_id=target.unit)


def _is_copied(launch: Launch, known: Known) -> bool:
    """Return whether the link came along with a copy of a course, and nobody has looked at it since."""
    if "placed_in" not in launch.custom:
        return known.context_copied_from_id is not None
    here = targets.place(launch.registration_id, launch.deployment_id, course_of(launch).id)
    return targets.is_copied(launch.custom, here)
