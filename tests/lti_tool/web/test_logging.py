"""What Klimop writes of its work: what went wrong, and no secret."""

import logging
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from lti_tool.app import create_app
from lti_tool.settings import DEMO_SECRET, Settings
from tests.platform.serving import serving

TOKEN = "the-secret-of-somebodys-calendar"
LAUNCH = (
    "from lti_tool.wsgi import application; print(application().test_client().post('/lti/launch').status)"
)


def _python(program: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)


def test_a_crash_in_a_feed_logs_no_token(
    empty_database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(
        secret_key=DEMO_SECRET,
        base_url="https://klimop.example.be",
        database_url=empty_database_url,  # without tables every feed crashes
        data_dir=tmp_path,
    )
    app = create_app(settings)
    answer = app.test_client().get(f"/calendar/{TOKEN}.ics")
    app.extensions["klimop"].database.close()
    assert answer.status_code == 500
    (crash,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    written = logging.Formatter().format(crash)
    assert written.startswith("crash in GET /calendar/<token>.ics: OperationalError < ") or (
        written.startswith("crash in GET /calendar/<token>.ics: ProgrammingError < ")
    )
    assert "\n" not in written
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(("level", "lines"), [("INFO", 1), ("ERROR", 0)])
def test_a_refused_launch_logs_one_line_where_the_level_lets_it(
    database_url: str, tmp_path: Path, level: str, lines: int
) -> None:
    environment = {
        "KLIMOP_DEMO": "1",
        "KLIMOP_LOG_LEVEL": level,
        "KLIMOP_DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
    }
    launched = _python(LAUNCH, environment)
    assert launched.stdout.startswith("400 ")
    written = launched.stderr.splitlines()
    assert len(written) == lines
    assert all(line.endswith(" WARNING launch refused: missing_parameter") for line in written)


def test_no_level_writes_the_address_of_an_agenda() -> None:
    program = (
        "import sys, requests; from lti_tool.logs import start_logging;"
        "start_logging('DEBUG'); print(requests.get(sys.argv[1], timeout=20).status_code)"
    )

    def calendar_server(base_url: str) -> Flask:
        app = Flask(__name__)
        app.config["ADDRESS"] = f"{base_url}/{TOKEN}.ics"
        app.add_url_rule(f"/{TOKEN}.ics", view_func=lambda: "BEGIN:VCALENDAR")
        return app

    with serving(calendar_server, host="127.0.0.1") as server:
        fetched = _python(program, {}, server.config["ADDRESS"])
    assert fetched.stdout == "200\n"
    assert TOKEN not in fetched.stderr


def test_an_odd_answer_of_a_calendar_server_writes_no_address() -> None:
    program = (
        "import sys; from lti_tool.logs import start_logging; from lti_tool import clock;"
        "from lti_tool.services.agendas.fetching import fetch_calendar;"
        "start_logging('INFO');"
        "print(fetch_calendar(sys.argv[1], now=clock.now(), allowed_hosts=frozenset({'127.0.0.1'})).data)"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_answer_oddly, args=(listener,))
        thread.start()
        fetched = _python(program, {}, f"http://127.0.0.1:{listener.getsockname()[1]}/{TOKEN}.ics")
        thread.join()
    assert fetched.stdout == "b'BEGIN:VCALENDAR'\n"
    assert fetched.stderr == ""


def _answer_oddly(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nBad header line\r\nContent-Length: 15\r\n\r\nBEGIN:VCALENDAR")


def test_no_level_writes_the_host_of_an_agenda_that_is_refused() -> None:
    program = (
        "import sys; from lti_tool.logs import start_logging; from lti_tool import clock;"
        "from lti_tool.services.agendas.fetching import FetchError, fetch_calendar;"
        "start_logging('DEBUG')\n"
        "try: fetch_calendar(sys.argv[1], now=clock.now())\n"
        "except FetchError as error: print(error.kind.value)"
    )
    refused = _python(program, {}, f"http://localhost/{TOKEN}.ics")
    assert refused.stdout == "forbidden_target\n"
    assert "localhost" not in refused.stderr
    assert "127.0.0.1" not in refused.stderr
