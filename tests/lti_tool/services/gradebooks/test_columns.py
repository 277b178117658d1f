"""Which columns the gradebooks of a cohort's courses hold: those of links, and ours where none came."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.gradebooks.columns import keep_claimed, plan_columns
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, Context, Grading, LineItem, Opens, ResourceLink, Score
from tests.lti_tool.services.gradebook import CHECK, COURSE, LMS, add_column, add_gradebook, hand_in

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CLAIMED = f"{LMS}/items/7"
Shown = list[tuple[str, str | None, str]]


@pytest.fixture
def course(database: Database) -> Database:
    """A course whose link opens a module with two graded units, without a column so far."""
    with database.begin() as db:
        add_gradebook(db)
    return database


def _columns(db: Session) -> Shown:
    """Return unit, address and fate of each column."""
    return [
        (row.unit_id, row.url, "unwanted" if row.is_unwanted else "ours" if row.is_ours else "claimed")
        for row in db.scalars(select(LineItem).order_by(LineItem.unit_id, LineItem.is_ours, LineItem.id))
    ]


def _due(db: Session) -> list[tuple[str, datetime | None]]:
    return [(row.unit_id, row.due_at) for row in db.scalars(select(LineItem).order_by(LineItem.unit_id))]


def _launch(db: Session, url: str | None, now: datetime = NOW) -> None:
    keep_claimed(db, db.get_one(ResourceLink, 1), db.get_one(Context, COURSE), url, now)


def _choose(db: Session, grading: Grading, now: datetime = LATER) -> None:
    db.get_one(Cohort, 1).grading = grading
    plan_columns(db, 1, now)


def test_a_links_column_gets_what_was_earned_before(course: Database) -> None:
    with course.begin() as db:
        hand_in(db, CHECK, 0.5, NOW)
        _launch(db, CLAIMED)
        assert _columns(db) == [("", CLAIMED, "claimed")]
        assert [(row.share, row.due_at) for row in db.scalars(select(Score))] == [(0.5, NOW)]


def test_a_link_that_brings_no_column_gets_one_of_ours(course: Database) -> None:
    with course.begin() as db:
        _launch(db, None)
        assert _columns(db) == [("", None, "ours")]
        assert _due(db) == [("", NOW)]


def test_a_course_that_takes_no_columns_gets_none(course: Database) -> None:
    with course.begin() as db:
        db.get_one(Context, COURSE).line_items_url = None
        _launch(db, None)
        assert _columns(db) == []


def test_a_link_to_the_live_sessions_needs_no_column_and_has_no_marks(course: Database) -> None:
    with course.begin() as db:
        db.get_one(ResourceLink, 1).opens = Opens.LIVE
        _launch(db, None)
        _launch(db, CLAIMED)
        assert _columns(db) == []


def test_a_link_to_a_unit_that_there_never_was_has_no_column(course: Database) -> None:
    with course.begin() as db:
        link = db.get_one(ResourceLink, 1)
        link.opens, link.unit_id = Opens.UNIT, "third"
        _launch(db, CLAIMED)
        assert _columns(db) == [("", None, "ours")]


def test_a_column_that_comes_with_a_link_takes_the_place_of_ours(course: Database) -> None:
    with course.begin() as db:
        add_column(db, is_ours=True)
        _launch(db, CLAIMED, LATER)
        assert _columns(db) == [("", CLAIMED, "claimed"), ("", f"{LMS}/items/1", "unwanted")]
        ours = db.scalars(select(LineItem).where(LineItem.is_ours)).one()
        assert ours.due_at == LATER


def test_a_column_of_ours_that_is_claimed_for_the_link_is_the_links_from_then_on(course: Database) -> None:
    with course.begin() as db:
        add_column(db, url=CLAIMED, is_ours=True)
        _choose(db, Grading.NOTHING)
        assert _columns(db) == [("", CLAIMED, "unwanted")]
        _launch(db, CLAIMED)
        assert _columns(db) == [("", CLAIMED, "claimed")]


def test_a_platform_that_claims_our_column_of_something_else_for_the_link_changes_nothing(
    course: Database,
) -> None:
    with course.begin() as db:
        add_column(db, unit_id="first", url=CLAIMED, is_ours=True)
        _choose(db, Grading.UNITS)
        _launch(db, CLAIMED)
        assert _columns(db) == [("first", CLAIMED, "ours"), ("second", None, "ours")]


def test_a_link_that_opens_something_else_takes_its_column_along_and_its_old_marks_not(
    course: Database,
) -> None:
    with course.begin() as db:
        _launch(db, CLAIMED)
        hand_in(db, CHECK, 0.5, NOW)
        link = db.get_one(ResourceLink, 1)
        link.opens, link.unit_id = Opens.UNIT, "second"
        _launch(db, CLAIMED, LATER)
        assert ("second", CLAIMED, "claimed") in _columns(db)
        assert list(db.scalars(select(Score))) == []


def test_a_column_that_went_with_its_link_is_forgotten_with_its_marks(course: Database) -> None:
    with course.begin() as db:
        _launch(db, CLAIMED)
        hand_in(db, CHECK, 0.5, NOW)
        _launch(db, f"{LMS}/items/8", LATER)
        assert _columns(db) == [("", f"{LMS}/items/8", "claimed")]
        assert [row.due_at for row in db.scalars(select(Score))] == [LATER]


@pytest.mark.parametrize(
    ("grading", "columns"),
    [
        (Grading.MODULE, [("", None, "ours")]),
        (Grading.UNITS, [("first", None, "ours"), ("second", None, "ours")]),
        (Grading.NOTHING, []),
    ],
)
def test_the_settings_say_which_columns_are_made(course: Database, grading: Grading, columns: Shown) -> None:
    with course.begin() as db:
        _choose(db, grading)
        assert _columns(db) == columns


def test_other_settings_let_columns_of_ours_go_and_come_back(course: Database) -> None:
    with course.begin() as db:
        _choose(db, Grading.MODULE, NOW)
        _choose(db, Grading.UNITS, LATER)
        assert _columns(db) == [("", None, "unwanted"), ("first", None, "ours"), ("second", None, "ours")]
        assert _due(db) == [("", LATER), ("first", LATER), ("second", LATER)]
        _choose(db, Grading.MODULE, LATER)
        assert _columns(db) == [
            ("", None, "ours"),
            ("first", None, "unwanted"),
            ("second", None, "unwanted"),
        ]


def test_a_links_column_outlives_settings_that_do_not_ask_for_it(course: Database) -> None:
    with course.begin() as db:
        _launch(db, CLAIMED)
        _choose(db, Grading.UNITS)
        hand_in(db, CHECK, 0.5, NOW)
        assert _columns(db) == [("", CLAIMED, "claimed"), ("first", None, "ours"), ("second", None, "ours")]
        assert len(list(db.scalars(select(Score)))) == 2


def test_planning_twice_plans_nothing_new(course: Database) -> None:
    with course.begin() as db:
        _choose(db, Grading.UNITS, NOW)
        before = _columns(db)
        plan_columns(db, 1, LATER)
        assert _columns(db) == before
