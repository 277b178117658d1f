"""Someone with a browser that has cookies and no JavaScript, on one platform of the campus."""

from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

import requests

from lti_tool.demo.lms import Lms

TIMEOUT = 20


@dataclass(frozen=True)
class Form:
    """A form that a page would submit by itself."""

    action: str
    fields: dict[str, str]


class Visitor:
    """A person logged in at `lms`, going through launches page by page."""

    def __init__(self, lms: Lms, sub: str) -> None:
        self.lms = lms
        self.http = requests.Session()
        self.http.post(f"{lms.issuer}/login", data={"sub": sub}, timeout=TIMEOUT).raise_for_status()

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def get(self, path: str) -> requests.Response:
        """Open a page of the platform."""
        return self.http.get(f"{self.lms.issuer}{path}", timeout=TIMEOUT)

    def launch(self, link_id: str) -> requests.Response:
        """Open a link and go all the way to the tool's page."""
        return self.go(f"/links/{link_id}/start")

    def go(self, path: str) -> requests.Response:
        """Open a page of the platform and go on for as long as pages go on by themselves."""
        page = self.get(path)
        while True:
            if address := continue_url(page.text):
                page = self.http.get(address, timeout=TIMEOUT)
            elif form := submitted_form(page.text):
                page = self.submit(form)
            else:
                return page

    def post(self, path: str, **fields: str) -> requests.Response:
        """Submit a form of the platform's own pages."""
        return self.http.post(f"{self.lms.issuer}{path}", data=fields, timeout=TIMEOUT)

    def ask(self, link_id: str) -> dict[str, str]:
        """Open a link and return the tool's authentication request, without going on to the platform."""
        page = self.http.get(
            f"{self.lms.issuer}/links/{link_id}/start", timeout=TIMEOUT, allow_redirects=False
        )
        if form := submitted_form(page.text):
            page = self.http.post(form.action, data=form.fields, timeout=TIMEOUT, allow_redirects=False)
        else:
            page = self.http.get(page.headers["Location"], timeout=TIMEOUT, allow_redirects=False)
        address = page.headers.get("Location") or continue_url(page.text)
        return dict(parse_qsl(urlsplit(address).query))

    def authenticate(self, asked: dict[str, str]) -> requests.Response:
        """Return the platform's page for an authentication request."""
        return self.http.get(self.lms.auth_login_url, params=asked, timeout=TIMEOUT)

    def submit(self, form: Form) -> requests.Response:
        """Submit a form and follow where it leads."""
        return self.http.post(form.action, data=form.fields, timeout=TIMEOUT)


def submitted_form(html: str) -> Form | None:
    """Return the form that a page submits by itself, or None if it has none."""
    parser = _FormParser()
    parser.feed(html)
    return Form(parser.action, parser.fields) if parser.action else None


def continue_url(html: str) -> str:
    """Return where a page that goes on by itself goes to, empty if it does not."""
    parser = _FormParser()
    parser.feed(html)
    return parser.continue_url


class _FormParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.continue_url = ""
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and found.get("id") == "continue":
            self.continue_url = found["href"]
        if tag == "form" and "data-submit" in found:
            self.action = found["action"]
        if tag == "input" and found.get("type") == "hidden" and self.action:
            self.fields[found["name"]] = found["value"]
