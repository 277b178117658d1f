"""The jobs: each takes the rows that are due, one after the other, until none is left or the worker stops.

A job holds no transaction while it waits for a network or a solver. A row whose work breaks off is put off,
and the next one is taken.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event

from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.services import agendas, grading, launching, planning, solving
from lti_tool.services.agendas import NoAgendaError
from lti_tool.services.grading import Delivery, Errand, Outcome
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import forget_old_logins
from lti_tool.storage.vault import Vault
from lti_tool.worker.rests import Rests
from lti_tool.zone import ZONE

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workshop:
    """What every job needs; once `stopping` is set, no job takes another row."""

    settings: Settings
    database: Database
    vault: Vault
    scores: grading.ScoreSender
    rests: Rests = field(default_factory=Rests)
    stopping: Event = field(default_factory=Event)


Job = Callable[[Workshop], None]


@dataclass(frozen=True)
class Chore:
    """How to take a row of one kind in hand, do it (and say in a word what came of it), or put it off."""

    name: str
    claim: Callable[[Session, datetime], int | None]
    do: Callable[[Workshop, int], str]
    put_off: Callable[[Session, int, datetime], None]


def send_scores(shop: Workshop) -> None:
    _do_all(shop, Chore("score", grading.claim_score, _send_score, grading.put_off_score))


def read_agendas(shop: Workshop) -> None:
    _do_all(shop, Chore("agenda", agendas.claim_reading, _read_agenda, agendas.put_off_reading))


def make_plans(shop: Workshop) -> None:
    _do_all(shop, Chore("plan", planning.claim_plan, _make_plan, solving.put_off_plan))


def forget(shop: Workshop) -> None:
    with shop.database.begin() as db:
        forget_old_logins(db, clock.now())
        launching.forget_old_visits(db, clock.now())


# Each job with the seconds between two wakes.
JOBS: tuple[tuple[Job, int], ...] = ((send_scores, 2), (make_plans, 1), (read_agendas, 10), (forget, 600))


def _do_all(shop: Workshop, chore: Chore) -> None:
    while not shop.stopping.is_set():
        with shop.database.begin() as db:
            row_id = chore.claim(db, clock.now())
        if row_id is None:
            return
        try:
            log.info("%s %s: %s", chore.name, row_id, chore.do(shop, row_id))
        except Exception as error:
            log.error("%s %s: %s", chore.name, row_id, _trail(error))
            with shop.database.begin() as db:
                chore.put_off(db, row_id, clock.now())


def _trail(error: Exception) -> str:
    """Return an error's kind and its way through the code: what it says may quote an agenda or a name."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return " < ".join([type(error).__name__, *(f"{Path(one.filename).name}:{one.lineno}" for one in frames)])


def _send_score(shop: Workshop, score_id: int) -> str:
    with shop.database.read() as db:
        errand = grading.read_errand(db, score_id)
    outcome = _send_unless_at_rest(shop, errand)
    with shop.database.begin() as db:
        grading.record_sending(db, errand, outcome, clock.now())
    return outcome.word


def _send_unless_at_rest(shop: Workshop, errand: Errand) -> Outcome:
    platform_id = errand.platform.id
    rest = shop.rests.left(platform_id, clock.now())
    if rest:
        return Outcome(Delivery.WAITING, "platform left alone", rest)
    outcome = grading.send(errand, shop.scores, clock.now())
    if outcome.delivery is Delivery.WAITING:
        shop.rests.begin(platform_id, clock.now(), at_least=outcome.wait)
    elif outcome.delivery is not Delivery.NO_COLUMN:
        shop.rests.end(platform_id)
    return outcome


def _read_agenda(shop: Workshop, agenda_id: int) -> str:
    try:
        with shop.database.read() as db:
            assignment = agendas.read_assignment(db, shop.vault, agenda_id, clock.now())
    except NoAgendaError:
        return "taken away"
    outcome = agendas.read(assignment, zone=ZONE, allowed_hosts=shop.settings.calendar_hosts, now=clock.now())
    with shop.database.begin() as db:
        agendas.record_reading(db, assignment, outcome, clock.now())
    return outcome.failure or "read"


def _make_plan(shop: Workshop, plan_id: int) -> str:
    with shop.database.read() as db:
        task = solving.take_up(db, plan_id)
    found = solving.work_out(task)
    with shop.database.begin() as db:
        planning.record_plan(db, plan_id, found)
    return type(found).__name__.lower()
