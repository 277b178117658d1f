"""The tool's keys from their first publication to their last use.

A new key is published a day before it signs, so that every platform has fetched it by then; the one before
stays published until nothing that it signed can still be on its way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.storage.models import ToolKey
from lti_tool.storage.platforms import add_tool_key, published_tool_keys
from lti_tool.storage.vault import Vault

# Platforms keep a keyset for hours; one that meets an unknown key id before that mostly asks again.
TIME_TO_FETCH = timedelta(hours=24)
# What we sign lives for minutes; this leaves room for queues and for clocks that are wrong.
LAST_USE = timedelta(hours=1)


class KeyState(StrEnum):
    """A key is published in every state."""

    NEXT = "next"
    SIGNING = "signing"
    FORMER = "former"


@dataclass(frozen=True)
class KeyRow:
    """A key; `published_until` is None while no other is to follow it."""

    kid: str
    state: KeyState
    created_at: datetime
    signs_from: datetime
    published_until: datetime | None


def list_keys(db: Session, now: datetime) -> list[KeyRow]:
    """Return the published keys in the order in which they sign."""
    keys = published_tool_keys(db, now)
    begun = [key.kid for key in keys if key.signs_from <= now]
    states = dict.fromkeys(begun, KeyState.FORMER) | dict.fromkeys(begun[-1:], KeyState.SIGNING)
    return [
        KeyRow(
            key.kid, states.get(key.kid, KeyState.NEXT), key.created_at, key.signs_from, key.published_until
        )
        for key in keys
    ]


def rotate(db: Session, vault: Vault, now: datetime, *, signs_from: datetime) -> None:
    """Let a new key, published from now on, take over the signing at `signs_from`.

    Where one is waiting to take over already, that one does, at `signs_from` if that is sooner: so to ask
    twice does no harm.
    """
    # Of two rotations at once the second waits here, and then finds the key of the first.
    db.scalars(select(ToolKey.kid).with_for_update()).all()
    keys = published_tool_keys(db, now)
    waiting = [key for key in keys if key.signs_from > now]
    following = waiting[-1] if waiting else add_tool_key(db, vault, now, signs_from=signs_from)
    following.signs_from = min(following.signs_from, signs_from)
    end = following.signs_from + LAST_USE
    for key in keys:
        if key is not following:
            key.published_until = min(key.published_until or end, end)


def forget_old_keys(db: Session, now: datetime) -> None:
    db.execute(delete(ToolKey).where(ToolKey.published_until <= now))
