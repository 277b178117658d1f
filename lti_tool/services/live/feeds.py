"""Calendar subscriptions: a person's secret address and what it shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.text import Text
from lti_tool.services.study.publishing import find_published
from lti_tool.storage.models import (
    Cohort,
    Enrolment,
    Feed,
    Institution,
    LiveSession,
    Person,
    Registration,
    Seat,
)
from lti_tool.storage.rows import find_or_add
from lti_tool.storage.vault import Vault, hashed

# A subscriber's fetch is noted at most this often, so that polling costs no writes.
NOTE_FETCH_EVERY = timedelta(minutes=10)


class NoFeedError(Exception):
    """No person has this calendar address, or no longer."""


@dataclass(frozen=True)
class FeedAddress:
    """A person's token, and when a calendar program last fetched it."""

    token: str
    fetched_at: datetime | None


@dataclass(frozen=True)
class FeedOwner:
    """Whose address was fetched, the language to answer in, and whether that fetch is worth noting."""

    person_id: int
    locale: str
    is_fetch_news: bool


@dataclass(frozen=True)
class ScheduledSession:
    """One live session in which a person has a seat."""

    uid: str
    cohort_id: int
    module_title: Text
    number: int
    group: int
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    cancelled: bool


def open_feed(db: Session, vault: Vault, person_id: int, now: datetime) -> FeedAddress:
    """Return the person's calendar address, made at the first call."""
    token = _token(vault, person_id, 1)
    feed = find_or_add(
        db, Feed, keys={"person_id": person_id}, generation=1, token_hash=hashed(token), created_at=now
    )
    return FeedAddress(_token(vault, person_id, feed.generation), feed.fetched_at)


def find_feed(db: Session, vault: Vault, person_id: int) -> FeedAddress:
    """Return the person's calendar address; raise `NoFeedError` where it was never asked for."""
    feed = db.get(Feed, person_id)
    if feed is None:
        raise NoFeedError
    return FeedAddress(_token(vault, person_id, feed.generation), feed.fetched_at)


def replace_feed(db: Session, vault: Vault, person_id: int, now: datetime) -> None:
    """Give the person a new calendar address; the old one ends at once."""
    open_feed(db, vault, person_id, now)
    feed = db.get_one(Feed, person_id)
    feed.generation += 1
    feed.token_hash = hashed(_token(vault, person_id, feed.generation))
    feed.created_at, feed.fetched_at = now, None


def find_feed_owner(db: Session, token: str, now: datetime) -> FeedOwner:
    """Return the person whose calendar address this is; raise `NoFeedError` where it is nobody's."""
    row = db.execute(
        select(Feed.person_id, Feed.fetched_at, Person.locale, Institution.locale.label("institutions"))
        .join(Person, Feed.person_id == Person.id)
        .join(Registration, Person.registration_id == Registration.id)
        .join(Institution, Registration.institution_id == Institution.id)
        .where(Feed.token_hash == hashed(token))
    ).one_or_none()
    if row is None:
        raise NoFeedError
    return FeedOwner(
        person_id=row.person_id,
        locale=row.locale or row.institutions,
        is_fetch_news=row.fetched_at is None or now - row.fetched_at >= NOTE_FETCH_EVERY,
    )


def note_fetch(db: Session, person_id: int, now: datetime) -> None:
    db.get_one(Feed, person_id).fetched_at = now


def sessions_of(db: Session, person_id: int) -> tuple[ScheduledSession, ...]:
    """Return all live sessions in which a person has a seat, in order of time."""
    rows = db.execute(
        select(LiveSession, Cohort.module_version_id)
        .join(Seat, Seat.live_session_id == LiveSession.id)
        .join(Enrolment, Seat.enrolment_id == Enrolment.id)
        .join(Cohort, LiveSession.cohort_id == Cohort.id)
        .where(Enrolment.person_id == person_id)
        .order_by(LiveSession.starts_at, LiveSession.uid)
    ).all()
    return tuple(
        ScheduledSession(
            uid=session.uid,
            cohort_id=session.cohort_id,
            module_title=find_published(db, version_id).module.title,
            number=session.number,
            group=session.group,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            sequence=session.sequence,
            changed_at=session.changed_at,
            cancelled=session.cancelled_at is not None,
        )
        for session, version_id in rows
    )


def _token(vault: Vault, person_id: int, generation: int) -> str:
    return vault.token("feed", person_id, generation)
