"""Calls to a platform's services with an access token (1EdTech Security Framework 1.0, section 4.1)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

import requests

from lti_tool.lti.http import Answer, NoAnswerError, exchange, retry_after
from lti_tool.lti.json_object import InvalidValueError
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import ToolKeys
from lti_tool.lti.tokens import AccessToken, AccessTokens, read_token, token_error, token_request

CALL_SECONDS = 20
MOST_BYTES = 10_000_000
MOST_PAGES = 1000
# Request Timeout, Too Early, Too Many Requests: the same request may succeed later.
PASSING_STATUSES = {408, 425, 429}


class PlatformUnavailableError(Exception):
    """The call may succeed later: no answer, a fault at the platform, or an answer that makes no sense.

    `retry_after` is what the platform asked for, None where it named no time.
    """

    def __init__(self, registration_id: int, cause: str, retry_after: timedelta | None = None) -> None:
        super().__init__(registration_id, cause, retry_after)
        self.registration_id = registration_id
        self.cause = cause
        self.retry_after = retry_after


class PlatformRefusedError(Exception):
    """The same call will be refused again. `error` is the OAuth error code where no token was given."""

    def __init__(self, registration_id: int, status: int, error: str = "") -> None:
        super().__init__(registration_id, status, error)
        self.registration_id = registration_id
        self.status = status
        self.error = error


@dataclass(frozen=True, kw_only=True)
class PlatformConnector:
    """One piece of work with one platform. Make a new one for each; `tokens` and `session` outlive it.

    Every call raises PlatformUnavailableError or PlatformRefusedError where it does not succeed.
    """

    platform: PlatformRegistration
    keys: ToolKeys
    tokens: AccessTokens
    session: requests.Session
    now: datetime

    def pages(self, url: str, *, scopes: Iterable[str], accept: str) -> Iterator[bytes]:
        """Yield the body of `url` and of every page that follows it (RFC 8288, `rel=next`)."""
        for answer in self.answers(url, scopes=scopes, accept=accept):
            yield answer.body

    def answers(self, url: str, *, scopes: Iterable[str], accept: str) -> Iterator[Answer]:
        """Yield the whole answer for each of those pages."""
        seen: set[str] = set()
        while url:
            if url in seen or len(seen) == MOST_PAGES:
                self.give_up("endless pages")
            seen.add(url)
            answer = self.call("GET", url, scopes=scopes, headers={"Accept": accept})
            yield answer
            url = answer.links.get("next", "")

    def call(
        self,
        method: str,
        url: str,
        *,
        scopes: Iterable[str],
        headers: Mapping[str, str],
        content: object = None,
    ) -> Answer:
        """Return the successful answer to one request; `content` is sent as JSON, None as nothing."""
        data = None if content is None else json.dumps(content)
        wanted = frozenset(scopes)
        answer = self._exchange(method, url, {**headers, **self._authorization(wanted)}, data)
        if answer.status == 401:
            # A platform may end a token early; a new one tells whether it was that.
            self.tokens.forget(self.platform, wanted)
            answer = self._exchange(method, url, {**headers, **self._authorization(wanted)}, data)
        self._require_success(answer)
        return answer

    def new_token(self, scopes: frozenset[str]) -> AccessToken:
        """Ask the platform for a token and keep it; a call that needs one does so by itself."""
        form = token_request(self.platform, scopes, self.keys.signing_key(self.now), self.now)
        answer = self._exchange("POST", self.platform.token_url, {"Accept": "application/json"}, form)
        self._require_success(answer, error=token_error(answer.body))
        # Moodle calls its JSON text/html, so the media type tells nothing.
        try:
            token = read_token(answer.body, self.now)
        except InvalidValueError:
            self.give_up("unreadable token")
        self.tokens.keep(self.platform, scopes, token)
        return token

    def give_up(self, cause: str) -> NoReturn:
        """Raise for an answer that makes no sense."""
        raise PlatformUnavailableError(self.platform.id, cause)

    def _authorization(self, scopes: frozenset[str]) -> dict[str, str]:
        token = self.tokens.find(self.platform, scopes, self.now) or self.new_token(scopes)
        return {"Authorization": f"Bearer {token.value}"}

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], data: Mapping[str, str] | str | None
    ) -> Answer:
        limits = {"seconds": CALL_SECONDS, "most_bytes": MOST_BYTES}
        try:
            return exchange(self.session, method, url, headers=headers, data=data, **limits)
        except NoAnswerError as failure:
            raise PlatformUnavailableError(self.platform.id, failure.cause) from failure

    def _require_success(self, answer: Answer, *, error: str = "") -> None:
        if answer.ok:
            return
        if answer.status >= 500 or answer.status in PASSING_STATUSES:
            wait = retry_after(answer.headers.get("Retry-After", ""), self.now)
            raise PlatformUnavailableError(self.platform.id, f"status {answer.status}", wait)
        raise PlatformRefusedError(self.platform.id, answer.status, error)
