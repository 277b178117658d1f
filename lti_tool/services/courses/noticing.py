"""What platforms tell without anyone being there (Platform Notification Service 1.0).

Klimop asks to hear of copied courses, whose links are to be pointed anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.lti import notices
from lti_tool.lti.claims import NoticesClaim
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.notices import CONTEXT_COPY, Notice
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.services.platforms.calling import REFUSED_AGAIN_AFTER, Refused, Waiting
from lti_tool.storage import work
from lti_tool.storage.models import Context, Deployment, NoticeSubscription, Registration, ResourceLink
from lti_tool.storage.platforms import platform_registration
from lti_tool.storage.rows import find_or_add

SUBSCRIBING_LEASE = timedelta(minutes=2)
# A platform that was put back from a backup has forgotten us.
RENEW_EVERY = timedelta(days=7)
WANTED = (CONTEXT_COPY,)


@dataclass(frozen=True)
class Subscription:
    """The notices to ask a platform for."""

    id: int
    platform: PlatformRegistration
    url: str
    types: tuple[str, ...]


@dataclass(frozen=True)
class Subscribed:
    """The platform will tell."""


def keep(db: Session, deployment: Deployment, claim: NoticesClaim, now: datetime) -> None:
    """Take note of where a deployment's platform is asked for notices, and ask soon."""
    types = [name for name in WANTED if name in claim.types]
    keys = {"deployment_id": deployment.id}
    row = find_or_add(db, NoticeSubscription, keys=keys, url=claim.url, notice_types=types, attempts=0)
    row.url, row.notice_types = claim.url, types
    work.finish(row, due_at=now if types else None)


def claim_subscription(db: Session, now: datetime) -> int | None:
    """Take the subscription in hand that is due longest; None if none is."""
    row = work.claim(db, NoticeSubscription, now, lease=SUBSCRIBING_LEASE)
    return None if row is None else row.id


def read_subscription(db: Session, subscription_id: int) -> Subscription:
    """Return what is to be asked for, and where."""
    row, registration = db.execute(
        select(NoticeSubscription, Registration)
        .join(Deployment, Deployment.id == NoticeSubscription.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(NoticeSubscription.id == subscription_id)
    ).one()
    return Subscription(row.id, platform_registration(registration), row.url, tuple(row.notice_types))


def subscribe(subscription: Subscription, connector: PlatformConnector, *, handler: str) -> Subscribed:
    """Ask the platform to post its notices to `handler`; outside any transaction."""
    notices.subscribe(connector, subscription.url, handler=handler, notice_types=subscription.types)
    return Subscribed()


def record_subscribing(
    db: Session, subscription: Subscription, outcome: Subscribed | Waiting | Refused, now: datetime
) -> None:
    """Note what came of it; one that changed meanwhile stays due."""
    row = work.find_locked(db, NoticeSubscription, subscription.id)
    if row is None or (row.url, tuple(row.notice_types)) != (subscription.url, subscription.types):
        return
    if isinstance(outcome, Waiting):
        row.failure = outcome.cause
        work.postpone(row, now, at_least=outcome.wait)
    elif isinstance(outcome, Refused):
        row.failure = outcome.code
        work.finish(row, due_at=now + REFUSED_AGAIN_AFTER)
    else:
        row.subscribed_at, row.failure = now, None
        work.finish(row, due_at=now + RENEW_EVERY)


def put_off_subscribing(db: Session, subscription_id: int, now: datetime) -> None:
    """Ask later where asking broke off."""
    work.put_off(db, NoticeSubscription, subscription_id, now)


def note_notice(db: Session, notice: Notice) -> None:
    """Do what a notice asks for; the same one again, or one of another kind, changes nothing."""
    if notice.type == CONTEXT_COPY and notice.context is not None:
        _note_copy(db, notice)


def _note_copy(db: Session, notice: Notice) -> None:
    """Remember which course a course is a copy of, so that its links are taken for copies too."""
    deployment_id = db.scalar(
        select(Deployment.id).where(
            Deployment.registration_id == notice.registration_id,
            Deployment.deployment_id == notice.deployment_id,
        )
    )
    original_id = db.scalar(
        select(Context.id)
        .where(
            Context.deployment_id == deployment_id,
            Context.context_id.in_(notice.origin_context_ids),
            Context.context_id != notice.context_id,
        )
        .order_by(Context.id.desc())
        .limit(1)
    )
    # A course that we never saw has no links of ours to repair.
    if deployment_id is None or original_id is None or notice.context is None:
        return
    keys = {"deployment_id": deployment_id, "context_id": notice.context_id}
    told = {"label": notice.context.label, "title": notice.context.title}
    copy = find_or_add(db, Context, keys=keys, **told, copied_from_id=original_id)
    # A course at work into which something is copied stays at work.
    if copy.copied_from_id is None and not _has_working_link(db, copy.id):
        copy.copied_from_id = original_id


def _has_working_link(db: Session, context_id: int) -> bool:
    opens = or_(ResourceLink.cohort_id.is_not(None), ResourceLink.programme_id.is_not(None))
    return bool(db.scalar(select(exists().where(ResourceLink.context_id == context_id, opens))))
