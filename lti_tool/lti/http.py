"""Calls to platforms that end in time: bounded answers, no redirects, cookies or proxies."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests
import urllib3

CONNECT_SECONDS = 3.05
LONGEST_WAIT = timedelta(days=1)


class NoAnswerError(Exception):
    """A platform gave no usable answer; `cause` is one or two words for it, such as `timeout`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True)
class Answer:
    """A whole HTTP response; `links` are the addresses in its `Link` headers by relation (RFC 8288)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    links: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def new_session() -> requests.Session:
    """Return a session that any number of threads may share, as it keeps nothing but its connections."""
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "Klimop"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return `url` with those `parameters` that are not empty and that its query does not name already."""
    parts = urlsplit(url)
    named = parse_qs(parts.query, keep_blank_values=True)
    added = urlencode({name: value for name, value in parameters.items() if value and name not in named})
    return parts._replace(query="&".join(filter(None, (parts.query, added)))).geturl()


def retry_after(header: str, now: datetime) -> timedelta | None:
    """Return the wait in a Retry-After header (RFC 9110, section 10.2.3), which is seconds or a date."""
    if header.isascii() and header.isdigit():
        return min(timedelta(seconds=int(header[:6])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        return None
    return min(max(moment - now, timedelta()), LONGEST_WAIT)


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    seconds: float,
    most_bytes: int,
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | str | None = None,
) -> Answer:
    """Return the answer to one request, or raise NoAnswerError once it takes too long or is too large."""
    deadline = time.monotonic() + seconds
    content = data.encode() if isinstance(data, str) else data
    timeout = (CONNECT_SECONDS, seconds)
    try:
        with session.request(
            method, url, headers=headers, data=content, stream=True, timeout=timeout, allow_redirects=False
        ) as response:
            body = _body(response, deadline, most_bytes)
            links = {relation: _joined(url, link["url"]) for relation, link in response.links.items()}
            return Answer(response.status_code, response.headers, body, links)
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise NoAnswerError("timeout") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise NoAnswerError("no connection") from error


def _joined(url: str, address: str) -> str:
    try:
        return urljoin(url, address)
    except ValueError:
        # Nobody may want it; whoever does finds that it leads nowhere.
        return address


def _body(response: requests.Response, deadline: float, most_bytes: int) -> bytes:
    # A read timeout starts anew with every byte, so a platform that drips needs a deadline for the whole.
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=True):
        body += chunk
        if len(body) > most_bytes:
            raise NoAnswerError("too large")
        if time.monotonic() > deadline:
            raise NoAnswerError("timeout")
    return bytes(body)
