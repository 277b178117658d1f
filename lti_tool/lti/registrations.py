"""Registrations, which change a few times a year and are asked for twice in each launch."""

from collections.abc import Callable, Sequence

from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import Registrations

HELD_SECONDS = 60.0


class HeldRegistrations:
    """Registrations and deployments as they were at most a minute ago; new ones are known at once.

    One for a process, shared by its threads. `elapsed` returns seconds that only go forward. That something
    is unknown is not held: it may be known the next moment, and made-up names would fill the memory.
    """

    def __init__(self, stored: Registrations, elapsed: Callable[[], float]) -> None:
        self._stored, self._elapsed = stored, elapsed
        self._registrations: dict[tuple[str, str], tuple[Sequence[PlatformRegistration], float]] = {}
        self._deployments: dict[tuple[int, str], float] = {}

    def registrations_of(self, issuer: str, client_id: str) -> Sequence[PlatformRegistration]:
        now = self._elapsed()
        known, until = self._registrations.get((issuer, client_id), ((), now))
        if now >= until:
            known = self._stored.registrations_of(issuer, client_id)
            if known:
                self._registrations[issuer, client_id] = known, now + HELD_SECONDS
        return known

    def has_deployment(self, registration_id: int, deployment_id: str) -> bool:
        now = self._elapsed()
        if now < self._deployments.get((registration_id, deployment_id), now):
            return True
        known = self._stored.has_deployment(registration_id, deployment_id)
        if known:
            self._deployments[registration_id, deployment_id] = now + HELD_SECONDS
        return known
