"""Programs that serve on a port of 127.0.0.1 for as long as they are measured."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic, sleep
from types import MappingProxyType

from lti_tool.demo.lms import Lms
from tests.platform.serving import free_port

NOTHING: Mapping[str, str] = MappingProxyType({})
START_SECONDS, STOP_SECONDS = 60, 10
GUNICORN = (
    *(sys.executable, "-m", "gunicorn", "--log-level", "warning"),
    *("--worker-class", "gthread", "--threads", "8", "--workers", "1"),
)


class NotServingError(Exception):
    """A program stopped, or opened no port in time."""


@contextmanager
def serving(command: Sequence[str], port: int, environment: Mapping[str, str] = NOTHING) -> Iterator[None]:
    """Run the command until it has the port open; stop it at the end."""
    with TemporaryFile() as said:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=said, stderr=said)
        try:
            if not _opens(port, process):
                said.seek(0)
                raise NotServingError(process.args, said.read().decode(errors="replace"))
            yield
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


@contextmanager
def serving_keys(lmses: Iterable[Lms], folder: Path) -> Iterator[str]:
    """Serve the platforms' JWK Sets from a process that does nothing else; yield its address."""
    folder.mkdir()
    for lms in lmses:
        (folder / f"{lms.slug}.json").write_text(json.dumps({"keys": [lms.key.jwk()]}))
    port = free_port()
    options = ("--bind", "127.0.0.1", "--directory", str(folder))
    with serving((sys.executable, "-m", "http.server", *options, str(port)), port):
        yield f"http://127.0.0.1:{port}"


def key_set_url(keys_url: str, lms: Lms) -> str:
    """Return where `serving_keys` serves the JWK Set of one platform."""
    return f"{keys_url}/{lms.slug}.json"


def klimop_command(port: int) -> Sequence[str]:
    """Return how the Procfile runs the web service, with one worker."""
    return (*GUNICORN, "--bind", f"127.0.0.1:{port}", "lti_tool.wsgi:application()")


def _opens(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = monotonic() + START_SECONDS
    while process.poll() is None and monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        sleep(0.1)
    return False
