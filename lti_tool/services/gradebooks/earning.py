"""What people earned so far with the graded quizzes of a module or of one unit."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from content.module import Module, Unit
from content.progress import NoScore, Score, graded_quizzes, score
from content.state import State
from lti_tool.storage.models import Enrolment, Progress, QuizAttempt


@dataclass(frozen=True)
class Earned:
    """A score, when the first activity that belongs to it was opened, and the last quiz handed in."""

    score: Score
    started_at: datetime
    submitted_at: datetime


@dataclass(frozen=True)
class _Trace:
    """What an enrolment left in one activity."""

    started_at: datetime
    submitted_at: datetime | None
    state: State


Traces = Mapping[str, _Trace]


def traces_of(db: Session, whose: ColumnElement[bool]) -> Mapping[int, Traces]:
    """Return what each of these enrolments left, by enrolment and activity, in one query."""
    rows = db.execute(
        select(Progress, func.count(QuizAttempt.id), func.max(QuizAttempt.submitted_at))
        .join(Enrolment, Enrolment.id == Progress.enrolment_id)
        .outerjoin(
            QuizAttempt,
            and_(
                QuizAttempt.enrolment_id == Progress.enrolment_id,
                QuizAttempt.activity_id == Progress.activity_id,
            ),
        )
        .where(whose)
        .group_by(Progress.enrolment_id, Progress.activity_id)
        .order_by(Progress.enrolment_id, Progress.activity_id),
        execution_options={"populate_existing": True},
    )
    traces: dict[int, dict[str, _Trace]] = defaultdict(dict)
    for row, attempts, submitted_at in rows:
        state = State(attempts=attempts, best=row.best_share or 0.0)
        traces[row.enrolment_id][row.activity_id] = _Trace(row.started_at, submitted_at, state)
    return traces


def earned(part: Unit | Module, traces: Traces) -> Earned | NoScore:
    """Return what somebody earned in a unit or module."""
    reached = score(part, {activity: trace.state for activity, trace in traces.items()})
    if isinstance(reached, NoScore):
        return reached
    opened = [traces[activity.id] for activity in part.activities if activity.id in traces]
    handed_in = [traces[quiz.id].submitted_at for quiz in graded_quizzes(part) if quiz.id in traces]
    return Earned(
        score=reached,
        started_at=min(trace.started_at for trace in opened),
        submitted_at=max(moment for moment in handed_in if moment is not None),
    )


def part_of(module: Module, unit_id: str) -> Unit | Module:
    """Return the unit of this id, which must be there; the module itself where the id is empty."""
    return next(unit for unit in module.units if unit.id == unit_id) if unit_id else module
