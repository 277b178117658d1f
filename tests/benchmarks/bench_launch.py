"""Warm launches per second of Klimop and of PyLTI1p3's own Flask demo, side by side on one thread.

Both get the same kind of token from the same LMS, in turns; a launch is the tool's answers to the login and to the
launch, up to Klimop's redirect and the demo's page. Klimop writes to SQLite as it is configured to.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import event

from lti_tool.demo.config import ToolUrls
from lti_tool.demo.people import Kind, Person
from lti_tool.storage.database import Database
from lti_tool.storage.schema import upgrade
from tests.benchmarks.launching import Tool
from tests.benchmarks.peer import LAUNCH_PATH, LOGIN_PATH, create_peer
from tests.benchmarks.report import report
from tests.lti_tool.web.world import MODULE, World, running_world

ROUNDS, LAUNCHES = 25, 12
SLUG = "kuleuven"
PEER_URLS = ToolUrls(f"https://peer.test{LOGIN_PATH}", f"https://peer.test{LAUNCH_PATH}", "")


def main() -> None:
    with TemporaryDirectory(prefix="klimop-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/klimop.sqlite3"
        _migrate(url)
        with running_world(url, folder) as world:
            _measure(world, folder)


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database.engine)
    database.close()


def _measure(world: World, folder: Path) -> None:
    lms = world.lms(SLUG)
    people = [person for person in lms.people if person.kind is Kind.MANAGER]
    lmses = [replace(each, tool=PEER_URLS) for each in world.campus.lmses]
    klimop = Tool(world.tool, lms)
    peer = Tool(create_peer(lmses, folder), replace(lms, tool=PEER_URLS))
    for tool in (klimop, peer):
        _rate(tool, people)
    rounds = [(_rate(klimop, people), _rate(peer, people)) for _ in range(ROUNDS)]
    ours, theirs = (median(rates) for rates in zip(*rounds, strict=True))
    statements, connections = _count(world, klimop, people[0])
    ...


def _rate(tool: Tool, people: list[Person]) -> float:
    """Return launches per second over one round."""
    turns = [people[turn % len(people)] for turn in range(LAUNCHES)]
    return LAUNCHES / sum(tool.launch(person, MODULE) for person in turns)
