"""Warm launches per second of Klimop and of PyLTI1p3's own Flask demo, in turns on one thread.

All get the same kind of token from the same LMS. A launch is the tool's answers to the login and to the
token, up to Klimop's redirect and the demo's page; Klimop writes to SQLite as it is configured to.
"""

from dataclasses import replace

from lti_tool.demo.config import ToolUrls
from tests.benchmarks.asked import asked_by_launch
from tests.benchmarks.launching import Tool, rates, within_process
from tests.benchmarks.place import Place, benchmark_place
from tests.benchmarks.pylti_demo import (
    AS_PUBLISHED,
    GENEROUS,
    LAUNCH_PATH,
    LAUNCHES_UNTIL_STEADY,
    LOGIN_PATH,
    Habits,
    create_demo,
)
from tests.benchmarks.report import report
from tests.lti_tool.web.world import MODULE

ROUNDS, LAUNCHES = 24, 8
DEMO = "https://demo.example.test"
DEMO_URLS = ToolUrls(DEMO + LOGIN_PATH, DEMO + LAUNCH_PATH, "")


def main() -> None:
    with benchmark_place() as place:
        compare(place)


def compare(place: Place) -> None:
    """Launch the tools in turns; print their rates, and what a launch of Klimop asks for."""
    klimop = Tool("Klimop", within_process(place.world.tool), place.lms)
    published = _demo(place, "PyLTI1p3's Flask demo as published", AS_PUBLISHED)
    generous = _demo(place, "the same, sparing it work and memory", GENEROUS)
    tools = (klimop, published, generous)
    rates(tools, place.people, MODULE, rounds=1, launches=LAUNCHES_UNTIL_STEADY)
    measured = rates(tools, place.people, MODULE, rounds=ROUNDS, launches=LAUNCHES)
    ours, theirs, theirs_at_best = measured
    asked = asked_by_launch(place.world.tool, klimop, place.people[0], MODULE)
    report(
        "launch",
        ratio=ours / theirs,
        details={
            "launches_per_second": round(ours, 1),
            "peer_launches_per_second": round(theirs, 1),
            "generous_peer_launches_per_second": round(theirs_at_best, 1),
            "ratio_to_generous_peer": round(ours / theirs_at_best, 3),
            "rounds": ROUNDS,
            "launches_per_round": LAUNCHES,
            "statements": len(asked.statements),
            "transactions": asked.transactions,
            "network_connections": asked.connections,
        },
        columns=("warm launches, in process", "per second", "ms each", "Klimop, times as fast"),
        rows=[
            (tool.name, rate, 1000 / rate, ours / rate) for tool, rate in zip(tools, measured, strict=True)
        ],
    )


def _demo(place: Place, name: str, habits: Habits) -> Tool:
    registered = [replace(lms, tool=DEMO_URLS) for lms in place.world.campus.lmses]
    app = create_demo(registered, place.folder / name, keys_url=place.keys_url, habits=habits)
    return Tool(name, within_process(app), replace(place.lms, tool=DEMO_URLS))


if __name__ == "__main__":
    main()
