"""The commands of an operator."""

import signal
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from content.loader import LIBRARY
from lti_tool import clock
from lti_tool.cli import klimop
from lti_tool.services.platforms.inviting import find_invitation
from lti_tool.services.platforms.registering import note_deployment
from lti_tool.storage.database import Database
from lti_tool.storage.models import ModuleVersion, Person, Registration, ToolKey

FOLDER = LIBRARY / "health-innovation-facilitation" / "start-with-the-user"
KLIMOP = [sys.executable, "-c", "from lti_tool.cli import main; main()"]
REGISTRATION = {
    "--institution": "ucll",
    "--issuer": "https://lms.example.be",
    "--client-id": "abc",
    "--deployment-id": "1",
    "--auth-login-url": "https://lms.example.be/auth",
    "--token-url": "https://lms.example.be/token",
    "--jwks-url": "https://lms.example.be/jwks",
}


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"KLIMOP_DEMO": "1", "DATABASE_URL": database_url, "KLIMOP_DATA_DIR": str(tmp_path)}


def _run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(klimop, arguments, env=environment, catch_exceptions=False)


def _register(environment: dict[str, str], **change: str) -> Result:
    options = REGISTRATION | {f"--{name.replace('_', '-')}": value for name, value in change.items()}
    return _run(environment, "registration", "add", *[word for pair in options.items() for word in pair])


def test_an_lms_is_registered_and_listed(environment: dict[str, str]) -> None:
    assert _run(environment, "institution", "add", "ucll", "UCLL").exit_code == 0
    assert _register(environment).exit_code == 0
    listed = _run(environment, "registration", "list")
    assert listed.output == "ucll\thttps://lms.example.be\tabc\t1\n"


def test_a_registration_without_a_deployment_says_so(environment: dict[str, str], database: Database) -> None:
    _run(environment, "institution", "add", "ucll", "UCLL")
    assert _register(environment, deployment_id="").exit_code == 0
    known = "ucll\thttps://lms.example.be\tabc\t"
    assert _run(environment, "registration", "list").output == f"{known}\tno deployment yet\n"
    with database.begin() as db:
        note_deployment(db, 1, "7", clock.now(), approve=False)
    assert _run(environment, "registration", "list").output == f"{known}7\twaiting for approval\n"
    _register(environment, deployment_id="7")
    assert _run(environment, "registration", "list").output == f"{known}7\n"


def test_an_invitation_is_an_address_for_one_institution(
    environment: dict[str, str], database: Database
) -> None:
    _run(environment, "institution", "add", "ucll", "UCLL")
    invited = _run(environment, "institution", "invite", "ucll", "--days", "2")
    address, token = invited.output.strip().split("?invite=")
    assert address == "http://127.0.0.1:8000/lti/register"
    with database.read() as db:
        found = find_invitation(db, token, clock.now())
    assert (found.institution, found.expires_at > clock.now() + timedelta(days=1)) == ("ucll", True)


def test_an_invitation_may_be_for_whichever_institution(environment: dict[str, str]) -> None:
    assert "/lti/register?invite=" in _run(environment, "institution", "invite").output


def test_nobody_unknown_is_invited(environment: dict[str, str]) -> None:
    refused = _run(environment, "institution", "invite", "nowhere")
    assert refused.exit_code == 1
    assert "klimop institution add nowhere" in refused.output


def test_an_institution_that_cannot_be_is_told_in_one_line(environment: dict[str, str]) -> None:
    refused = _run(environment, "institution", "add", "No Slug", "UCLL")
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: 'No Slug' is not of lower-case letters, digits and hyphens\n",
    )


@pytest.fixture
def administrator(environment: dict[str, str], database: Database) -> int:
    """The number of somebody who opened Klimop from an LMS."""
    _run(environment, "institution", "add", "ucll", "UCLL")
    _register(environment)
    with database.begin() as db:
        person = Person(registration_id=1, subject="2", name="An Maes")
        db.add(person)
        db.flush()
        return person.id


def test_an_operator_is_granted_listed_and_revoked(environment: dict[str, str], administrator: int) -> None:
    granted = _run(environment, "admin", "grant", str(administrator))
    assert granted.output == "An Maes (ucll, https://lms.example.be) is an operator.\n"
    today = f"{clock.now():%Y-%m-%d}"
    assert _run(environment, "admin", "list").output == (
        f"{administrator}\tAn Maes\tucll\thttps://lms.example.be\t{today}\n"
    )
    assert _run(environment, "admin", "revoke", str(administrator)).exit_code == 0
    assert _run(environment, "admin", "list").output == ""


@pytest.mark.parametrize("command", ["grant", "revoke"])
def test_nobody_unknown_is_granted_or_revoked(environment: dict[str, str], command: str) -> None:
    refused = _run(environment, "admin", command, "404")
    assert refused.exit_code == 1
    assert "404" in refused.output
    assert len(refused.output.splitlines()) == 1


def test_a_new_key_waits_a_day_and_then_signs(environment: dict[str, str]) -> None:
    _run(environment, "db", "upgrade")
    for _ in range(2):  # the second finds the key of the first
        assert _run(environment, "key", "rotate").exit_code == 0
    assert _states(environment) == ["signing", "next"]
    assert _run(environment, "key", "rotate", "--now").exit_code == 0
    assert _states(environment) == ["former", "signing"]


def _states(environment: dict[str, str]) -> list[str]:
    return [line.split("\t")[1] for line in _run(environment, "key", "list").output.splitlines()]


def test_registering_again_updates_the_endpoints(environment: dict[str, str], database: Database) -> None:
    _run(environment, "institution", "add", "ucll", "UCLL")
    _register(environment)
    _register(environment, token_url="https://lms.example.be/new-token")
    with database.read() as db:
        assert list(db.scalars(select(Registration.token_url))) == ["https://lms.example.be/new-token"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"institution": "nowhere"}, "klimop institution add nowhere"),
        ({"token_url": "not an address"}, "token_url"),
        ({"issuer": " "}, "issuer"),
    ],
)
def test_a_registration_that_cannot_be_is_told_in_one_line(
    environment: dict[str, str], change: dict[str, str], words: str
) -> None:
    _run(environment, "institution", "add", "ucll", "UCLL")
    refused = _register(environment, **change)
    assert refused.exit_code == 1
    assert words in refused.output
    assert len(refused.output.splitlines()) == 1


def test_an_lms_of_another_institution_is_not_taken_over(environment: dict[str, str]) -> None:
    for slug in ("ucll", "vives"):
        _run(environment, "institution", "add", slug, slug.upper())
    _register(environment)
    assert _register(environment, institution="vives").exit_code == 1
    assert _run(environment, "registration", "list").output.startswith("ucll\t")


def test_a_module_is_published_once(environment: dict[str, str], database: Database) -> None:
    for _ in range(2):
        assert _run(environment, "module", "publish", str(FOLDER)).exit_code == 0
    with database.read() as db:
        assert list(db.scalars(select(ModuleVersion.module_id))) == ["start-with-the-user"]


def test_a_folder_without_a_module_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "programme" / "module").mkdir(parents=True)
    refused = _run(environment, "module", "publish", str(tmp_path / "programme" / "module"))
    assert refused.exit_code == 1
    assert "programme.yml" in refused.output


def _start(environment: dict[str, str], slug: str = "autumn", **change: str) -> Result:
    given = {
        "name": "Autumn",
        "module": "start-with-the-user",
        "starts-on": "2027-09-20",
        "institution": "ucll",
    }
    options = given | {name.replace("_", "-"): value for name, value in change.items()}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return _run(environment, "cohort", "start", slug, *words)


@pytest.fixture
def ready(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a Klimop that has institutions and a module."""
    for slug in ("vives", "ucll"):
        _run(environment, "institution", "add", slug, slug.upper())
    _run(environment, "module", "publish", str(FOLDER))
    return environment


def test_a_cohort_is_started_and_listed(ready: dict[str, str], database: Database) -> None:
    with database.read() as db:
        version = db.scalars(select(ModuleVersion.version)).one()
    assert _start(ready, "spring", name="Spring", starts_on="2028-02-07").exit_code == 0
    started = _run(
        *(ready, "cohort", "start", "autumn", "--name", "Autumn", "--module", "start-with-the-user"),
        *("--version", version, "--starts-on", "2027-09-20"),
        *("--institution", "vives", "--institution", "ucll"),
    )
    assert (started.exit_code, started.output) == (0, "Cohort autumn starts on 2027-09-20.\n")
    assert _run(ready, "cohort", "list").output == (
        f"autumn\tAutumn\tstart-with-the-user {version}\t2027-09-20\tucll vives\n"
        f"spring\tSpring\tstart-with-the-user {version}\t2028-02-07\tucll\n"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slug": "Late Autumn"}, "'Late Autumn' is not of lower-case letters, digits and hyphens"),
        ({"slug": "taken"}, "there is a cohort taken already"),
        ({"name": " "}, "the name is empty"),
        ({"starts_on": "2027-09-21"}, "2027-09-21 is not a Monday, and a cohort begins on one"),
        ({"institution": "nowhere"}, "klimop institution add nowhere NAME"),
        ({"module": "none"}, "there is no module 'none'; published: start-with-the-user "),
        ({"version": "0"}, "there is no version '0' of module 'start-with-the-user'; published: start-with"),
    ],
)
def test_a_cohort_that_cannot_be_is_told_in_one_line(
    ready: dict[str, str], change: dict[str, str], words: str
) -> None:
    _start(ready, "taken")
    refused = _start(ready, **change)
    assert refused.exit_code == 1
    assert words in refused.output
    assert len(refused.output.splitlines()) == 1
    assert len(_run(ready, "cohort", "list").output.splitlines()) == 1


def test_a_cohort_without_anything_published_is_told(environment: dict[str, str]) -> None:
    refused = _start(environment)
    assert refused.output == "Error: there is no module 'start-with-the-user'; published: nothing\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["registration", "list"],
        ["cohort", "list"],
        ["institution", "add", "ucll", "UCLL"],
        ["module", "publish", str(FOLDER)],
        ["worker"],
    ],
)
def test_a_database_without_tables_is_told_in_one_line(
    environment: dict[str, str], empty_database_url: str, arguments: list[str]
) -> None:
    refused = _run(environment | {"DATABASE_URL": empty_database_url}, *arguments)
    assert refused.exit_code == 1
    assert refused.output == "Error: the database has no tables yet; run: klimop db upgrade\n"


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/klimop", "sqlite:////proc/nowhere/klimop.sqlite3"])
def test_a_database_that_cannot_be_opened_is_told_in_one_line(environment: dict[str, str], url: str) -> None:
    command = [*KLIMOP, "db", "upgrade"]
    wrong = environment | {"DATABASE_URL": url}
    stopped = subprocess.run(command, env=wrong, capture_output=True, text=True, timeout=60)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("klimop: DATABASE_URL: cannot be opened: ")
    assert len(stopped.stderr.splitlines()) == 1


def test_upgrading_makes_the_first_signing_key_once(environment: dict[str, str], database: Database) -> None:
    for _ in range(2):
        assert _run(environment, "db", "upgrade").exit_code == 0
    with database.read() as db:
        keys = db.scalars(select(ToolKey)).all()
    assert len(keys) == 1
    assert b"PRIVATE" not in keys[0].private_key


def test_the_settings_in_force_are_printed_without_secrets(environment: dict[str, str]) -> None:
    shown = _run(environment, "settings").output
    assert "KLIMOP_SECRET_KEY=********" in shown
    assert "KLIMOP_DEMO=True" in shown


def test_a_wrong_setting_stops_the_command_with_one_line() -> None:
    environment = {"KLIMOP_BASE_URL": "https://klimop.example.be"}
    stopped = subprocess.run([*KLIMOP, "worker"], env=environment, capture_output=True, text=True, timeout=60)
    assert (stopped.returncode, stopped.stderr) == (1, "klimop: KLIMOP_SECRET_KEY: is missing\n")


def test_a_wrong_setting_stops_the_web_process_with_one_line() -> None:
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "lti_tool.wsgi:application()"]
    environment = {"KLIMOP_BASE_URL": "https://klimop.example.be"}
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert stopped.returncode != 0
    assert stopped.stderr.splitlines().count("klimop: KLIMOP_SECRET_KEY: is missing") == 1


def test_a_busy_port_gets_one_line(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [*KLIMOP, "demo", "--port", str(port)]
        stopped = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"klimop: port {port} is in use.")
    assert len(stopped.stderr.splitlines()) == 1


def test_the_demo_needs_two_ports(environment: dict[str, str]) -> None:
    command = [*KLIMOP, "demo", "--port", "8000", "--campus-port", "8000"]
    stopped = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (stopped.returncode, stopped.stderr) == (
        1,
        "klimop: Klimop and the campus cannot both have port 8000\n",
    )


def test_the_worker_stops_when_it_is_told(environment: dict[str, str]) -> None:
    with subprocess.Popen([*KLIMOP, "worker"], env=environment, stderr=subprocess.PIPE) as worker:
        assert worker.stderr is not None
        assert any(b"at work" in line for line in worker.stderr)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
