"""The whole of Klimop with a campus to launch it from, as a newcomer has it after one command."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import Cookie
from pathlib import Path
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.cookies import RequestsCookieJar

from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.demo.config import ToolUrls
from lti_tool.demo.current import Campus
from lti_tool.demo.lms import Lms
from lti_tool.demo.seed import first_monday, seed
from lti_tool.settings import DEMO_SECRET, Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import ensure_tool_key
from lti_tool.storage.vault import Vault
from lti_tool.worker.jobs import JOBS
from lti_tool.worker.run import open_workshop
from lti_tool.worker.workshop import Workshop
from tests.platform.campus import running_campus
from tests.platform.serving import serving
from tests.platform.visitor import TIMEOUT, Visitor

MODULE, LIVE, FACILITATION = "1", "2", "3"  # the links placed in the campus's courses


@dataclass(frozen=True)
class World:
    """Klimop at `settings.base_url`, the campus at `campus.settings.base_url`, and the worker's tools."""

    settings: Settings
    tool: Flask
    campus: Campus
    workshop: Workshop

    @property
    def database(self) -> Database:
        return self.workshop.database

    def lms(self, slug: str) -> Lms:
        return next(lms for lms in self.campus.lmses if lms.slug == slug)

    def visit(self, slug: str, sub: str, link: str) -> "Page":
        """Log in at an LMS, launch a link, and return the page that it opens."""
        visitor = Visitor(self.lms(slug), sub)
        self.accept_loopback_cookies(visitor)
        return Page(visitor.http, visitor.launch(link))

    def accept_loopback_cookies(self, visitor: Visitor) -> None:
        """Let a visitor keep Secure cookies of 127.0.0.1, as browsers do."""
        cookies = _LoopbackCookies()
        cookies.update(visitor.http.cookies)
        visitor.http.cookies = cookies

    def work(self) -> None:
        """Let the worker do everything that is due."""
        for job, _ in JOBS:
            job(self.workshop)


class _LoopbackCookies(RequestsCookieJar):
    """Browsers send Secure cookies to 127.0.0.1 without TLS too; the library does not."""

    def set_cookie(self, cookie: Cookie, *args: object, **options: object) -> None:
        cookie.secure = False
        super().set_cookie(cookie, *args, **options)


@dataclass(frozen=True)
class Page:
    """A page of Klimop in a browser that is on a visit."""

    http: requests.Session
    response: requests.Response

    @property
    def home(self) -> str:
        """The address of the visit, without a closing slash."""
        parts = urlsplit(self.response.url)
        return f"{parts.scheme}://{parts.netloc}/{'/'.join(parts.path.split('/')[1:3])}"

    @property
    def token(self) -> str:
        return self.response.text.split('name="csrf-token" content="')[1].split('"')[0]

    def get(self, path: str) -> requests.Response:
        return self.http.get(f"{self.home}{path}", timeout=TIMEOUT)

    def post(self, path: str, data: Mapping[str, object], **options: object) -> requests.Response:
        form = {"csrf_token": self.token, **data}
        return self.http.post(f"{self.home}{path}", data=form, timeout=TIMEOUT, **options)  # type: ignore[arg-type]


@contextmanager
def running_world(database_url: str, folder: Path) -> Iterator[World]:
    """Serve Klimop on 127.0.0.1 and the campus on localhost, seeded as the demo is."""

    def make_tool(base_url: str) -> Flask:
        return create_app(_settings(database_url, folder, base_url))

    with serving(make_tool, host="127.0.0.1") as tool:
        settings: Settings = tool.extensions["klimop"].settings
        today = clock.now().date()
        with running_campus(
            folder / "campus.sqlite3", ToolUrls.under(settings.base_url), agenda_start=first_monday(today)
        ) as campus:
            workshop = open_workshop(settings)
            _seed(workshop, campus)
            yield World(workshop.settings, tool, campus, workshop)
            workshop.database.close()
            tool.extensions["klimop"].database.close()
    shutil.rmtree(folder, ignore_errors=True)


def _settings(database_url: str, folder: Path, base_url: str) -> Settings:
    return Settings(
        secret_key=DEMO_SECRET,
        base_url=base_url,
        database_url=database_url,
        data_dir=folder,
        demo=True,
        trusted_hosts=frozenset({"localhost"}),
        # Nobody listens there: nothing in these tests is old enough for a mail.
        smtp_url="smtp://127.0.0.1:1",
        mail_from="klimop@example.be",
    )


def _seed(workshop: Workshop, campus: Campus) -> None:
    vault = Vault(DEMO_SECRET)
    with workshop.database.begin() as db:
        ensure_tool_key(db, vault, clock.now())
    seed(
        workshop.database,
        vault,
        campus.lmses,
        workshop.settings.data_dir,
        campus.settings.base_url,
        clock.now(),
    )
