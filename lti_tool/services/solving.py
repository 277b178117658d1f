"""Working a plan out: from people's time to a proposal. Only the worker loads the solver."""

from collections.abc import Sequence
from datetime import date

import holidays
import numpy as np

from lti_tool.services.agendas import BusyTime
from lti_tool.services.planning import Task
from lti_tool.services.proposal import (
    Alternative,
    Impossible,
    Proposal,
    ProposedGroup,
    ProposedSession,
    Turnout,
)
from scheduling.demand import Request
from scheduling.grid import Grid
from scheduling.planner.explain import SessionExplained, explain
from scheduling.planner.plan import plan
from scheduling.planner.problem import Agendas, NoPlanError
from scheduling.slots import horizon, pose

SECONDS = 20
SEED = 1


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
