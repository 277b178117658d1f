"""The outbox of marks as teachers see it: what waits, what was refused, what the gradebook says otherwise.

Whoever looks sees a whole cohort, or one course of it where `context_id` names one.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from lti_tool.services.gradebooks import grading
from lti_tool.services.gradebooks.grading import Delivery, delivery_of
from lti_tool.storage import work
from lti_tool.storage.models import (
    Cohort,
    Context,
    Deployment,
    Enrolment,
    Grading,
    Institution,
    LineItem,
    Person,
    Score,
)

# A mark that is due sooner is as good as on its way.
SOON = timedelta(seconds=10)
GONE = ("404", "410")
TO_SEND_AGAIN = (Delivery.REFUSED, Delivery.DIFFERING, Delivery.WAITING)


class NoMarkError(Exception):
    """There is no such mark, or not for whoever asks."""


class ColumnState(StrEnum):
    """How far a column of the gradebook is."""

    THERE = "there"
    MAKING = "making"
    REFUSED = "refused"
    LEAVING = "leaving"


@dataclass(frozen=True)
class OutboxMark:
    """One learner's mark for one column, in points; `result` is what the gradebook says, None for nothing.

    `is_stuck` is set where nothing will happen soon unless someone sends it again.
    """

    id: int
    learner: str | None
    given: float
    delivery: Delivery
    earned_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    refusal: str | None
    result: float | None
    is_stuck: bool


@dataclass(frozen=True)
class OutboxColumn:
    """A column with its marks, those that need someone first. `unit_id` is empty for the module's."""

    id: int
    course: str
    institution: str
    unit_id: str
    is_ours: bool
    state: ColumnState
    refusal: str | None
    maximum: float
    marks: tuple[OutboxMark, ...]


@dataclass(frozen=True)
class Summary:
    """How many marks are where; `refused_columns` could not be made. Nothing is sent where `is_off`."""

    waiting: int
    sent: int
    refused: int
    differing: int
    columns: int
    refused_columns: int
    is_off: bool
    is_under_way: bool

    @property
    def marks(self) -> int:
        return self.waiting + self.sent + self.refused + self.differing

    @property
    def needs_someone(self) -> bool:
        return bool(self.refused or self.differing or self.refused_columns)


ORDER = (Delivery.REFUSED, Delivery.DIFFERING, Delivery.WAITING, Delivery.SENT, Delivery.KEPT)


def summary_of(db: Session, cohort_id: int, now: datetime, *, context_id: int | None = None) -> Summary:
    """Return how the sending of a cohort's marks goes."""
    of_whom = _seen(cohort_id, context_id)
    columns = db.scalars(select(LineItem).where(of_whom)).all()
    scores = db.scalars(select(Score).join(LineItem, LineItem.id == Score.line_item_id).where(of_whom)).all()
    count = Counter(delivery_of(row) for row in scores)
    states = Counter(_state(column) for column in columns)
    due = [row.due_at for row in scores] + [column.due_at for column in columns]
    return Summary(
        waiting=count[Delivery.WAITING],
        sent=count[Delivery.SENT],
        refused=count[Delivery.REFUSED],
        differing=count[Delivery.DIFFERING],
        columns=len(columns),
        refused_columns=states[ColumnState.REFUSED],
        is_off=db.get_one(Cohort, cohort_id).grading is Grading.NOTHING,
        is_under_way=any(moment is not None and moment <= now + SOON for moment in due),
    )


def outbox_of(
    db: Session, cohort_id: int, now: datetime, *, context_id: int | None = None
) -> tuple[OutboxColumn, ...]:
    """Return the columns by institution, course and unit, with all their marks."""
    maximum = db.get_one(Cohort, cohort_id).maximum
    marks = _marks(db, cohort_id, context_id, maximum, now)
    rows = db.execute(
        select(LineItem, Context.title, Institution.name)
        .join(Context, Context.id == LineItem.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Institution, Institution.id == Deployment.institution_id)
        .where(_seen(cohort_id, context_id))
        .order_by(Institution.name, Context.title, Context.id, LineItem.unit_id, LineItem.id)
    ).tuples()
    return tuple(
        OutboxColumn(
            id=column.id,
            course=title,
            institution=institution,
            unit_id=column.unit_id,
            is_ours=column.is_ours,
            state=_state(column),
            refusal=column.refusal,
            maximum=maximum,
            marks=tuple(marks.get(column.id, ())),
        )
        for column, title, institution in rows
    )


def send_again(
    db: Session, score_id: int, cohort_id: int, now: datetime, *, context_id: int | None = None
) -> None:
    """Send one mark once more; raise `NoMarkError` where there is none for whoever asks."""
    found = _locked(db, and_(_seen(cohort_id, context_id), Score.id == score_id))
    if not found:
        raise NoMarkError
    _send(found, now)


def send_all_again(db: Session, cohort_id: int, now: datetime, *, context_id: int | None = None) -> None:
    """Send again what was refused or reads back otherwise; make the columns that were refused."""
    columns = db.scalars(
        select(LineItem)
        .where(_seen(cohort_id, context_id))
        .order_by(LineItem.id)
        .with_for_update(key_share=True)
    ).all()
    rows = _locked(db, _seen(cohort_id, context_id))
    # Once a column's address changes, nobody adds a mark to it, so all else is in our hands first.
    for column in columns:
        if column.refusal is not None:
            column.url = None if column.refusal in GONE else column.url
            column.refusal = None
            work.finish(column, due_at=now)
    _send({row: column for row, column in rows.items() if delivery_of(row) is not Delivery.WAITING}, now)


def _seen(cohort_id: int, context_id: int | None) -> ColumnElement[bool]:
    course = true() if context_id is None else LineItem.context_id == context_id
    return and_(LineItem.cohort_id == cohort_id, course)


def _locked(db: Session, which: ColumnElement[bool]) -> Mapping[Score, LineItem]:
    rows = db.execute(
        select(Score, LineItem)
        .join(LineItem, LineItem.id == Score.line_item_id)
        .where(which)
        .order_by(Score.id)
        .with_for_update(of=Score),
        execution_options={"populate_existing": True},
    ).tuples()
    return dict(iter(rows))


def _send(rows: Mapping[Score, LineItem], now: datetime) -> None:
    for row, column in rows.items():
        if delivery_of(row) in TO_SEND_AGAIN:
            grading.make_due(row, column, now)


def _state(column: LineItem) -> ColumnState:
    if column.is_unwanted:
        return ColumnState.LEAVING
    if column.refusal is not None:
        return ColumnState.REFUSED
    return ColumnState.MAKING if column.url is None else ColumnState.THERE


def _marks(
    db: Session, cohort_id: int, context_id: int | None, maximum: float, now: datetime
) -> Mapping[int, list[OutboxMark]]:
    rows = db.execute(
        select(Score, Person.name)
        .join(LineItem, LineItem.id == Score.line_item_id)
        .join(Enrolment, Enrolment.id == Score.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(_seen(cohort_id, context_id))
        .order_by(Person.name, Score.id)
    ).tuples()
    marks = defaultdict(list)
    for row, name in sorted(rows, key=lambda found: ORDER.index(delivery_of(found[0]))):
        marks[row.line_item_id].append(_mark(row, name, maximum, now))
    return marks


def _mark(row: Score, learner: str | None, maximum: float, now: datetime) -> OutboxMark:
    is_soon = row.due_at is not None and row.due_at <= now + SOON
    return OutboxMark(
        id=row.id,
        learner=learner,
        given=round(row.share * maximum, 2),
        delivery=delivery_of(row),
        earned_at=row.changed_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
        refusal=row.refusal,
        result=None if row.result is None else round(row.result * maximum, 2),
        is_stuck=delivery_of(row) in TO_SEND_AGAIN and not is_soon,
    )
