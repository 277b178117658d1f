"""Reading what an agenda gives: over the network, or from what its owner painted. No database in here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lti_tool.services.agendas.fetching import FetchError, FetchFailure, NotModified, fetch_calendar
from lti_tool.storage.models import Document
from scheduling.agenda import AgendaUnreadableError, Reading, keep_lines, read_agenda_safely
from scheduling.interval import Interval
from scheduling.painted import PaintedWeek, from_document, time_of

HORIZON = timedelta(weeks=32)
# A reading begins on a Saturday, for the nights that the first week's rest comes after.
LEAD = timedelta(days=2)


@dataclass(frozen=True)
class Assignment:
    """What there is to read of an agenda: an address, or a painted week; and what we know of it.

    `sealed` is the address as it is kept: encrypted, so it differs at each connecting. `digest` is None where
    everything is to be read anew.
    """

    agenda_id: int
    treat_all_as_busy: bool = False
    ignore_all_day: bool = False
    sealed: bytes | None = None
    address: str = field(default="", repr=False)
    host: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    painted: Document | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of reading an agenda: a reading of a window, nothing new, or a failure by its kind.

    `wait` is how long the server says that it stays so, or asks to be left alone.
    """

    reading: Reading | None = None
    window: Interval | None = None
    digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None
    wait: timedelta | None = None


def reading_window(now: datetime) -> Interval:
    """Return the weeks that a reading covers, from just before this week's Monday on, in UTC."""
    today = now.astimezone(UTC).date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), time(), UTC)
    return Interval(monday - LEAD, monday + HORIZON)


def read(assignment: Assignment, *, zone: ZoneInfo, allowed_hosts: frozenset[str], now: datetime) -> Outcome:
    """Fetch and read an agenda; never raises for what the other side sends."""
    if assignment.painted is not None:
        return painted_outcome(from_document(assignment.painted), zone, now)
    if assignment.sealed is not None and not assignment.address:
        return Outcome(failure=FetchFailure.LOST_ADDRESS.value)
    window = reading_window(now)
    try:
        fetched = fetch_calendar(
            assignment.address,
            now=now,
            etag=assignment.etag,
            last_modified=assignment.last_modified,
            allowed_hosts=allowed_hosts,
        )
        if isinstance(fetched, NotModified):
            known = (assignment.digest, assignment.etag, assignment.last_modified)
            return Outcome(None, None, *known, wait=fetched.fresh_for)
        lines = keep_lines(fetched.data)
        new = (lines.digest, fetched.etag, fetched.last_modified)
        if lines.digest == assignment.digest:
            return Outcome(None, None, *new, wait=fetched.fresh_for)
        reading = read_agenda_safely(
            lines,
            window=window,
            zone=zone,
            treat_all_as_busy=assignment.treat_all_as_busy,
            ignore_all_day=assignment.ignore_all_day,
        )
    except FetchError as error:
        return Outcome(failure=error.kind.value, wait=error.retry_after)
    except AgendaUnreadableError as error:
        return Outcome(failure=error.kind.value)
    return Outcome(reading, window, *new, wait=fetched.fresh_for)


def read_first(
    address: str,
    *,
    treat_all_as_busy: bool,
    ignore_all_day: bool,
    zone: ZoneInfo,
    allowed_hosts: frozenset[str],
    now: datetime,
) -> Outcome:
    """Fetch and read an address that is not connected yet; never raises for what the other side sends."""
    unknown = Assignment(0, treat_all_as_busy, ignore_all_day, address=address)
    return read(unknown, zone=zone, allowed_hosts=allowed_hosts, now=now)


def painted_outcome(week: PaintedWeek, zone: ZoneInfo, now: datetime) -> Outcome:
    """Return what a painted week takes of the coming weeks."""
    window = reading_window(now)
    busy, tentative = time_of(week, window, zone)
    stretches = sum(map(len, week.days))
    reading = Reading(busy=busy, tentative=tentative, unknown=(), problems=(), events=stretches)
    return Outcome(reading, window)
