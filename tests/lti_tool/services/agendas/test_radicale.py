"""A calendar that a real CalDAV server (Radicale) publishes: subscribed to, changed, and read again."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
import requests

from lti_tool.services.agendas import reading, sources
from lti_tool.services.agendas.reading import Outcome
from lti_tool.storage.database import Database
from lti_tool.zone import ZONE
from scheduling.interval import Interval
from tests.lti_tool.services.agendas.people import ANN, NOW, VAULT, assignment_of, only, record
from tests.platform.serving import free_port

COLLECTION = "/ann/work/"
MAKE = """<?xml version="1.0"?>
<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>
<resourcetype><collection/><C:calendar/></resourcetype><displayname>Work</displayname>
</prop></set></mkcol>"""


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[str]:
    """The address of a Radicale of this test's own."""
    with _running(tmp_path) as address:
        requests.request("MKCOL", f"{address}/ann/", timeout=10).raise_for_status()
        requests.request("MKCOL", address + COLLECTION, data=MAKE, timeout=10).raise_for_status()
        yield address


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    rights, port = folder / "rights", free_port()
    rights.write_text("[all]\nuser: .*\ncollection: .*\npermissions: RrWwi\n")
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": folder,
        "auth-type": "none",
        "rights-type": "from_file",
        "rights-file": rights,
        "logging-level": "critical",
    }
    command = [sys.executable, "-m", "radicale", "--config", ""]
    command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline and server.poll() is None:
        try:
            requests.get(address, timeout=5)
        except requests.ConnectionError:
            sleep(0.1)
        else:
            return
    raise AssertionError("Radicale did not start")


def _put(address: str, name: str, begin: str, end: str) -> None:
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//NL", "BEGIN:VEVENT", f"UID:{name}"),
        *("DTSTAMP:20270301T090000Z", f"DTSTART:{begin}", f"DTEND:{end}", "SUMMARY:Ronde"),
        *("END:VEVENT", "END:VCALENDAR", ""),
    )
    put = requests.put(
        f"{address}{COLLECTION}{name}.ics",
        data="\r\n".join(lines),
        headers={"Content-Type": "text/calendar"},
        timeout=10,
    )
    assert put.status_code in (201, 204)


def _read(cohort: Database, agenda_id: int, host: str) -> Outcome:
    assignment = assignment_of(cohort, agenda_id)
    outcome = reading.read(assignment, zone=ZONE, allowed_hosts=frozenset({host}), now=NOW)
    record(cohort, assignment, outcome)
    return outcome


def _at(day: int, start: int, end: int) -> Interval:
    return Interval(datetime(2027, 3, day, start, tzinfo=UTC), datetime(2027, 3, day, end, tzinfo=UTC))


def test_a_published_calendar_is_followed_through_its_changes(cohort: Database, radicale: str) -> None:
    host = radicale.removeprefix("http://")
    _put(radicale, "one", "20270302T090000Z", "20270302T100000Z")
    with cohort.begin() as db:
        agenda_id = sources.connect_address(db, VAULT, ANN, radicale + COLLECTION, NOW)
    first = _read(cohort, agenda_id, host)
    assert first.reading is not None
    assert first.reading.busy == (_at(2, 9, 10),)
    assert first.etag is not None

    same = _read(cohort, agenda_id, host)
    assert (same.reading, same.failure, same.etag) == (None, None, first.etag)

    _put(radicale, "two", "20270303T130000Z", "20270303T150000Z")
    _put(radicale, "one", "20270302T110000Z", "20270302T120000Z")
    changed = _read(cohort, agenda_id, host)
    assert changed.reading is not None
    assert changed.reading.busy == (_at(2, 11, 12), _at(3, 13, 15))
    assert only(cohort, ANN).events == 2

    requests.delete(radicale + COLLECTION, timeout=10).raise_for_status()
    gone = _read(cohort, agenda_id, host)
    assert gone.failure == "not_found"
    assert only(cohort, ANN).events == 2
