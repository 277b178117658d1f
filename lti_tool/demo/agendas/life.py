"""Half a year of someone's working life, invented but plausible."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from lti_tool.demo.agendas.entry import Entry, Series, Shows
from lti_tool.demo.agendas.rhythm import PRIVATE, SHIFTS, Meeting, Rhythm

WEEKS = 26
WEEKS_BEFORE = 2
OFFICE_OPENS = time(9)
HALF_HOUR = timedelta(minutes=30)
HALF_HOURS = 16  # from 9 to 17 h
LENGTHS = (2, 3, 4, 6)
SHARE_PRIVATE = 0.08
DAY = timedelta(days=1)

Slot = tuple[datetime, datetime]


def agenda(slug: str, rhythm: Rhythm, start: date) -> tuple[Entry, ...]:
    """Return the entries of `WEEKS` weeks around `start`: shifts, standing meetings, leave and the rest.

    About half of the office hours stay free. The answer depends on the arguments alone.
    """
    rng = Random(f"{slug} {start}")  # noqa: S311 the same lives every time are what is wanted
    monday = datetime.combine(start - timedelta(days=start.weekday(), weeks=WEEKS_BEFORE), time())
    leave = _leave(rng, monday)
    away = {entry.start + DAY * n for entry in leave for n in range(entry.length.days)}
    fixed = [
        *leave,
        *_shifts(rhythm, monday, rng.randrange(len(rhythm.rota)), away),
        *(_standing(rng, meeting, monday) for meeting in rhythm.meetings),
        *_marginal(rng, monday),
    ]
    return tuple(sorted([*fixed, *_occasions(rng, rhythm, monday, fixed)], key=lambda entry: entry.start))


def _leave(rng: Random, monday: datetime) -> list[Entry]:
    week, *days = rng.sample(range(1, WEEKS), 4)
    start = monday + timedelta(weeks=week)
    singles = [monday + timedelta(weeks=n, days=rng.randrange(5)) for n in days]
    return [
        Entry(start, start + 5 * DAY, "Verlof", Shows.AWAY),
        *(Entry(day, day + DAY, "Recup", Shows.AWAY) for day in singles),
    ]


def _shifts(rhythm: Rhythm, monday: datetime, first: int, away: set[datetime]) -> list[Entry]:
    days = "".join(rhythm.rota[(first + week) % len(rhythm.rota)] for week in range(WEEKS))
    worked = [(monday + DAY * n, letter) for n, letter in enumerate(days) if letter != "-"]
    # After a night comes sleep.
    slept = [(day + DAY, "S") for day, letter in worked if letter == "N"]
    return [_shift(day, letter) for day, letter in worked + slept if day not in away]


def _shift(day: datetime, letter: str) -> Entry:
    shift = SHIFTS[letter]
    start = datetime.combine(day, shift.start)
    return Entry(start, start + shift.length, shift.title)


def _standing(rng: Random, meeting: Meeting, monday: datetime) -> Entry:
    start = datetime.combine(monday + DAY * meeting.weekday, meeting.start)
    last = (monday + timedelta(weeks=WEEKS) - DAY).date()
    entry = Entry(start, start + meeting.length, meeting.title, series=Series(meeting.weeks, last))
    *skipped, moved = rng.sample(entry.planned()[1:], 3)
    changed = Series(meeting.weeks, last, tuple(sorted(skipped)), ((moved, moved + DAY + HALF_HOUR),))
    return replace(entry, series=changed)


def _marginal(rng: Random, monday: datetime) -> list[Entry]:
    birthday = monday + DAY * rng.randrange(7 * WEEKS)
    studies = monday + timedelta(weeks=rng.randrange(WEEKS), days=rng.randrange(5), hours=13)
    return [
        Entry(birthday, birthday + DAY, "Verjaardag mama", Shows.FREE),
        Entry(studies, studies + 3 * HALF_HOUR, "Onder voorbehoud: studienamiddag", Shows.TENTATIVE),
    ]


def _occasions(rng: Random, rhythm: Rhythm, monday: datetime, fixed: Iterable[Entry]) -> list[Entry]:
    taken = [slot for entry in fixed if entry.shows is not Shows.FREE for slot in entry.occurrences()]
    usually_free = rng.uniform(0.37, 0.6)
    found: list[Slot] = []
    for week in range(WEEKS):
        wanted = round(5 * HALF_HOURS * (usually_free + rng.uniform(-0.08, 0.08)))
        found += _filling(rng, _free(monday + timedelta(weeks=week), taken), wanted)
    return [Entry(start, end, _title(rng, rhythm)) for start, end in found]


def _title(rng: Random, rhythm: Rhythm) -> str:
    return rng.choice(PRIVATE if rng.random() < SHARE_PRIVATE else rhythm.occasions)


def _free(monday: datetime, taken: list[Slot]) -> set[datetime]:
    opens = datetime.combine(monday, OFFICE_OPENS)
    halves = {opens + DAY * day + HALF_HOUR * half for day in range(5) for half in range(HALF_HOURS)}
    week = [(start, end) for start, end in taken if end > monday and start < monday + 5 * DAY]
    return {half for half in halves if all(half >= end or half + HALF_HOUR <= start for start, end in week)}


def _filling(rng: Random, free: set[datetime], wanted: int) -> list[Slot]:
    found: list[Slot] = []
    starts = sorted(free)
    rng.shuffle(starts)
    for start in starts:
        length = rng.choice(LENGTHS)
        halves = {start + HALF_HOUR * n for n in range(length)}
        if len(free) - length >= wanted and halves <= free:
            free -= halves
            found.append((start, start + HALF_HOUR * length))
    return found
