"""Plans are worked out in the order of asking; one that cannot be is given up and stops no other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from lti_tool import clock
from lti_tool.services.live.planning import request_plan
from lti_tool.storage.models import Plan, PlanStatus
from lti_tool.worker.live import make_plans
from lti_tool.worker.workshop import Workshop
from scheduling.demand import Request
from tests.lti_tool.services.cohort import TEACHER

REQUEST = Request(sessions=1, minutes=60, first_day=date(2030, 3, 4), last_day=date(2030, 3, 8))
# The day after the last one cannot be written down, so there is no such horizon.
END_OF_TIME = replace(REQUEST, first_day=date.max, last_day=date.max)


def _ask(shop: Workshop, request: Request) -> int:
    with shop.database.begin() as db:
        return request_plan(db, 1, TEACHER, request, clock.now())


def _statuses(shop: Workshop) -> list[PlanStatus]:
    with shop.database.read() as db:
        return list(db.scalars(select(Plan.status).order_by(Plan.id)))


def _make_due(shop: Workshop) -> None:
    with shop.database.begin() as db:
        db.execute(update(Plan).where(Plan.due_at.is_not(None)).values(due_at=clock.now()))


def test_a_plan_that_breaks_off_does_not_stop_the_next(
    shop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    broken = _ask(shop, END_OF_TIME)
    _ask(shop, REQUEST)
    make_plans(shop)
    assert _statuses(shop) == [PlanStatus.REQUESTED, PlanStatus.DRAFT]
    [error] = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert error.startswith(f"plan {broken}: OverflowError < ")
    assert "\n" not in error


def test_a_plan_that_breaks_off_three_times_has_failed_for_good(shop: Workshop) -> None:
    _ask(shop, END_OF_TIME)
    for expected in (PlanStatus.REQUESTED, PlanStatus.REQUESTED, PlanStatus.FAILED):
        make_plans(shop)
        assert _statuses(shop) == [expected]
        _make_due(shop)
    with shop.database.read() as db:
        plan = db.scalars(select(Plan)).one()
    assert (plan.due_at, plan.leased_until) == (None, None)


def test_a_plan_that_ended_three_workers_has_failed_too(shop: Workshop) -> None:
    plan_id = _ask(shop, REQUEST)
    with shop.database.begin() as db:
        plan = db.get_one(Plan, plan_id)
        plan.attempts, plan.leased_until = 3, clock.now() - timedelta(seconds=1)
    make_plans(shop)
    assert _statuses(shop) == [PlanStatus.FAILED]
