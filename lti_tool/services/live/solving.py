"""Working a plan out: from people's time to a proposal. Only the worker loads the solver."""

from collections.abc import Sequence
from datetime import date, datetime

import holidays
import numpy as np
from sqlalchemy.orm import Session

from lti_tool.services.agendas.busy_time import BusyTime
from lti_tool.services.live import planning
from lti_tool.services.live.planning import Task
from lti_tool.services.live.proposal import (
    Alternative,
    Impossible,
    Proposal,
    ProposedGroup,
    ProposedSession,
    Turnout,
)
from lti_tool.storage import work
from lti_tool.storage.models import Plan
from scheduling.demand import Request
from scheduling.grid import Grid
from scheduling.planner.explain import SessionExplained, explain
from scheduling.planner.plan import plan
from scheduling.planner.problem import Agendas, NoPlanError
from scheduling.slots import horizon, pose

SECONDS = 20
SEED = 1
MOST_ATTEMPTS = 3


class TooManyAttemptsError(Exception):
    """Each attempt at this plan ended its worker."""


def take_up(db: Session, plan_id: int, now: datetime) -> Task:
    """Return what there is to work out; raise `TooManyAttemptsError` where that was tried often enough."""
    if db.get_one(Plan, plan_id).attempts > MOST_ATTEMPTS:
        raise TooManyAttemptsError
    return planning.read_task(db, plan_id, now)


def put_off_plan(db: Session, plan_id: int, now: datetime) -> None:
    """Try a plan again later whose working out broke off; after the last attempt it has failed."""
    if db.get_one(Plan, plan_id).attempts >= MOST_ATTEMPTS:
        planning.fail_plan(db, plan_id)
    else:
        work.put_off(db, Plan, plan_id, now)


def work_out(task: Task) -> Proposal | Impossible:
    """Return the best proposal for the request, or why there is none; outside any transaction."""
    grid = horizon(task.request)
    problem = pose(
        task.request,
        people=_agendas(list(task.learners.values()), grid),
        hosts=_agendas(task.hosts, grid),
        excluded=public_holidays(task.request),
    )
    try:
        found = plan(problem, seconds=SECONDS, seed=SEED)
    except NoPlanError as error:
        return Impossible(error.rule.value, error.session, error.needed, error.found)
    return Proposal(
        sessions=tuple(
            _session(explained, seats, list(task.learners))
            for explained, seats in zip(explain(problem, found), found.seats, strict=True)
        ),
        steps=found.steps,
        learners=len(task.learners),
        without_agenda=sum(time is None for time in task.learners.values()),
    )


def public_holidays(request: Request) -> frozenset[date]:
    """Return the Belgian public holidays of the request's years."""
    years = range(request.first_day.year, request.last_day.year + 1)
    return frozenset(holidays.country_holidays("BE", years=years))


def _agendas(times: Sequence[BusyTime | None], grid: Grid) -> Agendas:
    shape = (len(times), grid.slots)
    busy, tentative, unknown = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    for row, time in enumerate(times):
        if time is None:
            unknown[row] = True
        else:
            busy[row], tentative[row], unknown[row] = time.busy, time.tentative, time.unknown
    return Agendas(busy, tentative, unknown)


def _session(
    explained: SessionExplained, seats: Sequence[Sequence[int]], learners: Sequence[int]
) -> ProposedSession:
    return ProposedSession(
        groups=tuple(
            ProposedGroup(
                start=group.start,
                turnout=Turnout(
                    can=group.turnout.free,
                    tentative=group.turnout.tentative,
                    unknown=group.turnout.unknown,
                    cannot=group.turnout.busy,
                ),
                alternatives=tuple(Alternative(other.start, other.change) for other in group.alternatives),
                seats=tuple(sorted(learners[row] for row in seated)),
            )
            for group, seated in zip(explained.groups, seats, strict=True)
        )
    )
