"""The jobs: each takes the rows that are due, one after the other, until none is left.

A job holds no transaction while it waits for a network or a solver.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from lti_tool import clock
from lti_tool.services import agendas, grading, launching, planning
from lti_tool.services.solving import work_out
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import forget_old_logins
from lti_tool.storage.vault import Vault
from lti_tool.zone import ZONE

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workshop:
    """What every job needs."""

    settings: Settings
    database: Database
    vault: Vault
    scores: grading.ScoreSender


Job = Callable[[Workshop], None]


def send_scores(shop: Workshop) -> None:
    while True:
        with shop.database.begin() as db:
            errand = grading.take_due_score(db, clock.now())
        if errand is None:
            return
        outcome = grading.send(errand, shop.scores, clock.now())
        with shop.database.begin() as db:
            grading.record_sending(db, errand, outcome, clock.now())
        log.info("score %s: %s", errand.score_id, outcome.word)


def read_agendas(shop: Workshop) -> None:
    while True:
        with shop.database.begin() as db:
            assignment = agendas.take_due_reading(db, shop.vault, clock.now())
        if assignment is None:
            return
        outcome = agendas.read(
            assignment, zone=ZONE, allowed_hosts=shop.settings.calendar_hosts, now=clock.now()
        )
        with shop.database.begin() as db:
            agendas.record_reading(db, assignment.agenda_id, outcome, clock.now())
        log.info("agenda %s: %s", assignment.agenda_id, outcome.failure or "read")


def make_plans(shop: Workshop) -> None:
    while True:
        with shop.database.begin() as db:
            task = planning.take_due_plan(db, clock.now())
        if task is None:
            return
        found = work_out(task)
        with shop.database.begin() as db:
            planning.record_plan(db, task.plan_id, found)
        log.info("plan %s: %s", task.plan_id, type(found).__name__.lower())


def forget(shop: Workshop) -> None:
    with shop.database.begin() as db:
        forget_old_logins(db, clock.now())
        launching.forget_old_visits(db, clock.now())


# Each job with the seconds between two wakes.
JOBS: tuple[tuple[Job, int], ...] = ((send_scores, 2), (make_plans, 1), (read_agendas, 10), (forget, 600))
