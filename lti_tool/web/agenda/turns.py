"""Reading an agenda while its owner waits: a few at once, so that launches and pages always find a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from lti_tool.web.translate import _

AT_ONCE = 3
_turns = BoundedSemaphore(AT_ONCE)


class TooManyReadingsError(Exception):
    """As many people as this process can have are waiting for their agendas."""


@contextmanager
def in_turn() -> Iterator[None]:
    """Take one of the turns for a while, or raise TooManyReadingsError at once."""
    if not _turns.acquire(blocking=False):
        raise TooManyReadingsError
    try:
        yield
    finally:
        _turns.release()


def too_many_readings() -> str:
    return _("Many people connect an agenda just now. Nothing is lost: try again in a minute.")
