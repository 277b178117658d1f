"""Who is in which course, and what changed in that since a tool last asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.sqlite import insert

from lti_tool.demo.tables import changes, new_number


class Status(Enum):
    """Whether someone takes part in a course (NRPS 2.0, section 2.3)."""

    ACTIVE = "Active"
    DELETED = "Deleted"


@dataclass(frozen=True)
class Change:
    """What a teacher decided on someone last; a later change has a higher number."""

    status: Status
    number: int


class Rolls:
    """The changes of membership in the campus's file. Every method is one transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def change(self, lms: str, course_id: str, sub: str, status: Status) -> None:
        """Put someone in a course or take her out of it."""
        with self._engine.begin() as db:
            row = insert(changes).values(
                lms=lms, course=course_id, sub=sub, status=status.value, number=new_number(db)
            )
            latest = {name: row.excluded[name] for name in ("status", "number")}
            db.execute(row.on_conflict_do_update(index_elements=["lms", "course", "sub"], set_=latest))

    def changes(self, lms: str, course_id: str, *, since: int = 0) -> Mapping[str, Change]:
        """Return the last change of everyone who was changed after the one of number `since`, by `sub`."""
        query = select(changes).filter_by(lms=lms, course=course_id).where(changes.c.number > since)
        with self._engine.begin() as db:
            return {row.sub: Change(Status(row.status), row.number) for row in db.execute(query)}

    def last_number(self, lms: str, course_id: str) -> int:
        """Return the number of a course's last change, 0 where there is none."""
        query = select(func.max(changes.c.number)).filter_by(lms=lms, course=course_id)
        with self._engine.begin() as db:
            return db.scalar(query) or 0
