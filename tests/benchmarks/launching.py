"""One launch of a tool from login to landing; only the tool's answers are timed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import quantiles
from time import perf_counter
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.http import parse_date
from werkzeug.test import EnvironBuilder, run_wsgi_app

from lti_tool import clock
from lti_tool.demo.claims import launch_claims
from lti_tool.demo.lms import Lms
from lti_tool.demo.people import Person

SECONDS = 30
Form = Mapping[str, str]


class LaunchFailedError(Exception):
    """A tool did not take a launch that it should have taken."""


@dataclass(frozen=True)
class Answer:
    """What a tool answered, and the seconds that it took."""

    status: int
    headers: Headers
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Request:
    """What a browser sends: a GET of `url`, or a POST where there is a `form`."""

    url: str
    form: Form | None
    cookies: str


Send = Callable[[Request], Answer]


class CookieJar:
    """What a browser keeps for one tool: cookies by name and path, until they are taken back."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], str] = {}

    def keep(self, headers: Headers) -> None:
        for cookie in headers.getlist("Set-Cookie"):
            pair, *attributes = cookie.split("; ")
            told = dict(attribute.partition("=")[::2] for attribute in attributes)
            name, _, value = pair.partition("=")
            key = name, told.get("Path", "/")
            self._held.pop(key, None)
            expires = parse_date(told.get("Expires"))
            if expires is None or expires > clock.now():
                self._held[key] = value

    def header(self, url: str) -> str:
        """Return the Cookie header of a request to `url`."""
        path = urlsplit(url).path
        return "; ".join(
            f"{name}={value}" for (name, under), value in self._held.items() if path.startswith(under)
        )


@dataclass(frozen=True)
class Tool:
    """A tool that `send` reaches and the LMS that it is launched from; `lms.tool` says at which addresses.

    It is launched from a browser that was there before, and brings what it kept.
    """

    name: str
    send: Send
    lms: Lms
    jar: CookieJar = field(default_factory=CookieJar)

    def launch(self, person: Person, link_id: str) -> float:
        """Return the seconds that login and launch took the tool, without the LMS's signing in between."""
        login, seconds = self._log_in(person, link_id)
        asked = dict(parse_qsl(urlsplit(login.headers["Location"]).query))
        claims = launch_claims(self.lms, person, link_id, nonce=asked["nonce"], now=clock.now())
        form = {"state": asked["state"], "id_token": self.lms.key.sign(claims)}
        return seconds + self._send(self.lms.tool.launch, form).seconds

    def _log_in(self, person: Person, link_id: str) -> tuple[Answer, float]:
        asks = {
            "iss": self.lms.issuer,
            "client_id": self.lms.client_id,
            "lti_deployment_id": self.lms.deployment_id,
            "login_hint": person.sub,
            "lti_message_hint": link_id,
            "target_link_uri": self.lms.tool.launch,
        }
        answer = self._send(self.lms.tool.login, asks)
        if "Location" in answer.headers:
            return answer, answer.seconds
        # PyLTI1p3's page that probes for cookies comes again by script, with this parameter.
        again = urlencode(asks | {"lti1p3_new_window": "1"})
        redirect = self._send(f"{self.lms.tool.login}?{again}")
        return redirect, answer.seconds + redirect.seconds

    def _send(self, url: str, form: Form | None = None) -> Answer:
        answer = self.send(Request(url, form, self.jar.header(url)))
        if answer.status >= 400:
            raise LaunchFailedError(self.name, url, answer.status, answer.body)
        self.jar.keep(answer.headers)
        return answer


def within_process(app: Flask) -> Send:
    """Reach a tool through WSGI in this process."""

    def send(request: Request) -> Answer:
        method = "GET" if request.form is None else "POST"
        headers = Headers({"Cookie": request.cookies})
        environ = EnvironBuilder(request.url, method=method, data=request.form, headers=headers).get_environ()
        started = perf_counter()
        body, status, answered = run_wsgi_app(app, environ, buffered=True)
        seconds = perf_counter() - started
        return Answer(int(status.split()[0]), answered, b"".join(body), seconds)

    return send


def over_http(request: Request) -> Answer:
    """Reach a tool as a proxy does that opens a connection for each request."""
    parts = urlsplit(request.url)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": request.cookies}
    content = urlencode(request.form or {}).encode()
    started = perf_counter()
    connection = HTTPConnection(parts.netloc, timeout=SECONDS)
    connection.request("GET" if request.form is None else "POST", request.url, content, headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Answer(response.status, Headers(response.getheaders()), body, perf_counter() - started)


def rates(
    tools: Sequence[Tool], people: Sequence[Person], link_id: str, *, rounds: int, launches: int
) -> list[float]:
    """Return each tool's launches per second, over rounds in which the tools take turns."""
    turns = [people[turn % len(people)] for turn in range(launches)]
    measured = [
        [sum(tool.launch(person, link_id) for person in turns) for tool in tools] for _ in range(rounds)
    ]
    return [launches / usual(of_tool) for of_tool in zip(*measured, strict=True)]


def usual(seconds: Sequence[float]) -> float:
    """Return the first quartile: what else a machine does makes some rounds slower, and none faster."""
    return quantiles(seconds, n=4)[0] if len(seconds) > 1 else seconds[0]
