"""The worker as a process of its own: it ends when asked, with the row in hand finished."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Barrier
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from lti_tool.storage.models import Agenda
from lti_tool.worker import run
from lti_tool.worker.live import read_agendas
from lti_tool.worker.workshop import Workshop
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.worker.workshop import CALENDAR, LEARNERS, connect_agendas

WORKER = [sys.executable, "-c", "from lti_tool.cli import main; main()", "worker"]


def test_sigterm_ends_the_worker_after_the_agenda_in_hand(shop: Workshop, server: LocalServer) -> None:
    settings = {
        "DATABASE_URL": shop.settings.database_url,
        "KLIMOP_DATA_DIR": str(shop.settings.data_dir),
        "KLIMOP_TRUSTED_HOSTS": " ".join(shop.settings.trusted_hosts),
        "KLIMOP_DEMO": "1",
    }

    def stop() -> Iterator[bytes]:
        worker.send_signal(signal.SIGTERM)
        sleep(0.5)
        yield CALENDAR

    for learner in LEARNERS:
        server.answer(f"/{learner}.ics", Reply(drip=stop))
    connect_agendas(shop, server)
    others = {name: value for name, value in os.environ.items() if not name.startswith("KLIMOP_")}
    with subprocess.Popen(WORKER, env=others | settings, stderr=subprocess.PIPE) as worker:
        _, said = worker.communicate(timeout=60)
    assert worker.returncode == 0, said.decode()
    with shop.database.read() as db:
        read = db.scalars(select(Agenda.read_at).order_by(Agenda.person_id)).all()
    assert [moment is not None for moment in read] == [True, False, False]


def test_one_slow_calendar_does_not_keep_the_others_waiting(
    shop: Workshop, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "JOBS", ((read_agendas, 0.1),))
    together = Barrier(len(LEARNERS), timeout=20)

    def wait_for_each_other() -> Iterator[bytes]:
        together.wait()
        yield CALENDAR

    for learner in LEARNERS:
        server.answer(f"/{learner}.ics", Reply(drip=wait_for_each_other))
    connect_agendas(shop, server)
    scheduler = run.scheduler_of(shop)
    scheduler.start()
    deadline = monotonic() + 20
    while monotonic() < deadline and not together.broken and len(server.seen) < len(LEARNERS):
        sleep(0.05)
    shop.stopping.set()
    scheduler.shutdown()
    with shop.database.read() as db:
        read = db.scalars(select(Agenda.read_at).order_by(Agenda.person_id)).all()
    assert [moment is not None for moment in read] == [True] * len(LEARNERS)
    assert len(server.seen) == len(LEARNERS)
