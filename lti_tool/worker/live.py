"""The jobs that live sessions are planned with: reading agendas and making plans."""

from lti_tool import clock
from lti_tool.services.agendas import reading, refreshing
from lti_tool.services.live import planning, solving
from lti_tool.worker.workshop import Chore, Workshop, do_all
from lti_tool.zone import ZONE


def read_agendas(shop: Workshop) -> None:
    do_all(shop, Chore("agenda", refreshing.claim_reading, _read_agenda, refreshing.put_off_reading))


def make_plans(shop: Workshop) -> None:
    do_all(shop, Chore("plan", planning.claim_plan, _make_plan, solving.put_off_plan))


def _read_agenda(shop: Workshop, agenda_id: int) -> str:
    with shop.database.read() as db:
        assignment = refreshing.read_assignment(db, shop.vault, agenda_id, clock.now())
    if assignment is None:
        return "taken away"
    hosts = shop.settings.trusted_hosts
    outcome = reading.read(assignment, zone=ZONE, allowed_hosts=hosts, now=clock.now())
    with shop.database.begin() as db:
        refreshing.record_reading(db, assignment, outcome, clock.now())
    return outcome.failure or ("read" if outcome.reading else "nothing new")


def _make_plan(shop: Workshop, plan_id: int) -> str:
    with shop.database.read() as db:
        task = solving.take_up(db, plan_id, clock.now())
    found = solving.work_out(task)
    with shop.database.begin() as db:
        planning.record_plan(db, plan_id, found)
    return type(found).__name__.lower()
