"""Fetching a calendar from an address that anybody may have typed."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests_hardened.ip_filter import InvalidIPAddress  # type: ignore[import-untyped] # it publishes none
from urllib3.exceptions import HTTPError, ReadTimeoutError

from lti_tool.lti.http import retry_after
from lti_tool.services.platforms.guarding import ForbiddenTargetError, guarded_session, require_open
from lti_tool.services.platforms.watching import Watch
from scheduling.agenda.lines import MAX_BYTES, is_web_page

MAX_ADDRESS = 2000
MAX_REDIRECTS = 3
TOTAL_SECONDS = 20.0
SILENT_SECONDS = 10.0
CHUNK = 65_536
BUSY_STATUSES = (429, 503)
PASSING_STATUSES = (408, 425)  # Request Timeout, Too Early
LONGEST_VALIDATOR = 1000

_SCHEMES = {"webcal": "https", "webcals": "https", "http": "http", "https": "https"}
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,8})\b", re.ASCII | re.IGNORECASE)
_HEADERS = {"User-Agent": "Klimop", "Accept": "text/calendar, */*;q=0.5", "Accept-Encoding": "gzip, deflate"}


class FetchFailure(str, Enum):
    """Why there is no calendar."""

    BAD_ADDRESS = "bad_address"
    FORBIDDEN_TARGET = "forbidden_target"  # a port or a network where no public calendar lives
    NOT_FOUND = "not_found"  # or the link was revoked
    LOGIN_PAGE = "login_page"
    CERTIFICATE = "certificate"
    TOO_LARGE = "too_large"
    UNKNOWN_HOST = "unknown_host"
    LOST_ADDRESS = "lost_address"  # it was encrypted with another secret key
    SERVER_SLOW = "server_slow"
    SERVER_BUSY = "server_busy"  # it asks to come back later
    SERVER_TROUBLE = "server_trouble"


class FetchError(Exception):
    """The address gives no calendar; the address itself, a secret, is not in here.

    `retry_after` is how long the server asked to be left alone, None where it named no time.
    """

    def __init__(self, kind: FetchFailure, retry_after: timedelta | None = None) -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.retry_after = retry_after


@dataclass(frozen=True)
class Fetched:
    """What the server sent, decoded, and what to say to it next time.

    `fresh_for` is how long the server says that it stays so (RFC 9111, section 5.2.2.1), None if nothing.
    """

    data: bytes
    etag: str | None
    last_modified: str | None
    fresh_for: timedelta | None = None


@dataclass(frozen=True)
class NotModified:
    """The server has nothing newer than what was read before."""

    fresh_for: timedelta | None = None


def is_calendar_address(url: str, allowed_hosts: frozenset[str]) -> bool:
    """Return whether an address is worth trying: its form and port, not what is there."""
    try:
        _checked(url, allowed_hosts)
    except FetchError:
        return False
    return True


def fetch_calendar(
    url: str,
    *,
    now: datetime,
    etag: str | None = None,
    last_modified: str | None = None,
    allowed_hosts: frozenset[str] = frozenset(),
    total_seconds: float = TOTAL_SECONDS,
) -> Fetched | NotModified:
    """Return what is at the address now, or NotModified; raises FetchError.

    Only public networks and the ports 80 and 443 are reached, through redirects too, except for
    `allowed_hosts`, each written "host:port". `total_seconds` holds for the whole exchange.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = _HEADERS | {name: value for name, value in conditions.items() if value}
    with Watch(total_seconds) as watch:
        try:
            for _ in range(MAX_REDIRECTS + 1):
                target = _checked(url, allowed_hosts)
                session = guarded_session(target, allowed_hosts, watch)
                with session, _get(session, target, headers) as response:
                    if not response.is_redirect:
                        return _outcome(response, watch, now, conditional=len(headers) > len(_HEADERS))
                    url = urljoin(target.geturl(), response.headers["Location"])
        except (requests.RequestException, HTTPError, ValueError) as error:  # of odd addresses too
            raise FetchError(FetchFailure.SERVER_SLOW if watch.expired else _failure(error)) from None
    raise FetchError(FetchFailure.NOT_FOUND)


def _checked(url: str, allowed_hosts: frozenset[str]) -> SplitResult:
    """Return the parts of an address that may be tried, with webcal as https and without a fragment."""
    try:
        parts = urlsplit(url.strip())
        scheme, host, _ = _SCHEMES.get(parts.scheme.lower(), ""), parts.hostname, parts.port
    except ValueError:
        raise FetchError(FetchFailure.BAD_ADDRESS) from None
    if (
        len(url) > MAX_ADDRESS
        or not scheme
        or not host
        or "@" in parts.netloc
        or any(character <= " " for character in parts.netloc)
    ):
        raise FetchError(FetchFailure.BAD_ADDRESS)
    target = parts._replace(scheme=scheme, fragment="")
    try:
        require_open(target, allowed_hosts)
    except ForbiddenTargetError:
        raise FetchError(FetchFailure.FORBIDDEN_TARGET) from None
    return target


def _get(session: requests.Session, target: SplitResult, headers: dict[str, str]) -> requests.Response:
    # Redirects are followed one by one, because each is a new target to check.
    return session.get(
        target.geturl(), headers=headers, timeout=SILENT_SECONDS, stream=True, allow_redirects=False
    )


def _outcome(
    response: requests.Response, watch: Watch, now: datetime, *, conditional: bool
) -> Fetched | NotModified:
    if response.status_code == 304 and conditional:
        return NotModified(_fresh_for(response.headers))
    if response.status_code in BUSY_STATUSES:
        wait = retry_after(response.headers.get("Retry-After", ""), now)
        raise FetchError(FetchFailure.SERVER_BUSY, wait)
    if response.status_code in (401, 407):
        raise FetchError(FetchFailure.LOGIN_PAGE)
    if 400 <= response.status_code < 500 and response.status_code not in PASSING_STATUSES:
        raise FetchError(FetchFailure.NOT_FOUND)
    if response.status_code != 200:
        raise FetchError(FetchFailure.SERVER_TROUBLE)
    data = _body(response)
    if watch.expired:  # a body of unknown length ends without a word when it is cut
        raise FetchError(FetchFailure.SERVER_SLOW)
    if is_web_page(data):
        raise FetchError(FetchFailure.LOGIN_PAGE)
    headers = response.headers
    return Fetched(
        data, _validator(headers, "ETag"), _validator(headers, "Last-Modified"), _fresh_for(headers)
    )


def _body(response: requests.Response) -> bytes:
    """Return the decoded body, of which no more than the limit is ever held."""
    data = bytearray()
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        data += chunk
        if len(data) > MAX_BYTES:
            raise FetchError(FetchFailure.TOO_LARGE)
    return bytes(data)


def _validator(headers: Mapping[str, str], name: str) -> str | None:
    """Return what to say back to the server next time (RFC 9110, section 8.8), unless it is nonsense."""
    value = headers.get(name, "")
    return value if value.isprintable() and 0 < len(value) <= LONGEST_VALIDATOR else None


def _fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    match = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if not match:
        return None
    age = headers.get("Age", "")
    passed = int(age) if age.isascii() and age.isdigit() and len(age) < 9 else 0
    return timedelta(seconds=max(0, int(match[1]) - passed))


def _failure(error: Exception) -> FetchFailure:
    if isinstance(error, InvalidIPAddress):
        return FetchFailure.FORBIDDEN_TARGET
    if _is_caused_by(error, socket.gaierror):
        return FetchFailure.UNKNOWN_HOST
    if isinstance(error, requests.exceptions.SSLError):
        return FetchFailure.CERTIFICATE
    if isinstance(error, requests.Timeout | ReadTimeoutError):
        return FetchFailure.SERVER_SLOW
    if isinstance(error, requests.exceptions.InvalidURL | UnicodeError):
        return FetchFailure.BAD_ADDRESS
    return FetchFailure.SERVER_TROUBLE


def _is_caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        reason = getattr(error, "reason", None) or (error.args[0] if error.args else None)
        if isinstance(error, kind) or isinstance(reason, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
