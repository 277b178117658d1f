"""Publishing plans: sessions keep their identity, nothing that has begun is touched, everyone is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.loader import LIBRARY, load_module
from content.schedule import Schedule
from lti_tool.lti.roles import Role
from lti_tool.services.live.planning import (
    NotADraftError,
    TimesPassedError,
    fail_plan,
    find_plan,
    first_request,
    publish_plan,
    read_task,
    record_plan,
    request_plan,
    seat_newcomer,
)
from lti_tool.services.live.proposal import Impossible, Proposal, ProposedGroup, ProposedSession, Turnout
from lti_tool.services.study.learning import Course
from lti_tool.services.study.publishing import Published
from lti_tool.storage.database import Database
from lti_tool.storage.models import Enrolment, LiveSession, PlanStatus, Seat
from scheduling.demand import Request
from tests.lti_tool.services.cohort import NOW, TEACHER, add_cohort, add_enrolment

DAY = timedelta(days=1)
LEARNERS = (2, 3, 4)


@pytest.fixture
def cohort(database: Database) -> Database:
    with database.begin() as db:
        add_cohort(db, learners=len(LEARNERS))
    return database


def _request(*, sessions: int = 1, groups: int = 1, capacity: int | None = None) -> Request:
    return Request(
        sessions=sessions,
        minutes=60,
        first_day=date(2027, 1, 18),
        last_day=date(2027, 3, 12),
        groups=groups,
        capacity=capacity,
    )


def _proposal(*sessions: tuple[tuple[datetime, tuple[int, ...]], ...]) -> Proposal:
    return Proposal(
        sessions=tuple(
            ProposedSession(
                tuple(
                    ProposedGroup(start, Turnout(len(seats), 0, 0, 3 - len(seats)), (), seats)
                    for start, seats in groups
                )
            )
            for groups in sessions
        ),
        steps=(),
        learners=len(LEARNERS),
        without_agenda=0,
    )


def _draft(db: Session, proposal: Proposal, *, now: datetime = NOW, capacity: int | None = None) -> int:
    request = _request(
        sessions=len(proposal.sessions), groups=len(proposal.sessions[0].groups), capacity=capacity
    )
    plan_id = request_plan(db, 1, TEACHER, request, now)
    record_plan(db, plan_id, proposal)
    return plan_id


def _publish(
    database: Database, proposal: Proposal, *, now: datetime = NOW, capacity: int | None = None
) -> None:
    with database.begin() as db:
        publish_plan(db, _draft(db, proposal, now=now, capacity=capacity), now)


def _sessions(database: Database) -> dict[tuple[int, int], tuple[datetime, int, bool]]:
    with database.read() as db:
        rows = db.scalars(select(LiveSession)).all()
    return {
        (row.number, row.group): (row.starts_at, row.sequence, row.cancelled_at is not None) for row in rows
    }


def _seats(database: Database) -> dict[tuple[int, int], set[int]]:
    with database.read() as db:
        rows = db.execute(
            select(LiveSession.number, LiveSession.group, Seat.enrolment_id).join(
                Seat, Seat.live_session_id == LiveSession.id
            )
        ).all()
    seats: dict[tuple[int, int], set[int]] = {}
    for number, group, enrolment_id in rows:
        seats.setdefault((number, group), set()).add(enrolment_id)
    return seats


def test_everyone_is_invited_also_who_cannot_come(cohort: Database) -> None:
    _publish(cohort, _proposal((((NOW + 14 * DAY), (2,)),)))
    assert _seats(cohort) == {(1, 1): {2, 3, 4}}


def test_who_cannot_come_is_invited_where_most_places_are_left(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2, 3)), (NOW + 15 * DAY, ()))))
    assert _seats(cohort) == {(1, 1): {2, 3}, (1, 2): {4}}


def test_no_group_holds_more_than_its_places(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (3,)),)), capacity=2)
    assert _seats(cohort) == {(1, 1): {2, 3}}


def test_a_moved_session_stays_the_same_one(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2,)),), ((NOW + 21 * DAY, (2,)),)))
    with cohort.read() as db:
        uids = set(db.scalars(select(LiveSession.uid)))
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2,)),), ((NOW + 22 * DAY, (2,)),)))
    assert _sessions(cohort) == {
        (1, 1): (NOW + 14 * DAY, 0, False),
        (2, 1): (NOW + 22 * DAY, 1, False),
    }
    with cohort.read() as db:
        assert set(db.scalars(select(LiveSession.uid))) == uids


def test_a_session_without_a_place_in_the_plan_is_cancelled_once(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2,)),), ((NOW + 21 * DAY, (2,)),)))
    for _ in range(2):
        _publish(cohort, _proposal(((NOW + 14 * DAY, (2,)),)))
    assert _sessions(cohort)[2, 1] == (NOW + 21 * DAY, 1, True)


def test_what_has_begun_stays_with_all_its_groups(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2, 3)), (NOW + 16 * DAY, (4,)))))
    later = NOW + 15 * DAY
    _publish(cohort, _proposal(((later + 14 * DAY, (2,)), (later + 15 * DAY, (3,)))), now=later)
    assert _sessions(cohort) == {
        (1, 1): (NOW + 14 * DAY, 0, False),
        (1, 2): (NOW + 16 * DAY, 0, False),
        (2, 1): (later + 14 * DAY, 0, False),
        (2, 2): (later + 15 * DAY, 0, False),
    }


def test_times_that_have_passed_are_not_published(cohort: Database) -> None:
    with cohort.begin() as db:
        plan_id = _draft(db, _proposal(((NOW + 14 * DAY, (2,)),)))
    with pytest.raises(TimesPassedError), cohort.begin() as db:
        publish_plan(db, plan_id, NOW + 15 * DAY)
    assert _sessions(cohort) == {}


def test_a_plan_is_published_once(cohort: Database) -> None:
    with cohort.begin() as db:
        plan_id = _draft(db, _proposal(((NOW + 14 * DAY, (2,)),)))
        publish_plan(db, plan_id, NOW)
        with pytest.raises(NotADraftError):
            publish_plan(db, plan_id, NOW)


def test_two_plans_published_at_once_leave_one_set_of_sessions(cohort: Database) -> None:
    with cohort.begin() as db:
        plans = [_draft(db, _proposal(((NOW + days * DAY, (2,)),))) for days in (14, 15)]

    def publish(plan_id: int) -> None:
        with cohort.begin() as db:
            publish_plan(db, plan_id, NOW)

    with ThreadPoolExecutor(2) as teachers:
        list(teachers.map(publish, plans))
    assert len(_sessions(cohort)) == 1


def test_a_late_result_does_not_undo_what_was_published(cohort: Database) -> None:
    proposal = _proposal(((NOW + 14 * DAY, (2,)),))
    with cohort.begin() as db:
        plan_id = _draft(db, proposal)
        publish_plan(db, plan_id, NOW)
        record_plan(db, plan_id, Impossible("hours", 0, 1, 0))
        fail_plan(db, plan_id)
        assert find_plan(db, plan_id, cohort_id=1).status is PlanStatus.PUBLISHED


def test_a_plan_that_cannot_be_worked_out_is_told(cohort: Database) -> None:
    with cohort.begin() as db:
        plan_id = request_plan(db, 1, TEACHER, _request(), NOW)
        fail_plan(db, plan_id)
        shown = find_plan(db, plan_id, cohort_id=1)
    assert (shown.status, shown.is_under_way, shown.proposal) == (PlanStatus.FAILED, False, None)


def test_a_newcomer_gets_a_place_where_most_are_left(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2, 3)), (NOW + 15 * DAY, (4,)))), capacity=2)
    with cohort.begin() as db:
        for number in (5, 6):
            seat_newcomer(db, add_enrolment(db, number, role=Role.LEARNER), NOW)
    assert _seats(cohort) == {(1, 1): {2, 3}, (1, 2): {4, 5}}


def test_who_has_a_place_keeps_it(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2, 3)), (NOW + 15 * DAY, (4,)))))
    with cohort.begin() as db:
        seat_newcomer(db, db.get_one(Enrolment, 2), NOW)
    assert _seats(cohort) == {(1, 1): {2, 3}, (1, 2): {4}}


def test_a_newcomer_is_not_seated_in_what_has_been(cohort: Database) -> None:
    _publish(cohort, _proposal(((NOW + 14 * DAY, (2,)),)))
    with cohort.begin() as db:
        seat_newcomer(db, add_enrolment(db, 5, role=Role.LEARNER), NOW + 15 * DAY)
    assert _seats(cohort) == {(1, 1): {2, 3, 4}}


def test_the_solver_is_asked_about_learners_only(cohort: Database) -> None:
    with cohort.begin() as db:
        task = read_task(db, request_plan(db, 1, TEACHER, _request(), NOW), NOW)
    assert (dict(task.learners), task.hosts) == (dict.fromkeys(LEARNERS), [])


def test_on_any_day_there_are_wishes_to_start_from() -> None:
    module = load_module(LIBRARY / "health-innovation-management" / "leading-care-innovation")
    course = Course(
        1, "Autumn", Published(1, module, {}), Schedule(module=module, starts_on=date(2026, 9, 21))
    )
    for days in range(-30, 400):
        today = course.starts_on + days * DAY
        wishes = first_request(course, today=today)
        assert wishes.sessions == 10
        assert wishes.first_day > today
