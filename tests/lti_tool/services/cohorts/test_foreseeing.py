"""What a change of a cohort's settings brings about, told before it is made: no more and no less."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from content.schedule import Chosen
from lti_tool.services.cohorts.configuring import Arrangement, find_arrangement
from lti_tool.services.cohorts.consequences import (
    CatchingUp,
    Closing,
    Consequence,
    DueAdded,
    DueDropped,
    DueMoved,
    FallingBehind,
    GradingChanged,
    Invited,
    LeftOut,
    MaximumChanged,
    Opening,
    OpeningMoved,
    PassMarkChanged,
    Renamed,
    SessionsStay,
)
from lti_tool.services.cohorts.foreseeing import foresee
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, Enrolment, Grading, LiveSession, Partner
from tests.lti_tool.services.classes import NOW, START, VIVES, add_class, do

WEEK = timedelta(weeks=1)


@pytest.fixture
def cohort(database: Database) -> Database:
    with database.begin() as db:
        add_class(db)
    return database


def _foresee(cohort: Database, change: Callable[[Arrangement], Arrangement]) -> tuple[Consequence, ...]:
    with cohort.read() as db:
        before = find_arrangement(db, 1)
        return foresee(db, 1, before, change(before), NOW)


def _with(**changes: Any) -> Callable[[Arrangement], Arrangement]:
    return lambda arrangement: replace(arrangement, **changes)


def _scheduled(**changes: Any) -> Callable[[Arrangement], Arrangement]:
    return lambda arrangement: replace(arrangement, schedule=replace(arrangement.schedule, **changes))


def test_what_stays_as_it_is_has_no_consequences(cohort: Database) -> None:
    assert _foresee(cohort, _with()) == ()


def test_a_later_start_moves_every_unit_and_closes_the_one_whose_turn_it_was(cohort: Database) -> None:
    with cohort.begin() as db:
        do(db, 2, "read2")
        do(db, 3, "read1", "check1")
    assert _foresee(cohort, _scheduled(starts_on=START + WEEK)) == (
        OpeningMoved((1, 2, 3), (7, 7), learners=3),
        Closing((2,), learners=3, begun=1),
        DueMoved((1, 2, 3), (7, 7)),
        CatchingUp(2),
    )


def test_units_that_move_by_different_days_are_told_together(cohort: Database) -> None:
    assert _foresee(cohort, _scheduled(weeks=6)) == (
        OpeningMoved((2, 3), (7, 14), learners=3),
        Closing((2,), learners=3, begun=0),
        DueMoved((1, 2, 3), (7, 21)),
        CatchingUp(3),
    )


def test_opening_all_at_once_opens_what_is_still_closed(cohort: Database) -> None:
    assert _foresee(cohort, _scheduled(unlocks_weekly=False)) == (
        OpeningMoved((2, 3), (-7, -14), learners=3),
        Opening((3,), learners=3),
    )


def test_what_moves_later_is_told_apart_from_what_moves_earlier(cohort: Database) -> None:
    dates = {"unit2": Chosen(opens=START + timedelta(5)), "unit3": Chosen(opens=START + 3 * WEEK)}
    assert _foresee(cohort, _scheduled(chosen=dates))[:2] == (
        OpeningMoved((3,), (7, 7), learners=3),
        OpeningMoved((2,), (-2, -2), learners=3),
    )


def test_without_due_dates_nobody_is_behind(cohort: Database) -> None:
    assert _foresee(cohort, _scheduled(has_due_dates=False)) == (DueDropped((1, 2, 3)), CatchingUp(3))
    with cohort.begin() as db:
        db.get_one(Cohort, 1).has_due_dates = False
        do(db, 2, "read1", "check1")
    assert _foresee(cohort, _scheduled(has_due_dates=True)) == (DueAdded((1, 2, 3)), FallingBehind(2))


def test_another_date_for_one_unit_touches_that_unit_alone(cohort: Database) -> None:
    chosen = {"unit3": Chosen(due=START + 3 * WEEK + timedelta(3))}
    assert _foresee(cohort, _scheduled(chosen=chosen)) == (DueMoved((3,), (4, 4)),)


def test_who_left_is_not_counted(cohort: Database) -> None:
    with cohort.begin() as db:
        db.get_one(Enrolment, 4).left_at = NOW
    assert _foresee(cohort, _scheduled(unlocks_weekly=False))[-1] == Opening((3,), learners=2)


def test_live_sessions_ahead_stay_where_they_are(cohort: Database) -> None:
    with cohort.begin() as db:
        for number, days in enumerate((-1, 3, 10), start=1):
            db.add(_session(number, days))
        cancelled = _session(4, 17)
        cancelled.cancelled_at = NOW
        db.add(cancelled)
    assert SessionsStay(2) in _foresee(cohort, _scheduled(starts_on=START + WEEK))
    assert SessionsStay(2) not in _foresee(cohort, _scheduled(unlocks_weekly=False))


def test_a_pass_mark_tells_for_whom_it_decides_otherwise(cohort: Database) -> None:
    with cohort.begin() as db:
        db.get_one(Cohort, 1).pass_share = 0.5
        do(db, 2, "check1", share=0.5)
        do(db, 3, "check1", share=0.4)
    assert _foresee(cohort, _with(pass_share=0.6)) == (PassMarkChanged(0.6, passing=0, failing=1),)
    assert _foresee(cohort, _with(pass_share=0.4)) == (PassMarkChanged(0.4, passing=1, failing=0),)
    assert _foresee(cohort, _with(pass_share=None)) == (PassMarkChanged(None, passing=0, failing=1),)


def test_gradebooks_change_in_every_course_with_a_link_that_has_a_mark(cohort: Database) -> None:
    units = _foresee(cohort, _with(grading=Grading.UNITS, maximum=20.0))
    assert units == (GradingChanged(Grading.MODULE, Grading.UNITS, courses=1),)
    assert _foresee(cohort, _with(maximum=20.0)) == (MaximumChanged(20, courses=1),)
    with cohort.begin() as db:
        db.get_one(Cohort, 1).grading = Grading.NOTHING
    assert _foresee(cohort, _with(maximum=20.0)) == ()


def test_institutions_come_and_go_with_their_links(cohort: Database) -> None:
    assert _foresee(cohort, _with(institutions=frozenset({"luca", "vives"}))) == (
        Invited(("LUCA",)),
        LeftOut(("UCLL",), links=1),
    )
    assert _foresee(cohort, _with(institutions=frozenset({"ucll"}))) == (LeftOut(("VIVES",), links=0),)


def test_a_new_name_is_told(cohort: Database) -> None:
    assert _foresee(cohort, _with(name="Voorjaar")) == (Renamed("Voorjaar"),)


def test_foreseeing_changes_nothing(cohort: Database) -> None:
    _foresee(cohort, _with(name="Voorjaar", institutions=frozenset({"ucll"})))
    with cohort.read() as db:
        assert db.get_one(Cohort, 1).name == "Autumn"
        assert VIVES in db.scalars(select(Partner.institution_id)).all()


def _session(number: int, days: int) -> LiveSession:
    starts_at = NOW + timedelta(days)
    return LiveSession(
        cohort_id=1,
        number=number,
        group=1,
        uid=str(number),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        capacity=None,
        sequence=0,
        changed_at=NOW,
    )
