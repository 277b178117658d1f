"""Rules against an expander that others keep, on what it gets right."""

from datetime import UTC, datetime, timedelta

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.agenda.notes import Notes
from scheduling.agenda.rule_text import read_rule
from scheduling.agenda.values import Stamp

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


@settings(max_examples=200)
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
