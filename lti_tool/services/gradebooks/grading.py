"""Marks on their way to the LMS's gradebooks: an outbox of one row per enrolment and column.

`services.sending` empties it. Locks are taken in the order of rosters, people, cohorts, columns, enrolments
and scores, each kind by id, so that no two transactions wait for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from content.module import Module, Unit
from content.progress import NoScore
from lti_tool.lti.roles import Role
from lti_tool.services.gradebooks.earning import Earned, earned, part_of, traces_of
from lti_tool.services.study.publishing import find_published
from lti_tool.storage import work
from lti_tool.storage.models import Cohort, Enrolment, Grading, LineItem, Score

# Platforms compare timestamps by the second and refuse one that does not rise.
TIMESTAMP_STEP = timedelta(seconds=1)
# Gradebooks round marks in their own ways: half a point out of 100 is no difference.
TOLERANCE = 0.005


class Delivery(StrEnum):
    """Where a mark is on its way to the gradebook."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    DIFFERING = "differing"  # the gradebook holds another mark than was sent
    NO_COLUMN = "no_column"  # the course has no column, so there is nowhere to send it
    KEPT = "kept"  # it is not meant for a gradebook


# Of a mark that goes to several columns the worst is told.
WORST_FIRST = (Delivery.REFUSED, Delivery.WAITING, Delivery.DIFFERING, Delivery.SENT)


@dataclass(frozen=True)
class Mark:
    """What was earned so far of the whole module, and whether the gradebook has it."""

    share: float
    delivery: Delivery
    sent_at: datetime | None


def queue_scores(db: Session, enrolment_id: int, now: datetime) -> None:
    """Put what was earned in the outbox, for each column of its course, unless it is there already.

    Call it in the transaction that earned it, or that brought the enrolment to another course.
    """
    columns = db.scalars(
        select(LineItem)
        .join(
            Enrolment,
            and_(Enrolment.context_id == LineItem.context_id, Enrolment.cohort_id == LineItem.cohort_id),
        )
        .where(Enrolment.id == enrolment_id, LineItem.is_unwanted.is_(False))
        .order_by(LineItem.id)
    ).all()
    if columns:
        _queue(db, columns, Enrolment.id == enrolment_id, now)


def queue_all_of(db: Session, line_item: LineItem, now: datetime) -> None:
    """Put in the outbox what everyone in the column's course earned for it, unless it is there already."""
    _queue(db, [line_item], and_(_everyone_of(line_item), Enrolment.left_at.is_(None)), now)


def resend_all_of(db: Session, line_item: LineItem, now: datetime) -> None:
    """Send every mark of a column (again): it is new there, or counts out of another maximum."""
    queue_all_of(db, line_item, now)
    for row in db.scalars(select(Score).where(Score.line_item_id == line_item.id).order_by(Score.id)):
        # A row that waits in nobody's hands goes out as it must.
        if delivery_of(row) is not Delivery.WAITING or row.leased_until is not None:
            make_due(row, line_item, now)


def hold_all_of(db: Session, line_item: LineItem) -> None:
    """Let nobody in the column's course earn anything until this transaction ends.

    Call it before the column's address changes, or the column goes: from then on PostgreSQL lets nobody add
    a mark to it, also not those whose enrolments are in their own hands and waited for here.
    """
    _hold(db, _everyone_of(line_item))


def forget_all_of(db: Session, line_item: LineItem) -> None:
    """Forget what was sent to a column that is gone, or that holds the marks of something else now."""
    db.execute(delete(Score).where(Score.line_item_id == line_item.id))


def make_due(row: Score, line_item: LineItem, now: datetime) -> None:
    """Let a mark be sent (again), once there is a column, at a moment that is later than the one before."""
    row.changed_at = max(now, row.changed_at + TIMESTAMP_STEP)
    row.sent_at = row.refusal = row.result = row.result_at = None
    work.finish(row, due_at=row.changed_at if line_item.url else None)


def mark_of(db: Session, enrolment_id: int) -> Mark | None:
    """Return the mark for the whole module, on its way or arrived; None before there is one."""
    enrolment = db.get_one(Enrolment, enrolment_id)
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    module = find_published(db, cohort.module_version_id).module
    reached = earned(module, traces_of(db, Enrolment.id == enrolment_id).get(enrolment_id, {}))
    if isinstance(reached, NoScore):
        return None
    rows = db.scalars(select(Score).where(Score.enrolment_id == enrolment_id)).all()
    if cohort.grading is Grading.NOTHING or enrolment.role != Role.LEARNER.value:
        delivery = Delivery.KEPT
    else:
        found = {delivery_of(row) for row in rows}
        delivery = next((kind for kind in WORST_FIRST if kind in found), Delivery.NO_COLUMN)
    sent = [row.sent_at for row in rows if row.sent_at is not None]
    return Mark(reached.score.share, delivery, max(sent, default=None))


def delivery_of(row: Score) -> Delivery:
    """Return how far the sending of one mark is."""
    if row.refusal is not None:
        return Delivery.REFUSED
    if row.sent_at is None:
        return Delivery.KEPT if row.due_at is None else Delivery.WAITING
    return Delivery.DIFFERING if _differs(row) else Delivery.SENT


def _differs(row: Score) -> bool:
    return row.result_at is not None and (row.result is None or abs(row.result - row.share) > TOLERANCE)


def _queue(db: Session, columns: Iterable[LineItem], whose: ColumnElement[bool], now: datetime) -> None:
    _hold(db, whose)
    rows = {(row.enrolment_id, row.line_item_id): row for row in _rows(db, columns, whose)}
    traces = traces_of(db, and_(whose, Enrolment.role == Role.LEARNER.value))
    for column in columns:
        part = _part(db, column)
        for enrolment_id, left in traces.items():
            reached = earned(part, left)
            if isinstance(reached, Earned):
                _put(db, rows.get((enrolment_id, column.id)), enrolment_id, column, reached, now)
    db.flush()


def _everyone_of(line_item: LineItem) -> ColumnElement[bool]:
    return and_(Enrolment.context_id == line_item.context_id, Enrolment.cohort_id == line_item.cohort_id)


def _hold(db: Session, whose: ColumnElement[bool]) -> None:
    """Let one transaction at a time change what these earned: a mark is worked out of all of it."""
    held = select(Enrolment.id).where(whose).order_by(Enrolment.id)
    db.execute(held.with_for_update(key_share=True))


def _rows(db: Session, columns: Iterable[LineItem], whose: ColumnElement[bool]) -> Iterable[Score]:
    """Return the rows that are there; what the worker is writing about one of them is waited for."""
    query = (
        select(Score)
        .join(Enrolment, Enrolment.id == Score.enrolment_id)
        .where(whose, Score.line_item_id.in_([column.id for column in columns]))
        .order_by(Score.id)
        .with_for_update(of=Score)
    )
    return db.scalars(query, execution_options={"populate_existing": True})


def _part(db: Session, column: LineItem) -> Unit | Module:
    version_id = db.get_one(Cohort, column.cohort_id).module_version_id
    return part_of(find_published(db, version_id).module, column.unit_id)


def _put(
    db: Session, row: Score | None, enrolment_id: int, column: LineItem, reached: Earned, now: datetime
) -> None:
    values = {
        "share": reached.score.share,
        "complete": reached.score.is_complete,
        "started_at": reached.started_at,
        "submitted_at": reached.submitted_at,
    }
    if row is None:
        due_at = now if column.url else None
        keys = {"enrolment_id": enrolment_id, "line_item_id": column.id}
        db.add(Score(**keys, **values, changed_at=now, due_at=due_at, attempts=0))
        return
    is_news = (row.share, row.complete) != (values["share"], values["complete"])
    if is_news or delivery_of(row) is Delivery.KEPT:
        for name, value in values.items():
            setattr(row, name, value)
        make_due(row, column, now)
