"""`klimop agenda check`: what Klimop makes of a calendar, for who helps its owner."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lti_tool.cli import klimop
from tests.lti_tool.lti.server import Reply, serving
from tests.scheduling.agendas import calendar, event, meeting

DAYS = ("--from", "2026-03-02", "--to", "2026-03-03")
FILE = calendar(
    meeting("STATUS:TENTATIVE"),
    meeting(uid="two", tzid="Mars/Olympus").replace("T10", "T13").replace("T11", "T14"),
    event("DTSTART:20260303T230000Z", "DTEND:20260304T010000Z", uid="late"),
    event("DTSTART:20260303T080000Z", "RRULE:FREQ=HOURLY;COUNT=2", uid="often"),
)


def check(source: str, *options: str, given: bytes | None = None, trusted: str = "") -> Result:
    environment = {"KLIMOP_TRUSTED_HOSTS": trusted}
    return CliRunner().invoke(
        klimop, ["agenda", "check", source, *options], input=given, env=environment, catch_exceptions=False
    )


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = tmp_path / "agenda.ics"
    path.write_bytes(FILE)
    return str(path)


def test_a_file_is_told_line_by_line(path: str) -> None:
    answer = check(path, *DAYS)
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        "busy\t2026-03-02T12:00:00Z\t2026-03-02T13:00:00Z",
        # A day ends at midnight where the owner lives.
        "tentative\t2026-03-02T09:00:00Z\t2026-03-02T10:00:00Z",
        "unknown\t2026-03-03T08:00:00Z\t2026-03-03T23:00:00Z",
        "problem\tsub_daily_rule\t1 appointment repeats within a day.",
        "problem\tunknown_zone\t1 appointment names a time zone that nobody knows; "
        "we read it as Belgian time.",
        "events\t4",
    ]


def test_the_same_as_json(path: str) -> None:
    told = json.loads(check(path, *DAYS, "--json").output)
    assert told["busy"] == [["2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z"]]
    assert told["tentative"] == [["2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"]]
    assert [problem["kind"] for problem in told["problems"]] == ["sub_daily_rule", "unknown_zone"]
    assert told["events"] == 4


def test_standard_input_another_zone_and_the_switches() -> None:
    data = calendar(
        event("DTSTART:20260302T100000", "DTEND:20260302T110000", "TRANSP:TRANSPARENT"),
        event("DTSTART;VALUE=DATE:20260303", uid="day"),
    )
    options = (*DAYS, "--zone", "America/New_York", "--treat-all-as-busy", "--ignore-all-day")
    assert check("-", *options, given=data).output.splitlines() == [
        "busy\t2026-03-02T15:00:00Z\t2026-03-02T16:00:00Z",
        "events\t2",
    ]


def test_an_address_is_fetched_as_klimop_fetches() -> None:
    with serving() as server:
        address = server.answer("/a.ics", Reply(content=FILE))
        assert "busy\t2026-03-02T12:00:00Z" in check(address, *DAYS, trusted="127.0.0.1").output
        refused = check(address, *DAYS)
        gone = check(f"{server.url}/b.ics", *DAYS, trusted="127.0.0.1")
    assert (refused.exit_code, refused.output.split(":")[1].strip()) == (1, "forbidden_target")
    assert (gone.exit_code, gone.output.split(":")[1].strip()) == (1, "not_found")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nowhere.ics", *DAYS), 1, "nowhere.ics cannot be read"),
        (("-", "--from", "2026-03-02", "--to", "2026-03-01"), 2, "before the first"),
        (("-", "--from", "soon", "--to", "2026-03-01"), 2, "is no date"),
        (("-", *DAYS, "--zone", "Mars/Olympus"), 2, "no time zone"),
        (("-", "--from", "2026-03-02", "--to", "9999-12-31"), 2, "that far"),
        (("-", "--from", "0001-01-01", "--to", "2026-03-01"), 2, "that far"),
        (("-", *DAYS), 1, "web_page"),
    ],
)
def test_what_cannot_be_is_told(arguments: tuple[str, ...], code: int, words: str) -> None:
    answer = check(*arguments, given=b"<!doctype html>")
    assert answer.exit_code == code
    assert words in answer.output
