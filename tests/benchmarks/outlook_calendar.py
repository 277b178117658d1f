"""A work calendar as Exchange publishes it, the same at every run: meetings, series, leave, invitations."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from zoneinfo import ZoneInfo

FIRST_DAY, DAYS = datetime(2024, 7, 1), 900  # noqa: DTZ001 - wall clock time
ZONES = {"Romance Standard Time": "Europe/Brussels", "GMT Standard Time": "Europe/London"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_WEEKLY_RULES = (
    "FREQ=WEEKLY;UNTIL={until};INTERVAL=1;BYDAY={day};WKST=MO",
    "FREQ=WEEKLY;UNTIL={until};INTERVAL=2;BYDAY={day};WKST=MO",
    "FREQ=WEEKLY;UNTIL={until};INTERVAL=1;BYDAY={day},FR;WKST=MO",
    "FREQ=DAILY;UNTIL={until};INTERVAL=7",
    "FREQ=WEEKLY;INTERVAL=1;BYDAY={day};WKST=MO",
)
_RULES = (*_WEEKLY_RULES, "FREQ=MONTHLY;UNTIL={until};INTERVAL=1;BYDAY={nth}{day}")
# A status, a transparency, and what Outlook shows; most meetings are the first.
_STATES = (
    *[("CONFIRMED", "OPAQUE", "BUSY")] * 16,
    *[("CONFIRMED", "OPAQUE", "TENTATIVE"), ("TENTATIVE", "OPAQUE", "TENTATIVE")],
    *[("CONFIRMED", "TRANSPARENT", "FREE"), ("CONFIRMED", "OPAQUE", "OOF"), ("CANCELLED", "OPAQUE", "BUSY")],
)
_WORDS = (
    "overleg dienst afdeling bespreking voorbereiding planning verslag bijlage team zorg kwaliteit project"
    " stuurgroep opleiding verpleegkundige arts directie budget personeel evaluatie traject patiënt dossier"
)
_CODE = "ZTM5MDQ0NmYtNWQ3Yi00YmE4LWI4ZWQtNGI0ODA0ZjI3YzQw"
_TEAMS = (
    f"\\n{'_' * 80}\\nMicrosoft Teams-vergadering\\nDeelnemen op uw computer\\, mobiele app of telefoon\\n"
    "Klik hier om deel te nemen aan de vergadering<https://teams.microsoft.com/l/meetup-join/19%3ameeting_"
    f"{_CODE}%40thread.v2/0?context=%7b%22Tid%22%3a%22{_CODE}%22%2c%22Oid%22%3a%22{_CODE}%22%7d>"
    "\\nVergadering-id: 345 678 901 234\\nWachtwoordcode: aBcDeF\\nTeams downloaden<https://www.microsoft.com/"
    "nl-be/microsoft-teams/download-app> | Deelnemen op internet<https://www.microsoft.com/microsoft-teams/"
    "join-a-meeting>\\nMeer informatie<https://aka.ms/JoinTeamsMeeting> | Opties voor vergadering<https://teams"
    f".microsoft.com/meetingOptions/?organizerId={_CODE}&tenantId={_CODE}&threadId=19_meeting_{_CODE}@thread.v2>"
)


def outlook_calendar(*, events: int, series: int, moved: int) -> bytes:
    """Return a calendar of so many VEVENTs; `series` of them repeat, and `moved` stand for a repetition."""
    random = Random(2026)  # noqa: S311 - not a secret, and the same every time
    found = [event for number in range(series) for event in _series(random, number, changed=number < moved)]
    found += [_single(random, number) for number in range(series, events - moved)]
    lines = chain(
        ("BEGIN:VCALENDAR", "METHOD:PUBLISH", "PRODID:Microsoft Exchange Server 2010", "VERSION:2.0"),
        ("X-WR-CALNAME:Agenda",),
        _definition("Romance Standard Time", 1, 3, 2),
        _definition("GMT Standard Time", 0, 2, 1),
        *found,
        ("END:VCALENDAR",),
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _definition(tzid: str, winter: int, autumn_hour: int, spring_hour: int) -> Iterator[str]:
    """Yield a zone with European summer time, from 1601 on."""
    yield from ("BEGIN:VTIMEZONE", f"TZID:{tzid}")
    changes = (("STANDARD", autumn_hour, 10, 1, 0), ("DAYLIGHT", spring_hour, 3, 0, 1))
    for name, hour, month, before, after in changes:
        yield from (f"BEGIN:{name}", f"DTSTART:16010101T{hour:02}0000")
        yield from (f"TZOFFSETFROM:+{winter + before:02}00", f"TZOFFSETTO:+{winter + after:02}00")
        yield from (f"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH={month}", f"END:{name}")
    yield "END:VTIMEZONE"


def _series(random: Random, number: int, *, changed: bool) -> Iterator[Iterable[str]]:
    """Yield a series, and where it is changed two of its repetitions are cancelled and one is moved."""
    tzid, start, length = _when(random)
    until = start.replace(tzinfo=ZoneInfo(ZONES[tzid])) + timedelta(weeks=random.randint(20, 100))
    rule = random.choice(_WEEKLY_RULES if changed else _RULES).format(
        until=f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        day=WEEKDAYS[start.weekday()],
        nth=(start.day + 6) // 7 if start.day < 29 else -1,
    )
    if not changed:
        yield _event(random, number, tzid, start, length, f"RRULE:{rule}")
        return
    *gone, old = (start + timedelta(weeks=week) for week in random.sample(range(2, 20, 2), 3))
    exdate = f"EXDATE;TZID={tzid}:{','.join(f'{moment:%Y%m%dT%H%M%S}' for moment in gone)}"
    yield _event(random, number, tzid, start, length, f"RRULE:{rule}", exdate)
    new = old + timedelta(days=random.randint(-1, 1), minutes=random.choice((-90, -30, 60, 120)))
    yield _event(random, number, tzid, new, length, f"RECURRENCE-ID;TZID={tzid}:{old:%Y%m%dT%H%M%S}")


def _single(random: Random, number: int) -> Iterable[str]:
    """Return a meeting, or now and then leave of some days."""
    tzid, start, length = _when(random)
    if random.random() < 0.05:
        day, days = start.replace(hour=0, minute=0), timedelta(days=random.randint(1, 5))
        return _event(random, number, "", day, days)
    return _event(random, number, tzid, start, length)


def _when(random: Random) -> tuple[str, datetime, timedelta]:
    tzid = random.choices(list(ZONES), (9, 1))[0]
    day = FIRST_DAY + timedelta(days=random.randrange(DAYS // 7) * 7 + random.randrange(5))
    start = day + timedelta(minutes=random.randrange(8 * 60, 17 * 60, 15))
    return tzid, start, timedelta(minutes=random.choice((15, 30, 30, 45, 60, 60, 60, 90, 120, 240)))


def _event(
    random: Random, number: int, tzid: str, start: datetime, length: timedelta, *repetition: str
) -> list[str]:
    """Return an event in the order and with the lines of Exchange; without a zone it is of whole days."""
    status, transparency, shown = random.choice(_STATES)
    form, zone = ("%Y%m%dT%H%M%S", f"TZID={tzid}") if tzid else ("%Y%m%d", "VALUE=DATE")
    invitation = _TEAMS if random.random() < 0.5 else ""
    return [
        "BEGIN:VEVENT",
        f"DESCRIPTION:{_words(random, random.randint(5, 70))}{invitation}",
        *repetition,
        f"UID:040000008200E00074C5B7101A82E00800000000{number:072X}",
        f"SUMMARY:{_words(random, 4).capitalize()}",
        f"DTSTART;{zone}:{start.strftime(form)}",
        f"DTEND;{zone}:{(start + length).strftime(form)}",
        "CLASS:PUBLIC",
        "PRIORITY:5",
        "DTSTAMP:20260202T060000Z",
        f"TRANSP:{transparency}",
        f"STATUS:{status}",
        "SEQUENCE:0",
        f"LOCATION:Zaal {number % 40}\\, Gasthuis",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        f"X-MICROSOFT-CDO-BUSYSTATUS:{shown}",
        "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
        f"X-MICROSOFT-CDO-ALLDAYEVENT:{str(not tzid).upper()}",
        "X-MICROSOFT-CDO-IMPORTANCE:1",
        f"X-MICROSOFT-CDO-INSTTYPE:{int(bool(repetition))}",
        "X-MICROSOFT-DONOTFORWARDMEETING:FALSE",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
        "X-MICROSOFT-REQUESTEDATTENDANCEMODE:DEFAULT",
        "X-MICROSOFT-ISRESPONSEREQUESTED:FALSE",
        "END:VEVENT",
    ]


def _words(random: Random, count: int) -> str:
    return " ".join(random.choices(_WORDS.split(), k=count))


def _folded(line: str) -> str:
    """Return the line in pieces of at most 75 bytes, where most letters are one byte."""
    size = 65
    pieces = [line[at : at + size] for at in range(0, len(line), size)]
    return "\r\n ".join(pieces)
