"""Looking at an agenda as Klimop reads it."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lti_tool import clock
from lti_tool.services.agendas.fetching import Fetched, FetchError, fetch_calendar
from lti_tool.settings import Settings
from lti_tool.web.agenda.words import agenda_words, problem_words
from lti_tool.zone import ZONE
from scheduling.agenda import AgendaUnreadableError, Problem, Reading, keep_lines, read_agenda_safely
from scheduling.interval import Interval

KINDS = ("busy", "tentative", "unknown")


class Zone(click.ParamType[ZoneInfo]):
    """A time zone by its IANA name."""

    name = "zone"

    def convert(
        self, value: str | ZoneInfo, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            self.fail(f"there is no time zone {value!r}; give one such as Europe/Brussels", param, ctx)


class Day(click.ParamType[date]):
    """A date as in ISO 8601."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; give one such as 2027-03-01", param, ctx)


@click.group()
def agenda() -> None:
    """Work agendas."""


@agenda.command()
@click.argument("source", metavar="FILE|URL")
@click.option("--from", "first", type=Day(), required=True, help="The first day.")
@click.option("--to", "last", type=Day(), required=True, help="The last day, which is read too.")
@click.option("--zone", type=Zone(), default=ZONE, show_default=True, help="Where its owner lives.")
@click.option("--treat-all-as-busy", is_flag=True, help="Also what is marked as free or tentative is busy.")
@click.option("--ignore-all-day", is_flag=True, help="Whole days are free, unless out of office.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(
    *,
    source: str,
    first: date,
    last: date,
    zone: ZoneInfo,
    treat_all_as_busy: bool,
    ignore_all_day: bool,
    as_json: bool,
) -> None:
    """Print when a calendar says that its owner is taken, in UTC, and what in it could not be read.

    A calendar is a file (- for standard input) or an address, which is fetched as Klimop does: only from
    public networks and from KLIMOP_TRUSTED_HOSTS. Nothing is stored.
    """
    if last < first:
        raise click.BadParameter("the last day lies before the first", param_hint="--to")
    try:
        window = Interval(*(datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1))))
    except OverflowError:
        raise click.BadParameter("no calendar reaches that far", param_hint="--from, --to") from None
    try:
        reading = read_agenda_safely(
            keep_lines(_read(source)),
            window=window,
            zone=zone,
            treat_all_as_busy=treat_all_as_busy,
            ignore_all_day=ignore_all_day,
        )
    except (FetchError, AgendaUnreadableError) as error:
        raise click.ClickException(f"{error.kind.value}: {agenda_words(error.kind.value)}") from None
    for line in (json.dumps(_document(reading)),) if as_json else _lines(reading):
        click.echo(line)


def _read(source: str) -> bytes:
    if "://" in source:
        fetched = fetch_calendar(source, now=clock.now(), allowed_hosts=Settings.trusted_hosts_from_env())
        assert isinstance(fetched, Fetched)  # noqa: S101 - nothing was said of an earlier answer
        return fetched.data
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{source} cannot be read: {error.strerror}") from None


def _document(reading: Reading) -> dict[str, object]:
    return {
        **{kind: [[_utc(one.start), _utc(one.end)] for one in getattr(reading, kind)] for kind in KINDS},
        "problems": [
            {"kind": problem.kind.value, "count": problem.count, "words": _words(problem)}
            for problem in reading.problems
        ],
        "events": reading.events,
    }


def _lines(reading: Reading) -> Iterator[str]:
    for kind in KINDS:
        for one in getattr(reading, kind):
            yield f"{kind}\t{_utc(one.start)}\t{_utc(one.end)}"
    for problem in reading.problems:
        yield f"problem\t{problem.kind.value}\t{_words(problem)}"
    yield f"events\t{reading.events}"


def _words(problem: Problem) -> str:
    return problem_words({"kind": problem.kind.value, "count": problem.count})


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
