"""A worker's workshop on a small cohort, whose learners' agendas a local server gives."""

from pathlib import Path

from lti_tool import clock
from lti_tool.services.agendas.sources import connect_address
from lti_tool.settings import DEMO_SECRET, Settings
from lti_tool.storage.vault import Vault
from lti_tool.worker.run import open_workshop
from lti_tool.worker.workshop import Workshop
from tests.lti_tool.lti.server import LocalServer
from tests.lti_tool.services.cohort import add_cohort

LEARNERS = (2, 3, 4)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//NL\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    b"DTSTAMP:20270301T090000Z\r\nDTSTART:20270301T090000Z\r\nDTEND:20270301T100000Z\r\n"
    b"SUMMARY:Teamoverleg\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def small_workshop(database_url: str, folder: Path, server: LocalServer) -> Workshop:
    """Return a workshop with a cohort of three learners; close its database in the end."""
    shop = open_workshop(
        Settings(
            secret_key=DEMO_SECRET,
            base_url="http://127.0.0.1:8000",
            database_url=database_url,
            data_dir=folder,
            demo=True,
            trusted_hosts=frozenset({f"127.0.0.1:{server.port}"}),
        )
    )
    with shop.database.begin() as db:
        add_cohort(db, learners=len(LEARNERS))
    return shop


def connect_agendas(shop: Workshop, server: LocalServer) -> None:
    """Connect an agenda of each learner, due in the order of the learners."""
    for learner in LEARNERS:
        connect_agenda(shop, learner, f"{server.url}/{learner}.ics", Vault(DEMO_SECRET))


def connect_agenda(shop: Workshop, learner: int, address: str, vault: Vault) -> None:
    with shop.database.begin() as db:
        connect_address(db, vault, learner, address, clock.now())
