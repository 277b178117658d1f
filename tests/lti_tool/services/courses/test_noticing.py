"""Notices of copied courses: each is true for its own deployment, and as good twice as once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import ContextClaim, NoticesClaim
from lti_tool.lti.notices import CONTEXT_COPY, HELLO_WORLD, Notice
from lti_tool.services.courses.noticing import (
    Subscribed,
    claim_subscription,
    keep,
    note_notice,
    read_subscription,
    record_subscribing,
)
from lti_tool.services.platforms.calling import Refused
from lti_tool.storage.database import Database
from lti_tool.storage.models import Context, Deployment, NoticeSubscription, ResourceLink
from tests.lti_tool.services.gradebook import COURSE, LMS, add_gradebook

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OFFER = NoticesClaim(f"{LMS}/notices", (HELLO_WORLD, CONTEXT_COPY), frozenset())


@pytest.fixture
def course(database: Database) -> Database:
    with database.begin() as db:
        add_gradebook(db)
    return database


def _notice(
    *, type: str = CONTEXT_COPY, deployment_id: str = "1", copy: str = "c2", origins: tuple[str, ...] = ("c",)
) -> Notice:
    return Notice(
        id="n",
        type=type,
        registration_id=1,
        deployment_id=deployment_id,
        context=ContextClaim(copy, "HIM2", "Copy"),
        origin_context_ids=origins,
        issued_at=NOW,
    )


def _courses(db: Session) -> list[tuple[str, int | None]]:
    rows = db.execute(select(Context.context_id, Context.copied_from_id).order_by(Context.context_id))
    return list(rows.tuples().all())


def test_a_copy_is_known_before_anyone_opens_it_and_twice_is_as_good_as_once(course: Database) -> None:
    for _ in range(2):
        with course.begin() as db:
            note_notice(db, _notice())
    with course.read() as db:
        assert _courses(db) == [("c", None), ("c2", COURSE)]


def test_a_copy_that_was_opened_before_its_notice_came_is_a_copy_too(course: Database) -> None:
    with course.begin() as db:
        db.add(Context(id=2, deployment_id=1, context_id="c2", title="Opened"))
        db.flush()
        db.add(ResourceLink(id=2, context_id=2, link_id="l2"))
        db.flush()
        note_notice(db, _notice())
        assert _courses(db) == [("c", None), ("c2", COURSE)]
        assert db.get_one(Context, 2).title == "Opened"


def test_a_course_at_work_into_which_another_is_copied_stays_at_work(course: Database) -> None:
    with course.begin() as db:
        db.add(Context(id=2, deployment_id=1, context_id="c2", title="At work"))
        db.flush()
        db.add(ResourceLink(id=2, context_id=2, link_id="l2", cohort_id=1))
        db.flush()
        note_notice(db, _notice())
        assert _courses(db) == [("c", None), ("c2", None)]


@pytest.mark.parametrize(
    "notice",
    [
        _notice(type=HELLO_WORLD),
        _notice(deployment_id="2"),
        _notice(origins=("unknown",)),
        _notice(origins=()),
        _notice(copy="c"),
    ],
    ids=["hello", "another deployment", "a course we never saw", "no origin", "a copy of itself"],
)
def test_other_notices_change_nothing(course: Database, notice: Notice) -> None:
    with course.begin() as db:
        note_notice(db, notice)
        assert _courses(db) == [("c", None)]


def test_only_the_notices_that_we_act_on_are_asked_for(course: Database) -> None:
    with course.begin() as db:
        keep(db, db.get_one(Deployment, 1), OFFER, NOW)
        subscription_id = claim_subscription(db, NOW)
        assert subscription_id is not None
        subscription = read_subscription(db, subscription_id)
        assert (subscription.url, subscription.types) == (f"{LMS}/notices", (CONTEXT_COPY,))


def test_a_platform_without_notices_of_copies_is_not_asked(course: Database) -> None:
    with course.begin() as db:
        keep(db, db.get_one(Deployment, 1), NoticesClaim(OFFER.url, (HELLO_WORLD,), frozenset()), NOW)
        assert claim_subscription(db, NOW) is None


def test_an_address_that_moved_while_it_was_asked_is_asked_again(course: Database) -> None:
    with course.begin() as db:
        keep(db, db.get_one(Deployment, 1), OFFER, NOW)
        subscription_id = claim_subscription(db, NOW)
        assert subscription_id is not None
        subscription = read_subscription(db, subscription_id)
        keep(db, db.get_one(Deployment, 1), NoticesClaim(f"{LMS}/new", OFFER.types, frozenset()), NOW)
        record_subscribing(db, subscription, Subscribed(), NOW)
        row = db.scalars(select(NoticeSubscription)).one()
        assert (row.url, row.subscribed_at, row.due_at) == (f"{LMS}/new", None, NOW)


def test_a_refused_subscription_says_why(course: Database) -> None:
    with course.begin() as db:
        keep(db, db.get_one(Deployment, 1), OFFER, NOW)
        record_subscribing(db, read_subscription(db, 1), Refused("403"), NOW)
        assert db.scalar(select(NoticeSubscription.failure)) == "403"
