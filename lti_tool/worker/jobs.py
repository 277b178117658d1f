"""The jobs: each takes the rows that are due, one after the other, until none is left or the worker stops.

A job holds no transaction while it waits for a network or a solver. A row whose work breaks off is put off,
and the next one is taken.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Event
from typing import TypeVar

from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.logs import trail
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.services.courses import noticing, rosters, syncing
from lti_tool.services.gradebooks import column_service, sending, tending
from lti_tool.services.launches import visiting
from lti_tool.services.live import agendas, planning, solving
from lti_tool.services.live.agendas import NoAgendaError
from lti_tool.services.platforms import calling, key_rotation, operating
from lti_tool.services.platforms.calling import Caller, Refused, Waiting
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.vault import Vault
from lti_tool.worker.rests import Rests
from lti_tool.zone import ZONE

log = logging.getLogger(__name__)

T = TypeVar("T")
NOTICES_PATH = "/lti/notices"


@dataclass(frozen=True)
class Workshop:
    """What every job needs; once `stopping` is set, no job takes another row."""

    settings: Settings
    database: Database
    vault: Vault
    caller: Caller
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


def subscribe(shop: Workshop) -> None:
    _do_all(shop, Chore("notices", noticing.claim_subscription, _subscribe, noticing.put_off_subscribing))


def read_rosters(shop: Workshop) -> None:
    _do_all(shop, Chore("roster", rosters.claim_roster, _read_roster, rosters.put_off_roster))


def tend_columns(shop: Workshop) -> None:
    _do_all(shop, Chore("column", tending.claim_column, _tend_column, tending.put_off_tending))


def send_scores(shop: Workshop) -> None:
    _do_all(shop, Chore("score", sending.claim_score, _send_score, sending.put_off_score))


def read_agendas(shop: Workshop) -> None:
    _do_all(shop, Chore("agenda", agendas.claim_reading, _read_agenda, agendas.put_off_reading))


def make_plans(shop: Workshop) -> None:
    _do_all(shop, Chore("plan", planning.claim_plan, _make_plan, solving.put_off_plan))


def forget(shop: Workshop) -> None:
    with shop.database.begin() as db:
        visiting.forget_old_visits(db, clock.now())
        operating.forget_old_refusals(db, clock.now())
        key_rotation.forget_old_keys(db, clock.now())


# Each job with the seconds between two wakes.
JOBS: tuple[tuple[Job, int], ...] = (
    (subscribe, 10),
    (read_rosters, 5),
    (tend_columns, 2),
    (send_scores, 2),
    (make_plans, 1),
    (read_agendas, 10),
    (forget, 600),
)


def _do_all(shop: Workshop, chore: Chore) -> None:
    while not shop.stopping.is_set():
        with shop.database.begin() as db:
            row_id = chore.claim(db, clock.now())
        if row_id is None:
            return
        try:
            log.info("%s %s: %s", chore.name, row_id, chore.do(shop, row_id))
        except Exception as error:
            log.error("%s %s: %s", chore.name, row_id, trail(error))
            with shop.database.begin() as db:
                chore.put_off(db, row_id, clock.now())


def _subscribe(shop: Workshop, subscription_id: int) -> str:
    with shop.database.read() as db:
        subscription = noticing.read_subscription(db, subscription_id)
    handler = shop.settings.base_url + NOTICES_PATH
    outcome = _call(shop, subscription.platform, partial(noticing.subscribe, subscription, handler=handler))
    with shop.database.begin() as db:
        noticing.record_subscribing(db, subscription, outcome, clock.now())
    return _word(outcome)


def _read_roster(shop: Workshop, roster_id: int) -> str:
    with shop.database.read() as db:
        task = rosters.read_task(db, roster_id, clock.now())
    outcome = _call(shop, task.platform, partial(rosters.read_members, task))
    with shop.database.begin() as db:
        syncing.record_sync(db, task, outcome, clock.now())
    return _word(outcome)


def _tend_column(shop: Workshop, line_item_id: int) -> str:
    with shop.database.read() as db:
        task = tending.read_task(db, line_item_id, clock.now())
    outcome = _call(shop, task.platform, partial(column_service.tend, task))
    with shop.database.begin() as db:
        tending.record_tending(db, task, outcome, clock.now())
    return _word(outcome)


def _send_score(shop: Workshop, score_id: int) -> str:
    with shop.database.read() as db:
        errand = sending.read_errand(db, score_id)
    outcome = _call(shop, errand.platform, partial(sending.send, errand))
    with shop.database.begin() as db:
        sending.record_sending(db, errand, outcome, clock.now())
    return _word(outcome)


def _call(
    shop: Workshop, platform: PlatformRegistration, work: Callable[[PlatformConnector], T]
) -> T | Waiting | Refused:
    """Do work with a platform, unless it did not answer just now and is left alone."""
    rest = shop.rests.left(platform.id, clock.now())
    if rest:
        return Waiting("platform left alone", rest)
    outcome = calling.outcome_of(work, shop.caller.connector(platform, clock.now()))
    if isinstance(outcome, Waiting):
        shop.rests.begin(platform.id, clock.now(), at_least=outcome.wait)
    else:
        shop.rests.end(platform.id)
    return outcome


def _word(outcome: object) -> str:
    """Return what came of a call, for the log: no answer of a platform is quoted."""
    if isinstance(outcome, Waiting):
        return f"waits: {outcome.cause}"
    return f"refused: {outcome.code}" if isinstance(outcome, Refused) else type(outcome).__name__.lower()


def _read_agenda(shop: Workshop, agenda_id: int) -> str:
    try:
        with shop.database.read() as db:
            assignment = agendas.read_assignment(db, shop.vault, agenda_id, clock.now())
    except NoAgendaError:
        return "taken away"
    outcome = agendas.read(assignment, zone=ZONE, allowed_hosts=shop.settings.trusted_hosts, now=clock.now())
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
