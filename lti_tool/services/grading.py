"""Marks on their way to the LMS's gradebook: an outbox of one row per enrolment, emptied by the worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.progress import Score as ModuleScore
from lti_tool.lti import ags
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from lti_tool.lti.http import new_session
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import ToolKeys
from lti_tool.lti.tokens import AccessTokens
from lti_tool.storage import work
from lti_tool.storage.models import Enrolment, Person, Registration, Score
from lti_tool.storage.platforms import platform_registration
from lti_tool.storage.rows import find_or_add

SENDING_LEASE = timedelta(minutes=2)
# Platforms compare timestamps by the second and refuse one that does not rise.
TIMESTAMP_STEP = timedelta(seconds=1)
# Whoever looks after the platform may have mended meanwhile what made it refuse.
REFUSED_AGAIN_AFTER = timedelta(days=1)
# Scores are sent out of 100; the platform scales them to its column (AGS 2.0, section 4.10).
MAXIMUM = 100.0


class Delivery(StrEnum):
    """Where a mark is on its way to the gradebook."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    NO_COLUMN = "no_column"  # the link has no line item, so there is nowhere to send it


@dataclass(frozen=True)
class Mark:
    """What was earned so far, and whether the gradebook has it."""

    share: float
    delivery: Delivery
    sent_at: datetime | None


@dataclass(frozen=True)
class Errand:
    """One score to send."""

    score_id: int
    changed_at: datetime
    platform: PlatformRegistration
    line_item_url: str | None
    score: ags.Score


@dataclass(frozen=True)
class Outcome:
    """What came of an errand; `word` is for the log, `wait` what a busy platform asked for."""

    delivery: Delivery
    word: str
    wait: timedelta = timedelta(0)


class ScoreSender:
    """What the sending of scores shares within one process: connections and access tokens."""

    def __init__(self, keys: ToolKeys) -> None:
        self._keys = keys
        self._tokens = AccessTokens()
        self._session: requests.Session = new_session()

    def connector(self, platform: PlatformRegistration, now: datetime) -> PlatformConnector:
        return PlatformConnector(
            platform=platform, keys=self._keys, tokens=self._tokens, session=self._session, now=now
        )


def queue_score(db: Session, enrolment_id: int, reached: ModuleScore, now: datetime) -> None:
    """Put the score in the outbox unless it is there already; call it in the transaction that earned it."""
    share = reached.given / reached.maximum
    complete = reached.is_complete
    keys = {"enrolment_id": enrolment_id}
    row = find_or_add(db, Score, keys=keys, share=share, complete=complete, changed_at=now, due_at=now)
    # What the worker is writing about the score before is waited for.
    db.refresh(row, with_for_update=True)
    if (row.share, row.complete) != (share, complete):
        row.share, row.complete = share, complete
        _make_due(row, now)


def resend_to_new_column(db: Session, enrolment_id: int, now: datetime) -> None:
    """Make the score due again, if there is one: the gradebook's new column has none yet."""
    query = select(Score).where(Score.enrolment_id == enrolment_id).with_for_update()
    row = db.scalar(query, execution_options={"populate_existing": True})
    if row is not None:
        _make_due(row, now)


def claim_score(db: Session, now: datetime) -> int | None:
    """Take the score in hand that is due longest; None if none is."""
    row = work.claim(db, Score, now, lease=SENDING_LEASE)
    return None if row is None else row.id


def read_errand(db: Session, score_id: int) -> Errand:
    """Return what is to be sent, and where."""
    row = db.get_one(Score, score_id)
    registration, subject, line_item_url = db.execute(
        select(Registration, Person.subject, Enrolment.line_item_url)
        .join(Person, Person.registration_id == Registration.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.id == row.enrolment_id)
    ).one()
    return Errand(
        score_id=row.id,
        changed_at=row.changed_at,
        platform=platform_registration(registration),
        line_item_url=line_item_url,
        score=ags.Score(
            subject=subject,
            given=round(row.share * MAXIMUM, 2),
            maximum=MAXIMUM,
            timestamp=row.changed_at,
            activity_progress=(
                ags.ActivityProgress.COMPLETED if row.complete else ags.ActivityProgress.IN_PROGRESS
            ),
        ),
    )


def send(errand: Errand, sender: ScoreSender, now: datetime) -> Outcome:
    """Send one score to its gradebook; outside any transaction."""
    if errand.line_item_url is None:
        return Outcome(Delivery.NO_COLUMN, "no line item")
    try:
        # "Already there" is a score that arrived although the answer to it was lost.
        delivered = ags.send_score(sender.connector(errand.platform, now), errand.line_item_url, errand.score)
    except PlatformUnavailableError as error:
        return Outcome(Delivery.WAITING, error.cause, error.retry_after or timedelta(0))
    except PlatformRefusedError as error:
        return Outcome(Delivery.REFUSED, f"status {error.status}")
    return Outcome(Delivery.SENT, delivered.value)


def record_sending(db: Session, errand: Errand, outcome: Outcome, now: datetime) -> None:
    """Note what came of it; a score that changed meanwhile stays due."""
    row = work.find_locked(db, Score, errand.score_id)
    if row is None or row.changed_at != errand.changed_at:
        return
    if outcome.delivery is Delivery.WAITING:
        work.postpone(row, now, at_least=outcome.wait)
        return
    is_refused = outcome.delivery is Delivery.REFUSED
    work.finish(row, due_at=now + REFUSED_AGAIN_AFTER if is_refused else None)
    if outcome.delivery is Delivery.SENT:
        row.sent_at, row.refusal = now, None
    else:
        row.refusal = outcome.delivery.value


def put_off_score(db: Session, score_id: int, now: datetime) -> None:
    """Try a score again later whose sending broke off."""
    work.put_off(db, Score, score_id, now)


def mark_of(db: Session, enrolment_id: int) -> Mark | None:
    """Return the mark on its way or arrived; None before there is one."""
    row = db.scalar(select(Score).where(Score.enrolment_id == enrolment_id))
    if row is None:
        return None
    if row.sent_at is not None:
        return Mark(row.share, Delivery.SENT, row.sent_at)
    return Mark(row.share, Delivery(row.refusal) if row.refusal else Delivery.WAITING, None)


def _make_due(row: Score, now: datetime) -> None:
    row.changed_at = max(now, row.changed_at + TIMESTAMP_STEP)
    row.sent_at = row.refusal = None
    work.finish(row, due_at=now)
