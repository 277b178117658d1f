"""The pages of one platform: log in, courses, a launch, the roster, the gradebook, maintenance."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo.courses import COURSES, Course, placed_link
from lti_tool.demo.current import account, campus, lms, log_in, needs_login, open_course
from lti_tool.demo.people import Kind, Person
from lti_tool.demo.scores import Score

bp = Blueprint("pages", __name__, url_prefix="/<slug>")


@bp.get("/login")
def login() -> ResponseReturnValue:
    """Offer every account of the platform; the demo has no passwords."""
    return render_template("login.html", people=lms().people)


@bp.post("/login")
def choose_account() -> ResponseReturnValue:
    """Log in as the account that was chosen."""
    try:
        log_in(lms().person(request.form.get("sub", "")))
    except LookupError:
        abort(404)
    return redirect(url_for("pages.dashboard"), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out of this platform."""
    session.clear()
    return redirect(url_for("pages.login"), 303)


@bp.get("/")
@needs_login
def dashboard() -> ResponseReturnValue:
    """Show someone's courses, and the address of her work agenda if she has one."""
    person = account()
    mine = [course for course in COURSES if course.has(person) or person.kind is Kind.ADMINISTRATOR]
    return render_template("dashboard.html", courses=mine, agenda_url=_agenda_url())


@bp.get("/courses/<course_id>")
@needs_login
def course(course_id: str) -> ResponseReturnValue:
    """Show the links that are placed in a course."""
    return render_template("course.html", course=open_course(course_id))


@bp.get("/links/<link_id>")
@needs_login
def link(link_id: str) -> ResponseReturnValue:
    """Show the tool inside the platform."""
    try:
        found, placed = placed_link(link_id)
    except LookupError:
        abort(404)
    return render_template("launch.html", course=open_course(found.id), link=placed)


@bp.get("/courses/<course_id>/roster")
@needs_login
def roster(course_id: str) -> ResponseReturnValue:
    """Show a teacher who is in her course."""
    found = open_course(course_id)
    if account().kind.studies:
        abort(403)
    return render_template("roster.html", course=found, members=lms().members(found))


@bp.get("/courses/<course_id>/gradebook")
@needs_login
def gradebook(course_id: str) -> ResponseReturnValue:
    """Show a teacher everyone's marks, and a learner her own."""
    found = open_course(course_id)
    return render_template("gradebook.html", course=found, people=_shown_to_me(found), marks=_marks(found))


@bp.get("/admin")
@needs_login
def admin() -> ResponseReturnValue:
    """Show an administrator the switch of the platform's services."""
    _check_administrator()
    return render_template("admin.html", closed=campus().store.is_closed(lms().slug))


@bp.post("/admin")
@needs_login
def switch() -> ResponseReturnValue:
    """Put the platform's services down for maintenance, or bring them back."""
    _check_administrator()
    wanted = request.form.get("services")
    if wanted not in ("open", "closed"):
        abort(400)
    change = campus().store.close_services if wanted == "closed" else campus().store.open_services
    change(lms().slug)
    return redirect(url_for("pages.admin"), 303)


def _check_administrator() -> None:
    if account().kind is not Kind.ADMINISTRATOR:
        abort(403)


def _agenda_url() -> str:
    if not account().has_agenda:
        return ""
    return f"{campus().settings.base_url}/agendas/{account().slug}.ics"


def _shown_to_me(course: Course) -> tuple[Person, ...]:
    return (account(),) if account().kind.studies else lms().learners(course)


def _marks(course: Course) -> Mapping[str, Mapping[str, Score]]:
    """Return the scores by line item and `sub`."""
    return {item.id: campus().store.scores(lms().slug, item.id) for item in course.line_items}
