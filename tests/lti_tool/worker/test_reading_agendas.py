"""Agendas are read one after the other; one that breaks off is told to its owner and stops no other."""

from collections.abc import Iterator

from sqlalchemy import select

from lti_tool.storage.models import Agenda
from lti_tool.storage.vault import Vault
from lti_tool.worker.live import read_agendas
from lti_tool.worker.workshop import Workshop
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.worker.workshop import CALENDAR, LEARNERS, connect_agenda, connect_agendas


def _agendas(shop: Workshop) -> list[Agenda]:
    with shop.database.read() as db:
        return list(db.scalars(select(Agenda).order_by(Agenda.person_id)))


def test_an_agenda_that_cannot_be_deciphered_does_not_stop_the_others(
    shop: Workshop, server: LocalServer
) -> None:
    broken, *fine = LEARNERS
    address = f"{server.url}/secret.ics"
    connect_agenda(shop, broken, address, Vault("the secret key of a former installation"))
    for learner in fine:
        connect_agenda(shop, learner, server.answer(f"/{learner}.ics", Reply(content=CALENDAR)), shop.vault)
    read_agendas(shop)
    found = _agendas(shop)
    assert [(agenda.failure, agenda.read_at is not None, agenda.leased_until) for agenda in found] == [
        ("lost_address", False, None),
        (None, True, None),
        (None, True, None),
    ]


def test_a_worker_that_is_stopped_finishes_the_agenda_in_hand_and_takes_no_other(
    shop: Workshop, server: LocalServer
) -> None:
    def stop() -> Iterator[bytes]:
        shop.stopping.set()
        yield CALENDAR

    connect_agendas(shop, server)
    for learner in LEARNERS:
        server.answer(f"/{learner}.ics", Reply(drip=stop))
    read_agendas(shop)
    assert [agenda.read_at is not None for agenda in _agendas(shop)] == [True, False, False]
    assert [agenda.attempts for agenda in _agendas(shop)] == [0, 0, 0]
    assert len(server.seen) == 1
