"""Leaving a calendar server alone that does not answer: all workers keep to it, and so do all its agendas."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.agendas.fetching import FetchFailure
from lti_tool.storage import work
from lti_tool.storage.models import Agenda, CalendarHost
from lti_tool.storage.rows import add_if_absent
from lti_tool.storage.vault import Vault

# What says something of the server, and not only of one address on it.
FAILURES = frozenset(
    {FetchFailure.SERVER_TROUBLE.value, FetchFailure.SERVER_BUSY.value, FetchFailure.SERVER_SLOW.value}
)


def host_name(address: str) -> str:
    """Return the server's name in an address."""
    return urlsplit(address).hostname or ""


def host_key(vault: Vault, address: str) -> str:
    """Return what stands for an address's server: the same for all its addresses, and no name."""
    return vault.token("calendar host", host_name(address))


def is_rested(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an agenda's server may be asked now."""
    resting = select(CalendarHost.key).where(CalendarHost.rests_until > now)
    return or_(Agenda.host.is_(None), Agenda.host.not_in(resting))


def note_failure(db: Session, key: str, now: datetime, *, at_least: timedelta) -> None:
    """Leave a server alone, longer with each failure in a row, for as long as it asked for or longer."""
    add_if_absent(db, CalendarHost, {"key": key, "failures": 0, "rests_until": now})
    host = db.get(CalendarHost, key, with_for_update=True, populate_existing=True)
    if host is None:
        return  # it has answered someone else meanwhile
    # What was under way when it began to fail is not one failure after the other.
    if host.rests_until <= now:
        host.failures += 1
        host.rests_until = now + work.delay(host.failures)
    host.rests_until = max(host.rests_until, now + at_least)


def note_answer(db: Session, key: str, now: datetime) -> None:
    """Forget the failures of a server that answers; an answer that was under way ends no rest."""
    db.execute(delete(CalendarHost).where(CalendarHost.key == key, CalendarHost.rests_until <= now))
