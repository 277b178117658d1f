"""What every job needs, and how the rows that are due are taken one after the other.

A job holds no transaction while it waits for a network or a solver. A row whose work breaks off is put off,
and the next one is taken.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.logs import trail
from lti_tool.services.platforms.calling import Caller
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.vault import Vault
from lti_tool.web.letters import Writer
from lti_tool.worker.rests import Rests

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workshop:
    """What every job needs; once `stopping` is set, no job takes another row."""

    settings: Settings
    database: Database
    vault: Vault
    caller: Caller
    writer: Writer
    rests: Rests = field(default_factory=Rests)
    stopping: Event = field(default_factory=Event)


Job = Callable[[Workshop], None]


@dataclass(frozen=True)
class Chore:
    """How to take a row of one kind in hand, do it (and say in a word what came of it), or put it off."""

    name: str
    claim: Callable[[Session, datetime], int | None]
    do: Callable[[Workshop, int], str]
    put_off: Callable[[Session, int, datetime], None]


def do_all(shop: Workshop, chore: Chore) -> None:
    """Do what is due of one kind, until nothing is left or the worker stops."""
    while not shop.stopping.is_set():
        with shop.database.begin() as db:
            row_id = chore.claim(db, clock.now())
        if row_id is None:
            return
        try:
            log.info("%s %s: %s", chore.name, row_id, chore.do(shop, row_id))
        except Exception as error:
            log.error("%s %s: %s", chore.name, row_id, trail(error))
            with shop.database.begin() as db:
                chore.put_off(db, row_id, clock.now())
