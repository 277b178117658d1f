"""`make demo`, started for real: it opens, it stops whole, and it goes on where it was left off."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from lti_tool.demo.place import Place
from lti_tool.demo.run import prepare
from lti_tool.settings import Settings, variable

KLIMOP = [sys.executable, "-c", "from lti_tool.cli import main; main()"]
# What somebody who also runs Klimop for real has in her shell.
OUTSIDE = {
    "KLIMOP_SECRET_KEY": "another-secret-than-that-of-the-demo-1234",
    "KLIMOP_TRUSTED_PROXIES": "1",
    "KLIMOP_SECRET_KEY_FILE": "/nowhere",
    "DATABASE_URL": "postgresql://nowhere.invalid/klimop",
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Where a demo may run that is started in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    with socket.socket() as one, socket.socket() as other:
        for free in (one, other):
            free.bind(("127.0.0.1", 0))
        return Place(one.getsockname()[1], other.getsockname()[1])


@contextmanager
def _demo(place: Place, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run the demo until it says that it is open; kill what a failed test leaves."""
    command = [*KLIMOP, "demo", "--port", str(place.port), "--campus-port", str(place.campus_port), *options]
    with subprocess.Popen(command, env=os.environ | OUTSIDE, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            assert any(place.campus_url in line for line in demo.stdout)
            yield demo
        finally:
            for pid in _processes_in(Path.cwd()):
                os.kill(pid, signal.SIGKILL)


def _processes_in(folder: Path) -> set[int]:
    """Return the processes, other than this one, that work in a folder."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.add(int(process.name))
        except OSError:  # it has just ended, or is somebody else's
            continue
    return found - {os.getpid()}


def _interrupt(demo: subprocess.Popen[str]) -> tuple[int, set[int]]:
    """Press Ctrl-C; return the exit code and what still runs."""
    demo.send_signal(signal.SIGINT)
    code = demo.wait(30)
    return code, _processes_in(Path.cwd())


def _kept(place: Place) -> tuple[str, str]:
    """Return what both sites keep from one start to the next: the keys they sign with."""
    campus = requests.get(place.campus_url, timeout=20)
    health = requests.get(f"{place.tool_url}/healthz", timeout=20)
    assert (campus.status_code, health.json()) == (200, {"status": "ok"})
    lms = create_engine(f"sqlite:///{place.folder}/campus.sqlite3")
    with lms.connect() as db:
        secret = db.execute(text("SELECT value FROM secret WHERE name = 'key:ucll'")).scalar_one()
    lms.dispose()
    return requests.get(f"{place.tool_url}/lti/jwks", timeout=20).text, str(secret)


def _issuers(place: Place) -> list[str]:
    engine = create_engine(Settings.from_env(place.settings).database_url)
    with engine.connect() as db:
        issuers = [str(issuer) for (issuer,) in db.execute(text("SELECT DISTINCT issuer FROM registration"))]
    engine.dispose()
    return sorted(issuers)


def test_the_demo_stops_whole_and_goes_on_where_it_was_left_off(place: Place) -> None:
    with _demo(place) as demo:
        first = _kept(place)
        assert len(_processes_in(Path.cwd())) >= 4
        assert _interrupt(demo) == (0, set())
    with _demo(place) as demo:
        assert _kept(place) == first
        assert _interrupt(demo) == (0, set())
    with _demo(place, "--reset") as demo:
        fresh = _kept(place)
        assert _interrupt(demo) == (0, set())
    assert not set(fresh) & set(first)


def test_each_pair_of_ports_has_platforms_of_its_own(place: Place) -> None:
    other = Place(place.campus_port, place.port)
    for each in (place, other):
        prepare(each)
    for each in (place, other):
        assert len(_issuers(each)) == 6
        assert all(issuer.startswith(f"{each.campus_url}/") for issuer in _issuers(each))


def test_the_environment_outside_sets_nothing_of_the_demo(place: Place) -> None:
    seen = place.environment(OUTSIDE | {"PATH": "/bin"})
    assert seen == place.settings | {"PATH": "/bin"}
    assert set(place.settings) == {variable(field.name) for field in fields(Settings)}
