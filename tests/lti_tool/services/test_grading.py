"""The outbox of marks: nothing is lost between the learner who earns more and the worker who sends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from sqlalchemy import select

from content.progress import Score as ModuleScore
from lti_tool.services.grading import (
    Delivery,
    Errand,
    Mark,
    Outcome,
    claim_score,
    mark_of,
    put_off_score,
    queue_score,
    read_errand,
    record_sending,
    resend_to_new_column,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import Score
from tests.conftest import ON_POSTGRESQL
from tests.lti_tool.services.cohorts import add_cohort

LEARNER = 2
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=20)
HALF = ModuleScore(5, 10, is_complete=False)
FULL = ModuleScore(10, 10, is_complete=True)
SENT = Outcome(Delivery.SENT, "delivered")


@pytest.fixture
def outbox(database: Database) -> Database:
    """A database in which one learner's first mark waits."""
    with database.begin() as db:
        add_cohort(db, learners=1)
        queue_score(db, LEARNER, HALF, NOW)
    return database


def _take(outbox: Database, now: datetime) -> Errand | None:
    with outbox.begin() as db:
        score_id = claim_score(db, now)
        return None if score_id is None else read_errand(db, score_id)


def _earn(outbox: Database, reached: ModuleScore, now: datetime) -> None:
    with outbox.begin() as db:
        queue_score(db, LEARNER, reached, now)


def _sent(outbox: Database, outcome: Outcome, now: datetime) -> Errand:
    errand = _take(outbox, now)
    assert errand is not None
    with outbox.begin() as db:
        record_sending(db, errand, outcome, now)
    return errand


def _mark(outbox: Database) -> Mark | None:
    with outbox.read() as db:
        return mark_of(db, LEARNER)


def _due_at(outbox: Database) -> datetime | None:
    with outbox.read() as db:
        return db.scalar(select(Score.due_at))


def test_a_mark_that_was_sent_is_not_sent_again_when_it_stays_the_same(outbox: Database) -> None:
    _sent(outbox, SENT, NOW)
    _earn(outbox, HALF, LATER)
    assert _mark(outbox) == Mark(0.5, Delivery.SENT, NOW)
    assert _take(outbox, LATER) is None


def test_a_better_mark_earned_while_the_old_one_is_in_flight_is_sent_too(outbox: Database) -> None:
    old = _take(outbox, NOW)
    assert old is not None
    _earn(outbox, FULL, NOW)
    with outbox.begin() as db:
        record_sending(db, old, SENT, LATER)
    assert _mark(outbox) == Mark(1.0, Delivery.WAITING, None)
    better = _take(outbox, LATER)
    assert better is not None
    assert (better.score.given, better.changed_at) == (100, NOW + timedelta(seconds=1))


def test_a_better_mark_earned_while_the_old_ones_sending_is_noted_is_sent_too(outbox: Database) -> None:
    old = _take(outbox, NOW)
    assert old is not None
    with ThreadPoolExecutor(1) as learner:
        with outbox.begin() as db:
            record_sending(db, old, SENT, LATER)
            db.flush()
            earned = learner.submit(_earn, outbox, FULL, LATER)
            sleep(0.3)
        earned.result(10)
    assert _mark(outbox) == Mark(1.0, Delivery.WAITING, None)
    assert _due_at(outbox) == LATER


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a writer on SQLite waits before it reads")
def test_a_worker_that_read_the_mark_before_a_better_one_came_sees_that_one(outbox: Database) -> None:
    old = _take(outbox, NOW)
    assert old is not None
    with outbox.begin() as db:
        seen = db.get_one(Score, old.score_id)
        assert seen.share == 0.5
        _earn(outbox, FULL, LATER)
        record_sending(db, old, SENT, LATER)
    assert _mark(outbox) == Mark(1.0, Delivery.WAITING, None)
    assert _due_at(outbox) == LATER


@pytest.mark.parametrize("delivery", [Delivery.SENT, Delivery.REFUSED, Delivery.NO_COLUMN])
def test_whatever_came_of_a_mark_a_new_column_gets_it_with_a_later_timestamp(
    outbox: Database, delivery: Delivery
) -> None:
    _sent(outbox, Outcome(delivery, ""), NOW)
    with outbox.begin() as db:
        resend_to_new_column(db, LEARNER, NOW)
    assert _mark(outbox) == Mark(0.5, Delivery.WAITING, None)
    again = _sent(outbox, SENT, LATER)
    assert (again.score.given, again.score.timestamp) == (50, NOW + timedelta(seconds=1))


def test_a_new_column_without_a_mark_gets_none(database: Database) -> None:
    with database.begin() as db:
        add_cohort(db, learners=1)
        resend_to_new_column(db, LEARNER, NOW)
        assert claim_score(db, NOW) is None


def test_a_refused_mark_is_tried_again_after_a_day(outbox: Database) -> None:
    _sent(outbox, Outcome(Delivery.REFUSED, "status 403"), NOW)
    assert _mark(outbox) == Mark(0.5, Delivery.REFUSED, None)
    assert _due_at(outbox) == NOW + timedelta(days=1)
    _sent(outbox, SENT, NOW + timedelta(days=1))
    assert _mark(outbox) == Mark(0.5, Delivery.SENT, NOW + timedelta(days=1))


def test_a_mark_without_a_column_waits_for_one(outbox: Database) -> None:
    _sent(outbox, Outcome(Delivery.NO_COLUMN, "no line item"), NOW)
    assert _due_at(outbox) is None


def test_a_mark_whose_sending_broke_off_is_tried_again_unless_another_worker_sent_it(
    outbox: Database,
) -> None:
    in_hand = _take(outbox, NOW)
    assert in_hand is not None
    with outbox.begin() as db:
        put_off_score(db, in_hand.score_id, NOW)
    assert _due_at(outbox) == NOW + timedelta(seconds=5)
    _sent(outbox, SENT, LATER)
    with outbox.begin() as db:
        put_off_score(db, in_hand.score_id, LATER)
    assert _due_at(outbox) is None
