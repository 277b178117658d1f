"""Rows as work: any number of workers share them, and one that dies loses nothing."""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.orm import Session

from lti_tool.storage.models import Agenda, LineItem, Mail, NoticeSubscription, Plan, Roster, Score, Work

Job = TypeVar("Job", Agenda, LineItem, Mail, NoticeSubscription, Plan, Roster, Score)

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)


def claim(
    db: Session,
    model: type[Job],
    now: datetime,
    *,
    lease: timedelta,
    where: ColumnElement[bool] | None = None,
) -> Job | None:
    """Take the row that is due longest and in nobody's hands, for the length of the lease; None if none is.

    Only rows for which `where` holds are taken. A worker that dies keeps its row until the lease is over;
    then another takes it.
    """
    free = or_(model.leased_until.is_(None), model.leased_until <= now)
    candidate = (
        select(model.id)
        .where(model.due_at <= now, free, true() if where is None else where)
        .order_by(model.due_at, model.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite has one writer at a time and leaves this out
        .scalar_subquery()
    )
    # The UPDATE decides which worker wins.
    claimed = db.execute(
        update(model)
        .where(model.id == candidate, free)
        .values(leased_until=now + lease, attempts=model.attempts + 1)
        .returning(model.id)
    ).scalar_one_or_none()
    return None if claimed is None else db.get_one(model, claimed, populate_existing=True)


def finish(row: Work, *, due_at: datetime | None) -> None:
    """Hand a row back after success, to come up again at `due_at` or never."""
    row.leased_until, row.attempts, row.due_at = None, 0, due_at


def postpone(row: Work, now: datetime, *, at_least: timedelta = timedelta(0)) -> None:
    """Hand a row back after a failure, to come up again after a delay."""
    row.leased_until, row.due_at = None, now + max(delay(row.attempts), at_least)


def put_off(db: Session, model: type[Job], row_id: int, now: datetime) -> Job | None:
    """Postpone and return a row whose work broke off; None if it is gone or finished by someone else."""
    row = find_locked(db, model, row_id)
    if row is None or row.due_at is None:
        return None
    postpone(row, now)
    return row


def find_locked(db: Session, model: type[Job], row_id: int) -> Job | None:
    """Return a row as it is now, in this transaction's hands until it ends; None if the row is gone.

    Others may still add rows that point to it.
    """
    return db.get(model, row_id, with_for_update={"key_share": True}, populate_existing=True)


def delay(failures: int) -> timedelta:
    """Return the wait after so many failures in a row: each time twice as long, up to an hour."""
    return min(FIRST_DELAY * (1 << max(0, min(failures - 1, 20))), LONGEST_DELAY)
