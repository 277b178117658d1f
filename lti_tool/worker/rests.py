"""Leaving a platform alone that does not answer, so that its work does not keep the others' waiting."""

from datetime import datetime, timedelta

from lti_tool.storage import work

LONGEST_REST = timedelta(minutes=5)


class Rests:
    """How long each platform is left alone by this process; each failure in a row makes it longer."""

    def __init__(self) -> None:
        self._failures: dict[int, int] = {}
        self._until: dict[int, datetime] = {}

    def left(self, registration_id: int, now: datetime) -> timedelta:
        """Return how much longer to leave a platform alone; zero if it may be called."""
        return max(self._until.get(registration_id, now) - now, timedelta(0))

    def begin(self, registration_id: int, now: datetime, *, at_least: timedelta) -> None:
        """Leave a platform alone that did not answer, for as long as it asked for or longer."""
        failures = self._failures.get(registration_id, 0) + 1
        self._failures[registration_id] = failures
        self._until[registration_id] = now + max(min(work.delay(failures), LONGEST_REST), at_least)

    def end(self, registration_id: int) -> None:
        """Forget the failures of a platform that answered."""
        self._failures.pop(registration_id, None)
        self._until.pop(registration_id, None)
