"""Warm launches per second of Klimop and of ltijs over HTTP, in turns, each in one process of its own.

Both get the same kind of token from the same LMS and write to a SQLite file that does not wait for the disk.
A launch is the tool's answers to the login and to the token, up to its redirect.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from lti_tool.demo.config import ToolUrls
from lti_tool.demo.lms import Lms
from lti_tool.settings import DEMO_SECRET
from tests.benchmarks.launching import Tool, over_http, rates
from tests.benchmarks.ltijs_tool import serving_ltijs
from tests.benchmarks.place import Place, benchmark_place
from tests.benchmarks.programs import klimop_command, serving
from tests.benchmarks.report import report
from tests.lti_tool.web.world import MODULE
from tests.platform.serving import free_port

ROUNDS, LAUNCHES, WARMING_LAUNCHES = 24, 8, 100


def main() -> None:
    with (
        benchmark_place() as place,
        serving_klimop(place) as ours,
        serving_ltijs(place.lms, place.folder, keys_url=place.keys_url) as theirs,
    ):
        names = ("Klimop", "ltijs", "ltijs, given the platform's key")
        compare([Tool(name, over_http, lms) for name, lms in zip(names, (ours, *theirs), strict=True)], place)


def compare(tools: list[Tool], place: Place) -> None:
    """Launch the tools in turns and print their rates."""
    rates(tools, place.people, MODULE, rounds=1, launches=WARMING_LAUNCHES)
    measured = rates(tools, place.people, MODULE, rounds=ROUNDS, launches=LAUNCHES)
    ours, theirs, theirs_at_best = measured
    report(
        "launch_http",
        ratio=ours / theirs,
        details={
            "launches_per_second": round(ours, 1),
            "peer_launches_per_second": round(theirs, 1),
            "generous_peer_launches_per_second": round(theirs_at_best, 1),
            "ratio_to_generous_peer": round(ours / theirs_at_best, 3),
            "rounds": ROUNDS,
            "launches_per_round": LAUNCHES,
        },
        columns=("warm launches, over HTTP", "per second", "ms each", "Klimop, times as fast"),
        rows=[
            (tool.name, rate, 1000 / rate, ours / rate) for tool, rate in zip(tools, measured, strict=True)
        ],
    )


@contextmanager
def serving_klimop(place: Place) -> Iterator[Lms]:
    """Run the web service on the place's database; yield the LMS with its addresses."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        "KLIMOP_SECRET_KEY": DEMO_SECRET,
        "KLIMOP_DEMO": "1",
        "KLIMOP_BASE_URL": address,
        "KLIMOP_DATA_DIR": str(place.folder),
        "KLIMOP_TRUSTED_HOSTS": "localhost",
        "DATABASE_URL": place.database_url,
    }
    with serving(klimop_command(port), port, environment):
        yield replace(place.lms, tool=ToolUrls.under(address))


if __name__ == "__main__":
    main()
