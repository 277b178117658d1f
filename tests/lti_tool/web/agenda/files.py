"""Calendars to give to Klimop, with something in them this week, and who gives them."""

from datetime import timedelta

from sqlalchemy import Select, select

from lti_tool import clock
from lti_tool.demo.people import PEOPLE
from lti_tool.storage.models import Agenda, Person
from tests.lti_tool.web.world import World


def weekly(*lines: str, begin: str = "0900", end: str = "1030") -> bytes:
    """Return a calendar with one meeting, each Monday from this week on, that has more lines."""
    monday = clock.now().date() - timedelta(days=clock.now().weekday())
    return "\r\n".join(
        (
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//NL", "BEGIN:VEVENT", "UID:1"),
            f"DTSTART;TZID=Europe/Brussels:{monday:%Y%m%d}T{begin}00",
            f"DTEND;TZID=Europe/Brussels:{monday:%Y%m%d}T{end}00",
            *("RRULE:FREQ=WEEKLY", "SUMMARY:Evaluatiegesprek met Jan", *lines, "END:VEVENT"),
            *("END:VCALENDAR", ""),
        )
    ).encode()


def campus_address(world: World, slug: str, sub: str) -> str:
    """Return the address of an account's agenda on the campus."""
    account = next(one for one in PEOPLE if one.institution.slug == slug and one.sub == sub)
    return f"{world.campus.settings.base_url}/agendas/{account.slug}.ics"


def agendas_of(name: str) -> Select[tuple[Agenda]]:
    return select(Agenda).join(Person).where(Person.name == name).order_by(Agenda.id)
