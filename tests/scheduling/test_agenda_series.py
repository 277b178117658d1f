"""Whole series against recurring-ical-events, in everything that it gets right.

These series hold nothing that it is known to read wrongly: RECURRENCE-ID or UNTIL as a date where the series
has hours, two events of one UID, a rule beside RECURRENCE-ID, EXRULE. Nor what the two read otherwise on
purpose: an exception to a repetition that moved (there it disappears, here it stays), an added period that
begins with a repetition (there the period holds, here the longer), hours in which clocks change, days as days
in UTC. An end on a local clock is an end in UTC to it, so here that is hours away from any repetition.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduling.interval import Interval, merged
from tests.scheduling.agendas import BRUSSELS, YEAR, calendar, event, read_file

ZONES = ("Europe/Brussels", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
WHOLE_DAYS = ""  # in place of a zone
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STATES = ("STATUS:CONFIRMED", "TRANSP:OPAQUE", "STATUS:CANCELLED", "TRANSP:TRANSPARENT")


def written(name: str, moment: datetime, tzid: str, *, utc: bool = False) -> str:
    """Return a property with a time on the clock of a zone, or with a date where there is no zone."""
    if tzid == WHOLE_DAYS:
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if utc:
        return f"{name}:{moment.replace(tzinfo=ZoneInfo(tzid)).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={tzid}:{moment:%Y%m%dT%H%M%S}"


def endless_rules() -> st.SearchStrategy[str]:
    days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True).map(",".join)
    monthly = st.sampled_from(("MONTHLY;BYDAY=1MO", "MONTHLY;BYDAY=-1FR", "MONTHLY;BYDAY=2TU,4TU"))
    frequency = st.one_of(
        st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")), monthly, days.map("WEEKLY;BYDAY={}".format)
    )
    return st.builds("FREQ={};INTERVAL={}".format, frequency, st.integers(1, 3))


@st.composite
def ends(draw: st.DrawFn, start: datetime, tzid: str) -> str:
    """Return how a rule ends: never, after so many times, or on a day, in any form."""
    last = start + timedelta(days=draw(st.integers(0, 900)))
    late = datetime.combine(last, time(23, 59, 59))
    until = (f"{late:%Y%m%dT%H%M%S}", written("", last, tzid, utc=True)[1:]) if tzid else (f"{last:%Y%m%d}",)
    return draw(
        st.sampled_from(("", f";COUNT={draw(st.integers(1, 40))}", *(f";UNTIL={end}" for end in until)))
    )


@st.composite
def exceptions(draw: st.DrawFn, moment: datetime, tzid: str) -> str:
    if tzid == WHOLE_DAYS:
        return written("EXDATE", moment, draw(st.sampled_from((WHOLE_DAYS, "Europe/Brussels"))))
    local = written("EXDATE", moment, tzid)
    elsewhere = moment.replace(tzinfo=ZoneInfo(tzid)).astimezone(ZoneInfo("America/Los_Angeles"))
    forms = (
        local,
        f"{local},{moment + timedelta(days=5000):%Y%m%dT%H%M%S}",
        written("EXDATE", moment, tzid, utc=True),
        written("EXDATE", moment, WHOLE_DAYS),
        written("EXDATE", elsewhere, "America/Los_Angeles"),
    )
    return draw(st.sampled_from(forms))


@st.composite
def additions(draw: st.DrawFn, moment: datetime, tzid: str, *, periods: bool) -> str:
    utc = draw(st.booleans())
    if not (periods and tzid and draw(st.booleans())):
        return written("RDATE", moment, tzid, utc=utc)
    hours = draw(st.integers(1, 4))
    end = written("", moment + timedelta(hours=hours), tzid, utc=utc).rpartition(":")[2]
    length = draw(st.sampled_from((end, f"PT{hours}H")))
    return f"{written('RDATE;VALUE=PERIOD', moment, tzid, utc=utc)}/{length}"


@st.composite
def overrides(draw: st.DrawFn, moment: datetime, tzid: str, *, and_future: bool = False) -> str:
    """Return an event in the place of a repetition, moved by days and by part of one."""
    hours = draw(st.sampled_from((0, -1.5, 1))) if tzid else 0
    start = moment + timedelta(days=draw(st.integers(-4, 4)), hours=hours)
    end = start + draw(lengths(tzid))
    if and_future:
        named = written("RECURRENCE-ID;RANGE=THISANDFUTURE", moment, tzid)
    else:
        named = written("RECURRENCE-ID", moment, tzid, utc=draw(st.booleans()))
    times = written("DTSTART", start, tzid), written("DTEND", end, tzid)
    return event(named, *times, draw(st.sampled_from(STATES)))


def lengths(tzid: str) -> st.SearchStrategy[timedelta]:
    some = st.integers(1, 5)
    return (
        some.map(lambda hours: timedelta(hours=hours))
        if tzid
        else some.map(lambda days: timedelta(days=days))
    )


@st.composite
def calendars(draw: st.DrawFn) -> bytes:
    """Return a series with all that can happen to its repetitions."""
    tzid = draw(st.sampled_from((*ZONES, WHOLE_DAYS)))
    day = draw(st.dates(date(2024, 1, 1), date(2026, 4, 30)))
    start = datetime.combine(day, time(12 if tzid else 0))
    rule = draw(endless_rules())
    aside = timedelta(hours=3.5 if tzid else 0)  # no repetition by the rule is then
    offsets = st.lists(st.integers(-30, 700), max_size=2, unique=True)
    added = [start + timedelta(days=offset) + aside for offset in draw(offsets)]
    known = {start, *islice(rrulestr(rule, dtstart=start), 80), *added}
    chosen = draw(st.lists(st.sampled_from(sorted(known)), max_size=6, unique_by=datetime.date))
    gone, moved, changed = chosen[:2], chosen[2:4], chosen[4:]
    # A change from one repetition on gives later ones its length; of added periods it is not said what holds.
    more = [draw(additions(moment, tzid, periods=not changed)) for moment in added]
    master = event(
        *(written("DTSTART", start, tzid), written("DTEND", start + draw(lengths(tzid)), tzid)),
        *(f"RRULE:{rule}{draw(ends(start, tzid))}", draw(st.sampled_from(STATES))),
        *(*more, *(draw(exceptions(moment, tzid)) for moment in gone)),
    )
    orphan = start + timedelta(days=draw(st.integers(0, 700))) + aside / 2
    if orphan.date() not in {moment.date() for moment in known}:
        moved.append(orphan)
    return calendar(
        master,
        *(draw(overrides(moment, tzid)) for moment in moved),
        *(draw(overrides(moment, tzid, and_future=True)) for moment in changed),
    )


def their_intervals(data: bytes) -> Iterator[Interval]:
    """Yield what recurring-ical-events finds, with the same things left out as are free here."""
    margin = timedelta(days=2)
    expanded = recurring_ical_events.of(Calendar.from_ical(data))
    for one in expanded.between(YEAR.start - margin, YEAR.end + margin):
        if one.get("STATUS") != "CANCELLED" and one.get("TRANSP") != "TRANSPARENT":
            start, end = (
                moment if isinstance(moment, datetime) else datetime.combine(moment, time(), BRUSSELS)
                for moment in (one.start, one.end)
            )
            yield from filter(None, [Interval(start, end).clipped(YEAR)])


@settings(max_examples=250)
@given(data=calendars())
def test_a_series_takes_the_time_that_recurring_ical_events_gives(data: bytes) -> None:
    reading = read_file(data, window=YEAR)
    assert (reading.busy, reading.problems) == (merged(their_intervals(data)), ())
