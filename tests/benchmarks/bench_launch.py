"""Warm launches per second of Klimop and of PyLTI1p3's own Flask demo, in turns on one thread.

Both get the same kind of token from the same LMS. A launch is the tool's answers to the login and to the
token, up to Klimop's redirect and the demo's page; Klimop writes to SQLite as it is configured to.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from lti_tool.demo.config import ToolUrls
from lti_tool.demo.people import Kind, Person
from lti_tool.storage.database import Database
from lti_tool.storage.schema import upgrade
from tests.benchmarks.launching import Tool, asked_by_launch
from tests.benchmarks.peer import LAUNCH_PATH, LOGIN_PATH, create_peer
from tests.benchmarks.report import report
from tests.lti_tool.web.world import MODULE, World, running_world

ROUNDS, LAUNCHES = 15, 12
LMS = "ku-leuven"
PEER = "https://peer.example.test"
PEER_URLS = ToolUrls(PEER + LOGIN_PATH, PEER + LAUNCH_PATH, "")


def main() -> None:
    with TemporaryDirectory(prefix="klimop-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/klimop.sqlite3"
        database = Database(url)
        upgrade(database.engine)
        database.close()
        with running_world(url, folder / "world") as world:
            compare(world, folder)


def compare(world: World, folder: Path) -> None:
    """Launch both tools in turns and print the medians, and what a launch of Klimop asks for."""
    klimop, peer = _tools(world, folder)
    people = [person for person in klimop.lms.people if person.kind is Kind.MANAGER]
    for tool in (klimop, peer):
        _rate(tool, people)
    rounds = [(_rate(klimop, people), _rate(peer, people)) for _ in range(ROUNDS)]
    ours, theirs = (median(rates) for rates in zip(*rounds, strict=True))
    asked = asked_by_launch(klimop, people[0], MODULE)
    report(
        "launch",
        ratio=ours / theirs,
        details={
            "launches_per_second": round(ours, 1),
            "peer_launches_per_second": round(theirs, 1),
            "rounds": ROUNDS,
            "launches_per_round": LAUNCHES,
            "statements": len(asked.statements),
            "transactions": asked.transactions,
            "network_connections": asked.connections,
        },
        columns=("warm launches", "per second", "ms each"),
        rows=(("Klimop", ours, 1000 / ours), ("PyLTI1p3's Flask demo", theirs, 1000 / theirs)),
    )


def _tools(world: World, folder: Path) -> tuple[Tool, Tool]:
    registered = [replace(lms, tool=PEER_URLS) for lms in world.campus.lmses]
    peer = create_peer(registered, folder)
    lms = world.lms(LMS)
    return Tool(world.tool, lms), Tool(peer, replace(lms, tool=PEER_URLS))


def _rate(tool: Tool, people: Sequence[Person]) -> float:
    """Return launches per second over one round in which people take turns."""
    turns = [people[turn % len(people)] for turn in range(LAUNCHES)]
    return LAUNCHES / sum(tool.launch(person, MODULE) for person in turns)


if __name__ == "__main__":
    main()
