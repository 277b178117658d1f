"""One launch of a tool from login to landing, in this process and through WSGI; only the tool is timed."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from sqlalchemy import event
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from lti_tool import clock
from lti_tool.demo.claims import launch_claims
from lti_tool.demo.lms import Lms
from lti_tool.demo.people import Person

Form = dict[str, str]


class LaunchFailedError(Exception):
    """A tool did not take a launch that it should have taken."""


@dataclass(frozen=True)
class Answer:
    """What a tool answered, and the seconds that it took."""

    headers: Headers
    seconds: float


@dataclass(frozen=True)
class Tool:
    """A tool and the LMS that it is launched from; `lms.tool` says at which addresses."""

    app: Flask
    lms: Lms

    def launch(self, person: Person, link_id: str) -> float:
        """Return the seconds that login and launch took the tool, without the LMS's signing in between."""
        target = self.lms.tool.launch
        login = self._post(self.lms.tool.login, self._login_request(person, link_id, target))
        asked = dict(parse_qsl(urlsplit(login.headers["Location"]).query))
        claims = launch_claims(self.lms, person, link_id, nonce=asked["nonce"], now=clock.now())
        form = {"state": asked["state"], "id_token": self.lms.key.sign(claims)}
        return login.seconds + self._post(target, form, cookies=_cookies(login.headers)).seconds

    def _login_request(self, person: Person, link_id: str, target: str) -> Form:
        return {
            "iss": self.lms.issuer,
            "client_id": self.lms.client_id,
            "lti_deployment_id": self.lms.deployment_id,
            "login_hint": person.sub,
            "lti_message_hint": link_id,
            "target_link_uri": target,
        }

    def _post(self, url: str, form: Form, *, cookies: str = "") -> Answer:
        environ = EnvironBuilder(
            url, method="POST", data=form, headers=Headers({"Cookie": cookies})
        ).get_environ()
        started = perf_counter()
        body, status, headers = run_wsgi_app(self.app, environ, buffered=True)
        seconds = perf_counter() - started
        if int(status.split()[0]) >= 400:
            raise LaunchFailedError(url, status, b"".join(body))
        return Answer(headers, seconds)


@dataclass(frozen=True)
class Asked:
    """What a launch of Klimop asked of its surroundings."""

    statements: list[str]
    transactions: int
    connections: int


def asked_by_launch(klimop: Tool, person: Person, link_id: str) -> Asked:
    """Launch once and return the SQL statements, transactions and network connections that it took."""
    statements: list[str] = []
    begun: list[object] = []
    connected: list[object] = []

    def note_statement(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    def note_transaction(connection: object) -> None:
        begun.append(connection)

    engine = klimop.app.extensions["klimop"].database.engine
    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": note_statement,
        "begin": note_transaction,
    }
    # An audit hook stays for as long as the process lives; it is the only way to see every socket.
    sys.addaudithook(lambda name, about: connected.append(about) if name == "socket.connect" else None)
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    klimop.launch(person, link_id)
    for name, listener in listeners.items():
        event.remove(engine, name, listener)
    return Asked(statements, len(begun), len(connected))


def _cookies(headers: Headers) -> str:
    return "; ".join(cookie.partition(";")[0] for cookie in headers.getlist("Set-Cookie"))
