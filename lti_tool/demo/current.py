"""What a view of the campus stands in: the campus, the platform of the request, and who is logged in."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast

from flask import Flask, abort, current_app, g, redirect, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

from lti_tool.demo.catalogue import Catalogue
from lti_tool.demo.config import CampusConfig
from lti_tool.demo.courses import Course, Link, only
from lti_tool.demo.institutions import INSTITUTIONS
from lti_tool.demo.keys import SigningKey, generate_pem, signing_key
from lti_tool.demo.lms import Lms, scopes_of
from lti_tool.demo.people import Kind, Person
from lti_tool.demo.registry import Registry
from lti_tool.demo.rolls import Rolls, Status
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
    catalogue: Catalogue
    rolls: Rolls
    registry: Registry

    @property
    def lmses(self) -> tuple[Lms, ...]:
        """Return every platform, as the tool meets it that it knows from the start."""
        return tuple(self.lms(institution.slug) for institution in INSTITUTIONS)

    def lms(self, slug: str) -> Lms:
        """Return the platform with this slug; raise `LookupError` where there is none."""
        institution = only((one for one in INSTITUTIONS if one.slug == slug), slug)
        return Lms(
            institution=institution,
            campus_url=self.settings.base_url,
            tool=self.settings.tool,
            key=self.keys(slug)[-1],
            client_id=institution.client_id,
            scopes=scopes_of(institution),
        )

    def keys(self, slug: str) -> tuple[SigningKey, ...]:
        """Return every key of a platform, the one that signs last."""
        return tuple(signing_key(pem) for pem in self.store.key_pems(slug, generate_pem))


def campus() -> Campus:
    """Return the running campus."""
    return cast(Campus, current_app)


def in_lms() -> bool:
    """Return whether the request is for one of the platforms."""
    return "lms" in g


def lms() -> Lms:
    """Return the platform that the request is for."""
    return cast(Lms, g.lms)


def platform_keys() -> tuple[SigningKey, ...]:
    """Return every key of the platform that the request is for, the one that signs last."""
    return campus().keys(lms().slug)


def registered() -> tuple[Lms, ...]:
    """Return the platform as each registration of the tool meets it, the latest last."""
    return (lms(), *(lms().to(one) for one in campus().registry.registrations(lms().slug)))


def as_client(client_id: str) -> Lms:
    """Return the platform as this client meets it; raise `LookupError` for one that is not registered."""
    return only((one for one in registered() if one.client_id == client_id), client_id)


def as_deployment(deployment_id: str) -> Lms:
    """Return the platform as it meets this deployment; raise `LookupError` where there is none."""
    return only((one for one in registered() if one.deployment_id == deployment_id), deployment_id)


def placed_by(link: Link) -> Lms:
    """Return the platform as the registration meets it with which a link was placed."""
    return as_client(link.client_id) if link.client_id else lms()


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


def needs_editor(view: View[P]) -> View[P]:
    """Let only those pass who may change courses."""

    @wraps(view)
    @needs_login
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not account().kind.edits:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def members(course: Course) -> tuple[Person, ...]:
    """Return who is enrolled in a course."""
    changes = campus().rolls.changes(lms().slug, course.id)
    decided = {sub: change.status is Status.ACTIVE for sub, change in changes.items()}
    return tuple(person for person in lms().people if decided.get(person.sub, course.expects(person)))


def learners(course: Course) -> tuple[Person, ...]:
    """Return who studies in a course, and so can have a mark."""
    return tuple(person for person in members(course) if person.kind.studies)


def open_course(course_id: str) -> Course:
    """Return a course that the account may see: members see their own, administrators see all."""
    try:
        found = campus().catalogue.course(lms().slug, course_id)
    except LookupError:
        abort(404)
    if account().kind is not Kind.ADMINISTRATOR and account() not in members(found):
        abort(403)
    return found


def open_link(link_id: str) -> tuple[Course, Link]:
    """Return a link of a course that the account may see, with that course."""
    try:
        course, link = campus().catalogue.placed(lms().slug, link_id)
    except LookupError:
        abort(404)
    return open_course(course.id), link
