"""Rules against two expanders that others keep, on what those get right."""

from datetime import UTC, datetime, timedelta

import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduling.agenda import read_agenda
from scheduling.agenda.notes import Notes
from scheduling.agenda.rule_text import read_rule
from scheduling.agenda.values import Stamp
from scheduling.interval import Interval, merged
from tests.scheduling.agendas import BRUSSELS, YEAR, calendar, event

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def some(*values: object, most: int = 3) -> st.SearchStrategy[str]:
    """Return a comma-separated choice of a few of the values."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


plain_days, month_days = some(*WEEKDAYS), some(*range(1, 32), *range(-31, 0))
ordinal_days = some(*(f"{number}{day}" for number in (1, 2, 3, 4, 5, -1, -2) for day in WEEKDAYS))
months, hours = some(*range(1, 13)), some(8, 9, 15)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Return a rule of which no part is one that dateutil reads otherwise than RFC 5545."""
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = {"FREQ": frequency}
    by_day = st.one_of(plain_days, ordinal_days) if frequency in ("MONTHLY", "YEARLY") else plain_days
    optional = {
        "INTERVAL": st.integers(1, 5).map(str),
        "BYMONTH": months,
        "BYDAY": by_day,
        "BYMONTHDAY": month_days,
        "BYHOUR": hours,
        "WKST": st.sampled_from(WEEKDAYS),
    }
    if frequency == "YEARLY":
        optional["BYYEARDAY"] = some(1, 59, 60, 200, 366, -1, -366)
        optional["BYWEEKNO"] = some(1, 9, 30, 52, 53, -1, -52)
    # Many parts at once seldom agree on any day, and then dateutil looks for one until the year 9999.
    for name in draw(st.lists(st.sampled_from(sorted(optional)), max_size=2, unique=True)):
        parts[name] = draw(optional[name])
    if "BYWEEKNO" in parts and parts.get("BYDAY", "")[:1] in "-12345":
        parts.pop("BYDAY", None)
    if frequency in ("MONTHLY", "YEARLY") and "BYDAY" in parts and draw(st.booleans()):
        parts["BYSETPOS"] = draw(some(1, 2, -1, -2))
    return ";".join(f"{name}={value}" for name, value in parts.items())


@settings(max_examples=200, deadline=None)
@given(
    rule=rules(),
    start=st.datetimes(datetime(2015, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - wall clock times
    days=st.integers(1, 800),
)
def test_a_rule_gives_what_dateutil_gives(rule: str, start: datetime, days: int) -> None:
    start = start.replace(microsecond=0)
    first = datetime(2026, 1, 1)  # noqa: DTZ001 - a wall clock time
    last = first + timedelta(days=days)
    text = f"RRULE:{rule};UNTIL={last:%Y%m%dT%H%M%S}"
    expected = rrulestr(text, dtstart=start).between(first, last, inc=True)
    found = read_rule(rule, Stamp(start, UTC, whole_day=False)).starts(start, (first, last), Notes())
    assert found == expected


@settings(max_examples=100, deadline=None)
@given(
    rule=st.builds(
        lambda frequency, interval, end: f"FREQ={frequency};INTERVAL={interval}{end}",
        st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
        st.integers(1, 3),
        st.sampled_from(("", ";COUNT=7", ";UNTIL=20260501T100000Z")),
    ),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 4, 30)),  # noqa: DTZ001 - wall clock times
    minutes=st.integers(15, 600),
    tzid=st.sampled_from(("Europe/Brussels", "America/New_York", "Asia/Kolkata")),
)
def test_a_plain_series_takes_the_time_that_recurring_ical_events_gives(
    rule: str, start: datetime, minutes: int, tzid: str
) -> None:
    # By day: in the hour of a clock change the two differ on purpose.
    start = start.replace(hour=12 + start.hour % 2, second=0, microsecond=0)
    end = start + timedelta(minutes=minutes)
    data = calendar(
        event(
            f"DTSTART;TZID={tzid}:{start:%Y%m%dT%H%M%S}",
            f"DTEND;TZID={tzid}:{end:%Y%m%dT%H%M%S}",
            f"RRULE:{rule}",
        )
    )
    theirs = recurring_ical_events.of(Calendar.from_ical(data)).between(YEAR.start, YEAR.end)
    intervals = (Interval(one.start, one.end).clipped(YEAR) for one in theirs)
    assert read_agenda(data, window=YEAR, zone=BRUSSELS).busy == merged(filter(None, intervals))
