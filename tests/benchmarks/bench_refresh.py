"""What it costs to keep ten thousand agendas fresh: the worker's own job, over HTTP, its children included.

The figure is processor time: how many cores are busy if each agenda is read once a quarter of an hour and
one in ten has changed. Of the others half answer that there is nothing new, and half send everything again.
"""

import resource
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.services.agendas.sources import connect_address
from lti_tool.settings import DEMO_SECRET, Settings
from lti_tool.storage.database import Database
from lti_tool.storage.models import Agenda, Person, Registration
from lti_tool.storage.schema import upgrade
from lti_tool.worker.live import read_agendas
from lti_tool.worker.run import open_workshop
from lti_tool.worker.workshop import Workshop
from tests.benchmarks.calendar_server import EVENTS
from tests.benchmarks.programs import serving
from tests.benchmarks.report import report
from tests.lti_tool.services.cohort import add_cohort
from tests.platform.serving import free_port

AGENDAS, EACH_SECONDS = 10_000, 15 * 60
PEOPLE = 60  # of each temper
SHARES = {"kept": 0.45, "same": 0.45, "changed": 0.1}
BUDGET = 2.0  # cores


def main() -> None:
    with TemporaryDirectory(prefix="klimop-bench-") as folder:
        costs = _costs(Path(folder))
    cores = sum(SHARES[temper] * cost for temper, cost in costs.items()) * AGENDAS / EACH_SECONDS
    report(
        "refresh",
        ratio=BUDGET / cores,
        details={"cores": round(cores, 2), "agendas": AGENDAS, "events_each": EVENTS}
        | {f"{temper}_ms": round(cost * 1000, 1) for temper, cost in costs.items()},
        columns=("an agenda that", "share", "ms of processor", "cores for all"),
        rows=[
            (
                words,
                SHARES[temper],
                costs[temper] * 1000,
                SHARES[temper] * costs[temper] * AGENDAS / EACH_SECONDS,
            )
            for temper, words in (
                ("kept", "answers: nothing new"),
                ("same", "sends the same again"),
                ("changed", "has changed"),
            )
        ],
    )


def _costs(folder: Path) -> dict[str, float]:
    """Return the seconds of processor time of one refresh, by the temper of the server."""
    port = free_port()
    settings = Settings(
        secret_key=DEMO_SECRET,
        base_url="http://127.0.0.1:8000",
        database_url=f"sqlite:///{folder}/klimop.sqlite3",
        data_dir=folder,
        demo=True,
        trusted_hosts=frozenset({"127.0.0.1"}),
    )
    database = Database(settings.database_url)
    upgrade(database.engine)
    database.close()
    shop = open_workshop(settings)
    with serving([sys.executable, "-m", "tests.benchmarks.calendar_server", str(port)], port):
        _with(shop, lambda db: _connect_all(db, shop, port))
        read_agendas(shop)  # the first reading, of everything
        costs = {temper: _cost(shop, temper) for temper in SHARES}
    shop.database.close()
    return costs


def _connect_all(db: Session, shop: Workshop, port: int) -> None:
    add_cohort(db, learners=0)
    registration = db.scalars(select(Registration.id)).one()
    for temper in SHARES:
        for number in range(PEOPLE):
            person = Person(registration_id=registration, subject=f"{temper}-{number}")
            db.add(person)
            db.flush()
            address = f"http://127.0.0.1:{port}/{temper}/{number}.ics"
            connect_address(db, shop.vault, person.id, address, clock.now())


def _cost(shop: Workshop, temper: str) -> float:
    people = select(Person.id).where(Person.subject.startswith(temper))
    _with(shop, lambda db: db.execute(update(Agenda).values(due_at=None)))
    due = update(Agenda).where(Agenda.person_id.in_(people)).values(due_at=clock.now())
    _with(shop, lambda db: db.execute(due))
    before = _used()
    read_agendas(shop)
    return (_used() - before) / PEOPLE


def _with(shop: Workshop, do: Callable[[Session], object]) -> None:
    with shop.database.begin() as db:
        do(db)


def _used() -> float:
    """Return the processor time of this process and of the children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
