"""Calling a platform's services, with what calls share and what can come of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import requests

from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import ToolKeys
from lti_tool.lti.tokens import AccessTokens

T = TypeVar("T")

# Whoever looks after the platform may have mended meanwhile what made it refuse.
REFUSED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """The same call may succeed later: why, and how long the platform asked to be left alone."""

    cause: str
    wait: timedelta = timedelta(0)


@dataclass(frozen=True)
class Refused:
    """The same call will be refused again: the OAuth error code where no token was given, or the status."""

    code: str


class Caller:
    """What the calls of one process share: connections and access tokens."""

    def __init__(self, keys: ToolKeys, session: requests.Session) -> None:
        self._keys, self._session = keys, session
        self._tokens = AccessTokens()

    def connector(self, platform: PlatformRegistration, now: datetime) -> PlatformConnector:
        return PlatformConnector(
            platform=platform, keys=self._keys, tokens=self._tokens, session=self._session, now=now
        )


def outcome_of(work: Callable[[PlatformConnector], T], connector: PlatformConnector) -> T | Waiting | Refused:
    """Return what the work with a platform gives, or why it gives nothing."""
    try:
        return work(connector)
    except PlatformUnavailableError as error:
        return Waiting(error.cause, error.retry_after or timedelta(0))
    except PlatformRefusedError as error:
        return Refused(error.error or str(error.status))
