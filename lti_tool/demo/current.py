"""What a view of the campus stands in: the campus, the platform of the request, and who is logged in."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast

from flask import Flask, abort, current_app, g, redirect, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

from lti_tool.demo.config import CampusConfig
from lti_tool.demo.courses import Course, course, only
from lti_tool.demo.lms import Lms
from lti_tool.demo.people import Kind, Person
from lti_tool.demo.store import Store

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

ACCOUNT = "account"


class SessionPerLms(SecureCookieSessionInterface):
    """A login cookie that stays within one platform's path, so six people can be logged in at once."""

    def get_cookie_path(self, app: Flask) -> str:
        return f"/{g.lms.slug}/" if in_lms() else super().get_cookie_path(app)


class Campus(Flask):
    """The six platforms as one application."""

    session_interface = SessionPerLms()
    settings: CampusConfig
    store: Store
    lmses: tuple[Lms, ...]

    def lms(self, slug: str) -> Lms:
        """Return the platform with this slug; raise `LookupError` where there is none."""
        return only((lms for lms in self.lmses if lms.slug == slug), slug)


def campus() -> Campus:
    """Return the running campus."""
    return cast(Campus, current_app)


def in_lms() -> bool:
    """Return whether the request is for one of the platforms."""
    return "lms" in g


def lms() -> Lms:
    """Return the platform that the request is for."""
    return cast(Lms, g.lms)


def choose_lms(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Take the platform's slug out of the address; 404 for one that does not exist."""
    slug = values.pop("slug", None) if values else None
    if slug is not None:
        try:
            g.lms = campus().lms(slug)
        except LookupError:
            abort(404)


def add_slug(_endpoint: str, values: dict[str, str]) -> None:
    """Put the current platform's slug into an address that is built within it."""
    if in_lms() and current_app.url_map.is_endpoint_expecting(_endpoint, "slug"):
        values.setdefault("slug", lms().slug)


def refuse_when_closed() -> ResponseReturnValue | None:
    """Answer 503 while the administrator has put the platform's services down."""
    if campus().store.is_closed(lms().slug):
        return {"reason": "down for maintenance"}, 503, {"Retry-After": "60"}
    return None


def log_in(person: Person) -> None:
    """Make `person` the account of this browser on this platform."""
    session.clear()
    session[ACCOUNT] = person.sub


def is_logged_in() -> bool:
    """Return whether this browser has an account on this platform."""
    return session.get(ACCOUNT) in {person.sub for person in lms().people}


def account() -> Person:
    """Return who is logged in."""
    return lms().person(session[ACCOUNT])


def needs_login(view: View[P]) -> View[P]:
    """Send visitors who are not logged in to the login page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not is_logged_in():
            return redirect(url_for("pages.login"))
        return view(*args, **kwargs)

    return guarded


def open_course(course_id: str) -> Course:
    """Return a course that the account may see: members see their own, administrators see all."""
    try:
        found = course(course_id)
    except LookupError:
        abort(404)
    if account().kind is not Kind.ADMINISTRATOR and not found.has(account()):
        abort(403)
    return found
