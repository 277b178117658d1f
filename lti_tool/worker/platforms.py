"""The jobs that call platforms."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from lti_tool import clock
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.services.courses import noticing, rosters, syncing
from lti_tool.services.gradebooks import column_service, sending, tending
from lti_tool.services.platforms import calling
from lti_tool.services.platforms.calling import Refused, Waiting
from lti_tool.worker.workshop import Chore, Workshop, do_all

T = TypeVar("T")
NOTICES_PATH = "/lti/notices"


def subscribe(shop: Workshop) -> None:
    do_all(shop, Chore("notices", noticing.claim_subscription, _subscribe, noticing.put_off_subscribing))


def read_rosters(shop: Workshop) -> None:
    do_all(shop, Chore("roster", rosters.claim_roster, _read_roster, rosters.put_off_roster))


def tend_columns(shop: Workshop) -> None:
    do_all(shop, Chore("column", tending.claim_column, _tend_column, tending.put_off_tending))


def send_scores(shop: Workshop) -> None:
    do_all(shop, Chore("score", sending.claim_score, _send_score, sending.put_off_score))


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
