"""Calls to platforms that end in time: bounded answers, no redirects, cookies or proxies."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin

import requests
import urllib3

CONNECT_SECONDS = 3.05


class NoAnswerError(Exception):
    """A platform gave no usable answer; `cause` is one or two words for it, such as `timeout`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True)
class Answer:
    """A whole HTTP response; `next_url` is its `Link` with `rel=next` (RFC 8288), or empty."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    next_url: str

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
            link = response.links.get("next", {}).get("url", "")
            next_url = urljoin(url, link) if link else ""
            return Answer(response.status_code, response.headers, body, next_url)
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise NoAnswerError("timeout") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise NoAnswerError("no connection") from error


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
