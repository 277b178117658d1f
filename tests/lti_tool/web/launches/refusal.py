"""What a browser shows of a launch that was refused."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

from tests.platform.hand import Asked, Hand

PLUGGED_WRONGLY = "Klimop is not plugged in correctly yet"
ONCE_MORE = "Open Klimop once more"
HEADING = re.compile(r"<h1>(.+?)</h1>")
DETAIL = re.compile(r"<dt>(.+?)</dt><dd><code>(.*?)</code></dd>", re.DOTALL)
LONE_REASON = re.compile(r"Reason: <code>(.+?)</code>")


@dataclass(frozen=True)
class Shown:
    """A page that says in words that a launch was refused, with the code of the reason and what it names."""

    title: str
    reason: str
    named: Mapping[str, str] = field(default_factory=dict)
    status: int = 400


def wrong(reason: str, *, status: int = 400, **named: str) -> Shown:
    """Return the page that tells an administrator what to put right."""
    return Shown(PLUGGED_WRONGLY, reason, named, status)


def missing(claim: str) -> Shown:
    return wrong("missing_claim", claim=claim)


def once_more(reason: str, **named: str) -> Shown:
    """Return the page that sends the reader back to her course, for another click."""
    return Shown(ONCE_MORE, reason, named)


def shown(page: requests.Response) -> Shown:
    (title,) = HEADING.findall(page.text)
    named = {name: html.unescape(value) for name, value in DETAIL.findall(page.text)}
    reason = named.pop("Reason", None) or LONE_REASON.findall(page.text)[0]
    return Shown(html.unescape(title), reason, named, page.status_code)


def refused(
    lms: Hand, browser: requests.Session, token: Callable[[Asked], str] | str, **fields: str
) -> Shown:
    """Answer a login with a token, and return the page; nothing may be stored of it."""
    asked = lms.ask(browser)
    before = lms.klimop.stored()
    page = lms.post(browser, asked, token if isinstance(token, str) else token(asked), **fields)
    answer = shown(page)
    assert lms.klimop.stored() == before
    return answer


def refused_with(lms: Hand, browser: requests.Session, **changes: object) -> Shown:
    """Launch with changed claims, signed as it should be."""
    return refused(lms, browser, lambda asked: lms.sign(lms.claims(asked, **changes)))
