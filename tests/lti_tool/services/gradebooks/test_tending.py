"""What the worker notes about a column, while learners and launches write about it too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from sqlalchemy import select

from lti_tool.services.gradebooks import column_service, outbox, tending
from lti_tool.services.gradebooks.column_service import ColumnTask, Tended, Unread
from lti_tool.services.gradebooks.columns import keep_claimed
from lti_tool.services.study import learning
from lti_tool.storage.database import Database
from lti_tool.storage.models import Context, LineItem, ResourceLink, Score
from lti_tool.storage.work import find_locked
from tests.conftest import ON_POSTGRESQL
from tests.lti_tool.services.cohort import NOW
from tests.lti_tool.services.gradebook import CHECK, COURSE, LMS, add_column, add_gradebook, hand_in

URL = f"{LMS}/items/1"
MADE = Tended(URL, needs_marks=True, results=Unread.UNREAD)
LATER = NOW + timedelta(minutes=1)
FIRST, SECOND = 2, 3


@pytest.fixture
def course(database: Database) -> Database:
    """A course with two learners, of whom the first has a mark, and a column of ours that is not made yet."""
    with database.begin() as db:
        add_gradebook(db, learners=2)
        add_column(db, url=None, is_ours=True).due_at = NOW
        hand_in(db, CHECK, 0.5, NOW, enrolment_id=FIRST)
    return database


def _task(course: Database) -> ColumnTask:
    with course.read() as db:
        return tending.read_task(db, db.scalars(select(LineItem.id)).one(), NOW)


def _shown(course: Database) -> list[tuple[str | None, bool]]:
    with course.read() as db:
        return [(row.url, row.is_ours) for row in db.scalars(select(LineItem).order_by(LineItem.id))]


def _due(course: Database) -> list[bool]:
    """Return for each mark whether it is on its way."""
    with course.read() as db:
        return [row.due_at is not None for row in db.scalars(select(Score).order_by(Score.enrolment_id))]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
def test_a_quiz_that_is_handed_in_while_a_column_is_made_and_the_worker_do_not_wait_for_each_other(
    course: Database,
) -> None:
    task, is_held, is_taken = _task(course), Event(), Event()

    def study() -> None:
        with course.begin() as db:
            learning._hold(db, SECOND)
            is_held.set()
            assert is_taken.wait(10)
            sleep(0.3)  # the worker notes what it made meanwhile
            hand_in(db, CHECK, 1.0, NOW, enrolment_id=SECOND)

    with ThreadPoolExecutor(1) as learner:
        studied = learner.submit(study)
        assert is_held.wait(10)
        with course.begin() as db:
            assert find_locked(db, LineItem, task.line_item_id) is not None
            is_taken.set()
            tending.record_tending(db, task, MADE, NOW)
        studied.result(10)
    assert _due(course) == [True, True]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
def test_a_quiz_that_is_handed_in_while_a_deleted_column_is_asked_for_anew_waits_for_nobody(
    course: Database,
) -> None:
    with course.begin() as db:
        ours = db.scalars(select(LineItem)).one()
        ours.url, ours.refusal = URL, "404"
        add_column(db, unit_id="first", url=f"{LMS}/items/2")
        hand_in(db, CHECK, 0.5, NOW, enrolment_id=SECOND)
        db.delete(
            db.scalars(select(Score).where(Score.enrolment_id == SECOND, Score.line_item_id == 1)).one()
        )
    is_held, is_taken = Event(), Event()

    def study() -> None:
        with course.begin() as db:
            db.scalars(select(Score).where(Score.enrolment_id == SECOND).with_for_update()).all()
            is_held.set()
            assert is_taken.wait(10)
            sleep(0.3)
            hand_in(db, CHECK, 1.0, NOW, enrolment_id=SECOND)

    with ThreadPoolExecutor(1) as learner:
        studied = learner.submit(study)
        assert is_held.wait(10)
        with course.begin() as db:
            is_taken.set()
            outbox.send_all_again(db, 1, LATER)
        studied.result(10)
    assert [url for url, _ in _shown(course)] == [None, f"{LMS}/items/2"]


def test_a_column_that_a_launch_claimed_while_it_was_looked_for_stays_the_links(course: Database) -> None:
    task = _task(course)
    with course.begin() as db:
        keep_claimed(db, db.get_one(ResourceLink, 1), db.get_one(Context, COURSE), URL, NOW)
    with course.begin() as db:
        tending.record_tending(db, task, MADE, LATER)
    assert _shown(course) == [(None, True), (URL, False)]
    with course.read() as db:
        again = tending.read_task(db, task.line_item_id, LATER)
    assert again.aim is column_service.Aim.GONE
    assert (again.known, again.claimed) == (frozenset({URL}), frozenset({URL}))


def test_a_column_of_ours_that_a_launch_claimed_while_it_was_deleted_is_looked_at_again(
    course: Database,
) -> None:
    with course.begin() as db:
        ours = db.scalars(select(LineItem)).one()
        ours.url, ours.is_unwanted = URL, True
    task = _task(course)
    with course.begin() as db:
        keep_claimed(db, db.get_one(ResourceLink, 1), db.get_one(Context, COURSE), URL, NOW)
    with course.begin() as db:
        tending.record_tending(db, task, column_service.NOWHERE, LATER)
    assert _shown(course) == [(URL, False)]
    assert _task(course).aim is column_service.Aim.LEFT


def test_a_column_that_needs_another_maximum_is_first_noted_and_looked_at_again_at_once(
    course: Database,
) -> None:
    with course.begin() as db:
        tending.record_tending(db, _task(course), MADE, NOW)
    with course.begin() as db:
        outgrown = Tended(URL, needs_marks=False, results=Unread.UNREAD, is_outgrown=True)
        tending.record_tending(db, _task(course), outgrown, LATER)
    assert _task(course).is_outgrown
    assert _task(course).due_at == LATER
