"""Sending marks: the outbox of `services.grading` is emptied here.

The network is in its middle, so it is four steps, of which only the outer ones touch the database:
`claim_score` and `read_errand`, then `send`, then `record_sending`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.lti import ags
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError
from lti_tool.lti.families import family
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.services.gradebooks.commenting import comment
from lti_tool.services.gradebooks.earning import Earned, earned, part_of, traces_of
from lti_tool.services.gradebooks.grading import TOLERANCE
from lti_tool.services.platforms.calling import REFUSED_AGAIN_AFTER, Refused, Waiting
from lti_tool.services.study.publishing import find_published
from lti_tool.storage import work
from lti_tool.storage.models import Cohort, Enrolment, Grading, LineItem, Person, Registration, Score
from lti_tool.storage.platforms import platform_registration

SENDING_LEASE = timedelta(minutes=2)
# Gradebooks take a moment to work out what was sent to them.
READ_BACK_AFTER = timedelta(minutes=1)
# Somebody else filled in a newer mark, which is not ours to replace without being asked.
NEWER_THERE = "409"


@dataclass(frozen=True)
class Errand:
    """One score to send; `is_repeated` where it may have been sent before without an answer."""

    score_id: int
    line_item_id: int
    changed_at: datetime
    platform: PlatformRegistration
    line_item_url: str
    score: ags.Score
    is_repeated: bool


@dataclass(frozen=True)
class Sent:
    """The gradebook has the score."""


def claim_score(db: Session, now: datetime) -> int | None:
    """Take the score in hand that is due longest; None if none is.

    Those that are due no longer, as their column is not wanted or not there, are set aside.
    """
    while (row := work.claim(db, Score, now, lease=SENDING_LEASE)) is not None:
        if _has_place(db, row):
            return row.id
        work.finish(row, due_at=None)
        db.flush()
    return None


def read_errand(db: Session, score_id: int) -> Errand:
    """Return what is to be sent, and where."""
    row, column, cohort, subject, registration = db.execute(
        select(Score, LineItem, Cohort, Person.subject, Registration)
        .join(LineItem, LineItem.id == Score.line_item_id)
        .join(Cohort, Cohort.id == LineItem.cohort_id)
        .join(Enrolment, Enrolment.id == Score.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Registration, Registration.id == Person.registration_id)
        .where(Score.id == score_id)
    ).one()
    progress = ags.ActivityProgress
    return Errand(
        score_id=row.id,
        line_item_id=column.id,
        changed_at=row.changed_at,
        platform=platform_registration(registration),
        line_item_url=column.url,
        score=ags.Score(
            subject=subject,
            given=round(row.share * cohort.maximum, 2),
            maximum=cohort.maximum,
            timestamp=row.changed_at,
            comment=_comment(db, row, column, cohort),
            activity_progress=progress.COMPLETED if row.complete else progress.IN_PROGRESS,
            started_at=row.started_at,
            submitted_at=row.submitted_at,
            extension=family(registration.family).score_extension(),
        ),
        is_repeated=row.attempts > 1,
    )


def send(errand: Errand, connector: PlatformConnector) -> Sent:
    """Put one score in its gradebook; outside any transaction.

    Raises `PlatformRefusedError` with status 409 where the gradebook holds a newer mark of someone else.
    """
    delivered = ags.send_score(connector, errand.line_item_url, errand.score)
    if delivered is ags.Delivery.ALREADY_THERE and not _is_ours(errand, connector):
        raise PlatformRefusedError(errand.platform.id, int(NEWER_THERE))
    return Sent()


def record_sending(db: Session, errand: Errand, outcome: Sent | Waiting | Refused, now: datetime) -> None:
    """Note what came of it; a score that changed meanwhile stays due."""
    if isinstance(outcome, Sent):
        _read_back_soon(db, errand.line_item_id, now)
    row = work.find_locked(db, Score, errand.score_id)
    if row is None or row.changed_at != errand.changed_at:
        return
    if isinstance(outcome, Waiting):
        work.postpone(row, now, at_least=outcome.wait)
    elif isinstance(outcome, Refused):
        row.refusal = outcome.code
        work.finish(row, due_at=None if outcome.code == NEWER_THERE else now + REFUSED_AGAIN_AFTER)
    else:
        row.sent_at, row.refusal = now, None
        work.finish(row, due_at=None)


def put_off_score(db: Session, score_id: int, now: datetime) -> None:
    """Try a score again later whose sending broke off."""
    work.put_off(db, Score, score_id, now)


def _has_place(db: Session, row: Score) -> bool:
    column = db.get_one(LineItem, row.line_item_id, populate_existing=True)
    cohort = db.get_one(Cohort, column.cohort_id, populate_existing=True)
    return column.url is not None and not column.is_unwanted and cohort.grading is not Grading.NOTHING


def _comment(db: Session, row: Score, column: LineItem, cohort: Cohort) -> str:
    module = find_published(db, cohort.module_version_id).module
    traces = traces_of(db, Enrolment.id == row.enrolment_id).get(row.enrolment_id, {})
    reached = earned(part_of(module, column.unit_id), traces)
    return comment(reached.score, module.languages[0]) if isinstance(reached, Earned) else ""


def _is_ours(errand: Errand, connector: PlatformConnector) -> bool:
    """Return whether what the gradebook holds is this score, of which the answer was lost."""
    try:
        results = ags.read_results(connector, errand.line_item_url, subject=errand.score.subject)
    except PlatformRefusedError:
        # What cannot be read is taken for ours if we may have sent it.
        return errand.is_repeated
    share = errand.score.given / errand.score.maximum
    return any(
        result.score is not None and abs(result.score / result.maximum - share) <= TOLERANCE
        for result in results
    )


def _read_back_soon(db: Session, line_item_id: int, now: datetime) -> None:
    soon = now + READ_BACK_AFTER
    is_later = or_(LineItem.due_at.is_(None), LineItem.due_at > soon)
    db.execute(update(LineItem).where(LineItem.id == line_item_id, is_later).values(due_at=soon))
