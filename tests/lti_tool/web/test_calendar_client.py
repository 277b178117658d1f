"""A manager's address in a real calendar program in Brussels: vdirsyncer fetches it, khal shows it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from icalendar import Calendar
from sqlalchemy import delete, select

from lti_tool.services.launches.visiting import choose_language
from lti_tool.storage.models import Enrolment, LiveSession, Person, Seat, SeatStatus
from lti_tool.storage.rows import change
from lti_tool.zone import ZONE
from tests.lti_tool.web.world import LIVE, Page, World
from tests.platform.visitor import TIMEOUT

PROGRAMS = Path(sys.executable).parent
# Summer time begins on Sunday 28 March 2027.
WINTER, SUMMER = datetime(2027, 3, 23, 14, tzinfo=ZONE), datetime(2027, 3, 30, 14, tzinfo=ZONE)
MOVED = datetime(2027, 3, 31, 16, tzinfo=ZONE)
LENGTH = timedelta(minutes=90)
PLANNED = datetime(2027, 1, 11, 9, tzinfo=UTC)

SYNC_CONFIG = """
[general]
status_path = "{home}/status"

[pair klimop]
a = "klimop_feed"
b = "klimop_here"
collections = null
conflict_resolution = "a wins"

[storage klimop_feed]
type = "http"
url = "{address}"

[storage klimop_here]
type = "filesystem"
path = "{home}/klimop"
fileext = ".ics"
"""

SHOW_CONFIG = """
[calendars]
[[klimop]]
path = {home}/klimop

[locale]
local_timezone = Europe/Brussels
default_timezone = Europe/Brussels
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M

[sqlite]
path = {home}/khal.db
"""


@dataclass(frozen=True)
class CalendarProgram:
    """A calendar program on someone's own machine, with all that it keeps in the folder `home`."""

    home: Path

    @classmethod
    def subscribed(cls, address: str, home: Path) -> "CalendarProgram":
        """Return a program that has fetched `address` once; `home` is a new folder."""
        (home / "klimop").mkdir(parents=True)
        (home / "sync.conf").write_text(SYNC_CONFIG.format(home=home, address=address))
        (home / "show.conf").write_text(SHOW_CONFIG.format(home=home))
        program = cls(home)
        program._run("vdirsyncer", "--config", "sync.conf", "discover")
        program.refresh()
        return program

    def refresh(self) -> None:
        self._run("vdirsyncer", "--config", "sync.conf", "sync")

    def shown(self) -> list[str]:
        """Return a line for each event of March and April 2027."""
        line = "{start} - {end-time} {cancelled}{title}"
        listed = self._run(
            "khal", "--config", "show.conf", "list", "--day-format", "", "--format", line, "2027-03-01", "60d"
        )
        return listed.splitlines()

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [PROGRAMS / program, *arguments],
            cwd=self.home,
            env={"HOME": str(self.home), "TZ": "Europe/Brussels", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@dataclass(frozen=True)
class Manager:
    """A manager with two live sessions and a calendar address."""

    world: World
    page: Page

    @property
    def address(self) -> str:
        """Return the address that the calendar page shows now."""
        start = f"{self.world.settings.base_url}/calendar/"
        return start + self.page.get("/calendar").text.split(start)[1].split('"')[0]

    def cancel_first(self) -> None:
        self._change(1, cancelled_at=PLANNED)

    def move_second(self) -> None:
        self._change(2, starts_at=MOVED, ends_at=MOVED + LENGTH)

    def _change(self, number: int, **values: object) -> None:
        with self.world.database.begin() as db:
            session = db.execute(select(LiveSession).where(LiveSession.number == number)).scalar_one()
            change(session, **values, sequence=session.sequence + 1, changed_at=PLANNED + timedelta(days=1))


@pytest.fixture
def manager(world: World) -> Iterator[Manager]:
    page = world.visit("ku-leuven", "11", LIVE)
    with world.database.begin() as db:
        enrolment = db.execute(
            select(Enrolment).join(Person).where(Person.name == "Nadia El Amrani")
        ).scalar_one()
        choose_language(db, enrolment.person_id, "en")
        for number, start in enumerate((WINTER, SUMMER), start=1):
            session = _session(enrolment.cohort_id, number, start)
            db.add(session)
            db.flush()
            db.add(Seat(live_session_id=session.id, enrolment_id=enrolment.id, status=SeatStatus.INVITED))
    yield Manager(world, page)
    with world.database.begin() as db:
        db.execute(delete(Seat))
        db.execute(delete(LiveSession))


def _session(cohort_id: int, number: int, start: datetime) -> LiveSession:
    return LiveSession(
        cohort_id=cohort_id,
        number=number,
        group=1,
        uid=f"session-{number}@klimop",
        starts_at=start,
        ends_at=start + LENGTH,
        sequence=0,
        changed_at=PLANNED,
        cancelled_at=None,
    )


def test_sessions_keep_their_local_hour_across_the_change_to_summer_time(
    manager: Manager, tmp_path: Path
) -> None:
    program = CalendarProgram.subscribed(manager.address, tmp_path / "client")
    assert program.shown() == [
        "2027-03-23 14:00 - 15:30 Live session 1: Leading innovation in care and welfare",
        "2027-03-30 14:00 - 15:30 Live session 2: Leading innovation in care and welfare",
    ]


def test_a_moved_and_a_cancelled_session_change_at_the_next_fetch(manager: Manager, tmp_path: Path) -> None:
    program = CalendarProgram.subscribed(manager.address, tmp_path / "client")
    manager.cancel_first()
    manager.move_second()
    program.refresh()
    assert program.shown() == [
        "2027-03-23 14:00 - 15:30 CANCELLED Live session 1: Leading innovation in care and welfare",
        "2027-03-31 16:00 - 17:30 Live session 2: Leading innovation in care and welfare",
    ]


def test_a_session_is_the_same_entry_for_life(manager: Manager) -> None:
    # vdirsyncer matches entries by their contents; other programs match them by these.
    before = _versions(_fetch(manager.address))
    manager.cancel_first()
    manager.move_second()
    after = _versions(_fetch(manager.address))
    assert before == {"session-1@klimop": (0, WINTER), "session-2@klimop": (0, SUMMER)}
    assert after == {"session-1@klimop": (1, WINTER), "session-2@klimop": (1, MOVED)}


def test_a_calendar_is_sent_again_only_when_it_changed(manager: Manager) -> None:
    first = _fetch(manager.address)
    again = _fetch(manager.address, etag=first.headers["ETag"])
    manager.cancel_first()
    changed = _fetch(manager.address, etag=first.headers["ETag"])
    assert [answer.status_code for answer in (first, again, changed)] == [200, 304, 200]
    assert again.content == b""
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_an_old_address_ends_when_it_is_replaced(manager: Manager) -> None:
    old = manager.address
    manager.page.post("/calendar/replace", {})
    assert [_fetch(address).status_code for address in (old, manager.address)] == [404, 200]


def _fetch(address: str, *, etag: str = "") -> requests.Response:
    headers = {"If-None-Match": etag} if etag else {}
    return requests.get(address, headers=headers, timeout=TIMEOUT)


def _versions(response: requests.Response) -> dict[str, tuple[int, datetime]]:
    """Return the sequence number and the start of each entry by its UID."""
    events = Calendar.from_ical(response.content).walk("VEVENT")
    return {str(event["UID"]): (event.decoded("SEQUENCE"), event.decoded("DTSTART")) for event in events}
