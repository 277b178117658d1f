"""Invented work agendas of the people on the campus, as the programs they use would write them."""

from datetime import UTC, date, datetime, time
from functools import lru_cache

from lti_tool.demo.agendas.ics import Style, render
from lti_tool.demo.agendas.life import agenda
from lti_tool.demo.agendas.rhythm import OFFICE, TEACHING, WARDS, Rhythm
from lti_tool.demo.people import AGENDA_OWNERS, LINDEHOEVE, MEERKOET, SCHELDEKANT, WENDE, Kind, Person

WARD_EMPLOYERS = (SCHELDEKANT, LINDEHOEVE, MEERKOET, WENDE)


@lru_cache(maxsize=len(AGENDA_OWNERS))
def agenda_file(person: Person, start: date) -> bytes:
    """Return a person's agenda as an .ics file; the same for the same start, whenever it is asked."""
    position = AGENDA_OWNERS.index(person)
    entries = agenda(person.slug, rhythm(person), start)
    return render(person, entries, style=list(Style)[position % len(Style)], stamp=stamp(start))


def stamp(start: date) -> datetime:
    """Return when the agendas around `start` were last changed."""
    return datetime.combine(start, time(), UTC)


def rhythm(person: Person) -> Rhythm:
    """Return how someone's weeks go: on a ward in shifts, in an office, or teaching."""
    if person.kind is Kind.TEACHER:
        return TEACHING
    if person.employer in WARD_EMPLOYERS:
        return WARDS[AGENDA_OWNERS.index(person) % len(WARDS)]
    return OFFICE
