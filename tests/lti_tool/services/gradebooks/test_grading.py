"""The outbox of marks: nothing is lost between the learner who earns more and the worker who sends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from sqlalchemy import select

from content.activity import Quiz
from lti_tool.lti import ags
from lti_tool.services.gradebooks.grading import (
    Delivery,
    Mark,
    mark_of,
    queue_all_of,
    queue_scores,
    resend_all_of,
)
from lti_tool.services.gradebooks.sending import (
    Errand,
    Sent,
    claim_score,
    put_off_score,
    read_errand,
    record_sending,
)
from lti_tool.services.platforms.calling import Refused, Waiting
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, Enrolment, Grading, LineItem, Registration, Score
from lti_tool.storage.work import find_locked
from tests.conftest import ON_POSTGRESQL
from tests.lti_tool.services.gradebook import CHECK, EXAM, LEARNER, LMS, add_column, add_gradebook, hand_in

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=20)
SECOND = timedelta(seconds=1)


@pytest.fixture
def outbox(database: Database) -> Database:
    """A database in which one learner's first mark waits: half of "check"."""
    with database.begin() as db:
        add_gradebook(db)
        add_column(db)
        hand_in(db, CHECK, 0.5, NOW)
    return database


def _take(outbox: Database, now: datetime) -> Errand | None:
    with outbox.begin() as db:
        score_id = claim_score(db, now)
        return None if score_id is None else read_errand(db, score_id)


def _hand_in(outbox: Database, quiz: Quiz, share: float, now: datetime) -> None:
    with outbox.begin() as db:
        hand_in(db, quiz, share, now)


def _sent(outbox: Database, outcome: Sent | Waiting | Refused, now: datetime) -> Errand:
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


def test_a_score_tells_everything_that_a_gradebook_can_hold(outbox: Database) -> None:
    errand = _take(outbox, NOW)
    assert errand is not None
    assert errand.line_item_url == f"{LMS}/items/1"
    assert errand.score == ags.Score(
        subject="2",
        given=50,
        maximum=100,
        timestamp=NOW,
        comment="Voorlopig: 1 van 2 quizzen",
        activity_progress=ags.ActivityProgress.IN_PROGRESS,
        grading_progress=ags.GradingProgress.FULLY_GRADED,
        started_at=NOW,
        submitted_at=NOW,
    )


def test_the_last_quiz_completes_the_mark(outbox: Database) -> None:
    _hand_in(outbox, EXAM, 1.0, LATER)
    errand = _take(outbox, LATER)
    assert errand is not None
    assert errand.score == ags.Score(
        subject="2",
        given=87.5,
        maximum=100,
        timestamp=LATER,
        comment="Alle 2 quizzen gemaakt",
        activity_progress=ags.ActivityProgress.COMPLETED,
        started_at=NOW,
        submitted_at=LATER,
    )


def test_marks_count_out_of_the_cohorts_maximum(outbox: Database) -> None:
    with outbox.begin() as db:
        db.get_one(Cohort, 1).maximum = 20
    errand = _take(outbox, NOW)
    assert errand is not None
    assert (errand.score.given, errand.score.maximum) == (10, 20)


def test_canvas_is_asked_for_no_new_submission(outbox: Database) -> None:
    with outbox.begin() as db:
        db.get_one(Registration, 1).family = "canvas"
    errand = _take(outbox, NOW)
    assert errand is not None
    assert errand.score.extension == {
        "https://canvas.instructure.com/lti/submission": {"new_submission": False}
    }


def test_each_column_gets_the_mark_of_what_it_is_for(database: Database) -> None:
    with database.begin() as db:
        add_gradebook(db)
        for number, unit_id in enumerate(["", "first", "second"]):
            add_column(db, unit_id=unit_id, url=f"{LMS}/items/{number}")
        hand_in(db, CHECK, 0.5, NOW)
        hand_in(db, EXAM, 1.0, LATER)
        rows = db.execute(
            select(LineItem.unit_id, Score.share, Score.started_at, Score.submitted_at)
            .join(Score, Score.line_item_id == LineItem.id)
            .order_by(LineItem.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("", 0.875, NOW, LATER),
        ("first", 0.5, NOW, NOW),
        ("second", 1.0, LATER, LATER),
    ]


def test_a_mark_that_was_sent_is_not_sent_again_when_it_stays_the_same(outbox: Database) -> None:
    _sent(outbox, Sent(), NOW)
    _hand_in(outbox, CHECK, 0.25, LATER)
    assert _mark(outbox) == Mark(0.5, Delivery.SENT, NOW)
    assert _take(outbox, LATER) is None


def test_a_better_mark_earned_while_the_old_one_is_in_flight_is_sent_too(outbox: Database) -> None:
    old = _take(outbox, NOW)
    assert old is not None
    _hand_in(outbox, CHECK, 1.0, NOW)
    with outbox.begin() as db:
        record_sending(db, old, Sent(), LATER)
    assert _mark(outbox) == Mark(1.0, Delivery.WAITING, None)
    better = _take(outbox, LATER)
    assert better is not None
    assert (better.score.given, better.changed_at) == (100, NOW + SECOND)


def test_timestamps_rise_by_whole_seconds_and_none_is_sent_before_its_time(outbox: Database) -> None:
    for share in (0.6, 0.7, 0.8):
        _hand_in(outbox, CHECK, share, NOW)
    assert _take(outbox, NOW) is None
    errand = _take(outbox, NOW + 3 * SECOND)
    assert errand is not None
    assert errand.score.timestamp == NOW + 3 * SECOND


def test_a_better_mark_earned_while_the_old_ones_sending_is_noted_is_sent_too(outbox: Database) -> None:
    old = _take(outbox, NOW)
    assert old is not None
    with ThreadPoolExecutor(1) as learner:
        with outbox.begin() as db:
            record_sending(db, old, Sent(), LATER)
            db.flush()
            earned = learner.submit(_hand_in, outbox, CHECK, 1.0, LATER)
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
        _hand_in(outbox, CHECK, 1.0, LATER)
        record_sending(db, old, Sent(), LATER)
    assert _mark(outbox) == Mark(1.0, Delivery.WAITING, None)
    assert _due_at(outbox) == LATER


def test_a_mark_earned_while_a_column_is_added_goes_there_whole(database: Database) -> None:
    with database.begin() as db:
        add_gradebook(db)
        hand_in(db, CHECK, 0.5, NOW)
    with ThreadPoolExecutor(1) as learner:
        with database.begin() as db:
            queue_all_of(db, add_column(db), NOW)
            earned = learner.submit(_hand_in, database, CHECK, 1.0, LATER)
            sleep(0.3)
        earned.result(10)
    assert _mark(database) == Mark(1.0, Delivery.WAITING, None)


def test_a_mark_earned_while_a_worker_has_its_column_in_hand_waits_for_nobody(database: Database) -> None:
    with database.begin() as db:
        add_gradebook(db)
        column_id = add_column(db).id
    with ThreadPoolExecutor(1) as learner:
        with database.begin() as db:
            column = find_locked(db, LineItem, column_id)
            assert column is not None
            earned = learner.submit(_hand_in, database, CHECK, 1.0, NOW)
            sleep(0.3)
            resend_all_of(db, column, NOW)
        earned.result(10)
    assert _mark(database) == Mark(1.0, Delivery.WAITING, None)


@pytest.mark.parametrize("outcome", [Sent(), Refused("403"), Refused("409")])
def test_whatever_came_of_the_marks_of_a_column_they_can_be_sent_again_with_a_later_timestamp(
    outbox: Database, outcome: Sent | Refused
) -> None:
    _sent(outbox, outcome, NOW)
    with outbox.begin() as db:
        resend_all_of(db, db.scalars(select(LineItem)).one(), NOW)
    assert _mark(outbox) == Mark(0.5, Delivery.WAITING, None)
    again = _sent(outbox, Sent(), LATER)
    assert (again.score.given, again.score.timestamp) == (50, NOW + SECOND)


def test_a_new_column_gets_what_was_earned_before_and_nothing_of_who_earned_nothing(
    database: Database,
) -> None:
    with database.begin() as db:
        add_gradebook(db, learners=3)
        for learner in (2, 3):
            hand_in(db, CHECK, 0.5, NOW, enrolment_id=learner)
        db.get_one(Enrolment, 3).left_at = NOW
        queue_all_of(db, add_column(db), LATER)
        assert list(db.scalars(select(Score.enrolment_id))) == [LEARNER]


def test_a_learner_of_another_course_brings_her_marks_to_its_columns(outbox: Database) -> None:
    with outbox.begin() as db:
        db.get_one(Enrolment, LEARNER).context_id = None
        db.flush()
        hand_in(db, EXAM, 1.0, NOW)
    assert _take(outbox, LATER) is not None  # what waited goes where it was meant to go
    with outbox.begin() as db:
        db.get_one(Enrolment, LEARNER).context_id = 1
        db.flush()
        queue_scores(db, LEARNER, LATER)
    assert _mark(outbox) == Mark(0.875, Delivery.WAITING, None)


def test_a_teacher_who_tries_a_quiz_has_a_mark_that_is_not_sent(outbox: Database) -> None:
    with outbox.begin() as db:
        hand_in(db, CHECK, 1.0, NOW, enrolment_id=1)
        assert mark_of(db, 1) == Mark(1.0, Delivery.KEPT, None)
        assert list(db.scalars(select(Score.enrolment_id))) == [LEARNER]


def test_a_cohort_that_sends_nothing_sets_its_marks_aside_until_it_does(outbox: Database) -> None:
    with outbox.begin() as db:
        db.get_one(Cohort, 1).grading = Grading.NOTHING
    assert _take(outbox, LATER) is None
    assert (_mark(outbox), _due_at(outbox)) == (Mark(0.5, Delivery.KEPT, None), None)
    with outbox.begin() as db:
        db.get_one(Cohort, 1).grading = Grading.MODULE
        queue_all_of(db, db.scalars(select(LineItem)).one(), LATER)
    assert _take(outbox, LATER) is not None


def test_a_mark_waits_for_a_column_that_is_not_made_yet(database: Database) -> None:
    with database.begin() as db:
        add_gradebook(db)
        add_column(db, url=None, is_ours=True)
        hand_in(db, CHECK, 0.5, NOW)
    assert _take(database, NOW) is None
    assert _mark(database) == Mark(0.5, Delivery.NO_COLUMN, None)
    with database.begin() as db:
        column = db.scalars(select(LineItem)).one()
        column.url = f"{LMS}/items/9"
        resend_all_of(db, column, LATER)
    errand = _take(database, LATER)
    assert errand is not None
    assert errand.line_item_url == f"{LMS}/items/9"


def test_a_refused_mark_is_tried_again_after_a_day(outbox: Database) -> None:
    _sent(outbox, Refused("403"), NOW)
    assert _mark(outbox) == Mark(0.5, Delivery.REFUSED, None)
    assert _due_at(outbox) == NOW + timedelta(days=1)
    _sent(outbox, Sent(), NOW + timedelta(days=1))
    assert _mark(outbox) == Mark(0.5, Delivery.SENT, NOW + timedelta(days=1))


def test_a_newer_mark_of_someone_else_is_not_replaced_unasked(outbox: Database) -> None:
    _sent(outbox, Refused("409"), NOW)
    assert (_mark(outbox), _due_at(outbox)) == (Mark(0.5, Delivery.REFUSED, None), None)


def test_a_mark_that_could_not_be_sent_waits_as_long_as_the_platform_asks(outbox: Database) -> None:
    _sent(outbox, Waiting("status 503", timedelta(minutes=3)), NOW)
    assert (_mark(outbox), _due_at(outbox)) == (
        Mark(0.5, Delivery.WAITING, None),
        NOW + timedelta(minutes=3),
    )


def test_a_mark_whose_sending_broke_off_is_tried_again_unless_another_worker_sent_it(
    outbox: Database,
) -> None:
    in_hand = _take(outbox, NOW)
    assert in_hand is not None
    with outbox.begin() as db:
        put_off_score(db, in_hand.score_id, NOW)
    assert _due_at(outbox) == NOW + timedelta(seconds=5)
    _sent(outbox, Sent(), LATER)
    with outbox.begin() as db:
        put_off_score(db, in_hand.score_id, LATER)
    assert _due_at(outbox) is None


def test_a_killed_workers_mark_is_taken_again_as_one_that_may_be_there(outbox: Database) -> None:
    first, second = _take(outbox, NOW), _take(outbox, NOW + timedelta(minutes=2))
    assert first is not None
    assert second is not None
    assert (first.is_repeated, second.is_repeated) == (False, True)
    assert first.score == second.score


def test_a_column_is_read_back_soon_after_a_mark_was_sent(outbox: Database) -> None:
    _sent(outbox, Sent(), NOW)
    with outbox.read() as db:
        assert db.scalar(select(LineItem.due_at)) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("result", "delivery"),
    [(0.5, Delivery.SENT), (0.503, Delivery.SENT), (0.45, Delivery.DIFFERING), (None, Delivery.DIFFERING)],
)
def test_a_mark_that_reads_back_otherwise_is_differing(
    outbox: Database, result: float | None, delivery: Delivery
) -> None:
    _sent(outbox, Sent(), NOW)
    with outbox.begin() as db:
        row = db.scalars(select(Score)).one()
        row.result, row.result_at = result, LATER
    assert _mark(outbox) == Mark(0.5, delivery, NOW)
