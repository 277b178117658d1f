"""Running the whole demo from one command: web, worker and campus, until Ctrl-C."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import requests

from lti_tool import clock
from lti_tool.demo.campus import create_campus
from lti_tool.demo.place import Place
from lti_tool.demo.seed import is_seeded, seed
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import ensure_tool_key
from lti_tool.storage.schema import upgrade
from lti_tool.storage.vault import Vault

START_SECONDS = 60
STOP_SECONDS = 10
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GUNICORN = [
    *(sys.executable, "-m", "gunicorn", "--log-level", "warning"),
    *("--worker-class", "gthread", "--threads", "8"),
]
KLIMOP = [sys.executable, "-c", "from lti_tool.cli import main; main()"]


class DemoError(Exception):
    """The demo cannot start or go on; the message says what to do."""


def run_demo(*, reset: bool, port: int, campus_port: int) -> None:
    """Prepare the data, start the three processes, print the address to open, and wait for Ctrl-C."""
    place = Place(port, campus_port)
    _require_free(port, campus_port)
    for number in STOPS:
        signal.signal(number, _interrupt)
    try:
        if reset and place.folder.exists():
            shutil.rmtree(place.folder)
        prepare(place)
        with running(place) as processes:
            _wait_until_ready(place, processes)
            print(f"\n  Open {place.campus_url}\n\n  Ctrl-C stops the demo; its data stays.\n", flush=True)  # noqa: T201
            _watch(processes)
    except KeyboardInterrupt:
        print("\nStopped. `make demo` on the same ports goes on where you left off.")  # noqa: T201


def prepare(place: Place) -> None:
    """Bring the database up to date and fill it if it is new."""
    settings = Settings.from_env(place.settings)
    database, vault = Database(settings.database_url), Vault(settings.secret_key)
    upgrade(database.engine)
    with database.begin() as db:
        ensure_tool_key(db, vault, clock.now())
    with database.read() as db:
        seeded = is_seeded(db)
    if not seeded:
        lmses = create_campus(place.campus).lmses
        seed(database, vault, lmses, settings.data_dir, place.campus_url, clock.now())
    database.close()


@contextmanager
def running(place: Place) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run web, worker and campus, each under its name; none is left behind."""
    commands = {
        "web": [*GUNICORN, "--bind", f"127.0.0.1:{place.port}", "lti_tool.wsgi:application()"],
        "campus": [
            *(*GUNICORN, "--bind", f"localhost:{place.campus_port}"),
            f"lti_tool.demo.wsgi:application({place.port}, {place.campus_port})",
        ],
        "worker": [*KLIMOP, "worker"],
    }
    processes = {}
    try:
        for name, command in commands.items():
            processes[name] = _spawn(command, place.environment(os.environ))
        yield processes
    finally:
        _stop(processes)


def _stop(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)  # who is impatient would leave processes behind
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # gunicorn's workers too
            process.wait()


def _spawn(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches only us and we stop the others in order.
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 our own programs


def _require_free(port: int, campus_port: int) -> None:
    if port == campus_port:
        raise DemoError(f"Klimop and the campus cannot both have port {port}")
    for number in (port, campus_port):
        if not _is_free(number):
            raise DemoError(
                f"port {number} is in use. Stop what uses it, or choose: make demo PORT=8001 CAMPUS_PORT=8101"
            )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait_until_ready(place: Place, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    for url in (f"{place.tool_url}/healthz", f"{place.campus_url}/"):
        while not _answers(url):
            _require_alive(processes)
            if time.monotonic() > deadline:
                raise DemoError(f"{url} does not answer after {START_SECONDS} seconds")
            time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _watch(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    while True:
        time.sleep(1)
        _require_alive(processes)


def _require_alive(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise DemoError(f"the {name} process stopped by itself (exit code {process.returncode})")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
