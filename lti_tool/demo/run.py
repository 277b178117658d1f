"""Running the whole demo from one command: web, worker and campus, until Ctrl-C."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import requests

from lti_tool import clock
from lti_tool.demo.campus import create_campus
from lti_tool.demo.config import CampusConfig, ToolUrls
from lti_tool.demo.seed import first_monday, is_seeded, seed
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import ensure_tool_key
from lti_tool.storage.schema import upgrade
from lti_tool.storage.vault import Vault

FOLDER = Path("var/demo")
START_SECONDS = 60
STOP_SECONDS = 10


class DemoError(Exception):
    """The demo cannot start or go on; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """Where the demo runs: the tool on one site, the campus on another, as in real life."""

    port: int
    campus_port: int
    folder: Path

    @property
    def tool_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def campus_url(self) -> str:
        return f"http://localhost:{self.campus_port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as environment variables, of every process of the demo."""
        folder = self.folder.absolute()
        return {
            "KLIMOP_DEMO": "1",
            "KLIMOP_BASE_URL": self.tool_url,
            "KLIMOP_DATA_DIR": str(folder),
            "KLIMOP_CALENDAR_HOSTS": f"localhost:{self.campus_port}",
            "KLIMOP_LOG_LEVEL": "WARNING",
            "DATABASE_URL": f"sqlite:///{folder}/klimop.sqlite3",
        }

    @property
    def campus(self) -> CampusConfig:
        return CampusConfig(
            base_url=self.campus_url,
            tool=ToolUrls.under(self.tool_url),
            data_file=self.folder / "campus.sqlite3",
            agenda_start=first_monday(clock.now().date()),
        )


def run_demo(*, reset: bool, port: int, campus_port: int) -> None:
    """Prepare the data, start the three processes, print the address to open, and wait for Ctrl-C."""
    place = Place(port, campus_port, FOLDER)
    for number in (port, campus_port):
        _require_free(number)
    if reset:
        shutil.rmtree(place.folder, ignore_errors=True)
    prepare(place)
    processes = start(place)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _wait_until_ready(place, processes)
        print(f"\n  Open {place.campus_url}\n\n  Ctrl-C stops the demo; its data stays.\n", flush=True)  # noqa: T201
        _watch(processes)
    except KeyboardInterrupt:
        print("\nStopped. `make demo` goes on where you left off.")  # noqa: T201
    finally:
        stop(processes)


def prepare(place: Place) -> None:
    """Bring the database up to date and fill it if it is new."""
    settings = Settings.from_env(place.environment)
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


def start(place: Place) -> dict[str, subprocess.Popen[bytes]]:
    """Start web, worker and campus, each by its name."""
    environment = {**os.environ, **place.environment}
    gunicorn = [sys.executable, "-m", "gunicorn", "--log-level", "warning", "--worker-class", "gthread"]
    klimop = [sys.executable, "-c", "from lti_tool.cli import main; main()"]
    commands = {
        "web": [
            *gunicorn,
            "--threads",
            "8",
            "--bind",
            f"127.0.0.1:{place.port}",
            "lti_tool.wsgi:application()",
        ],
        "campus": [
            *gunicorn,
            *("--threads", "8", "--bind", f"localhost:{place.campus_port}"),
            f"lti_tool.demo.wsgi:application({place.port}, {place.campus_port})",
        ],
        "worker": [*klimop, "worker"],
    }
    return {name: _spawn(command, environment) for name, command in commands.items()}


def stop(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _spawn(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches only us and we stop the others in order.
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 our own programs


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(
                f"port {port} is in use. Stop what uses it, or choose: make demo PORT=8001 CAMPUS_PORT=8101"
            ) from None


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
