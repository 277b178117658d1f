"""The pages of one platform: log in, courses, a launch, the roster, the gradebook."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo.courses import Course
from lti_tool.demo.current import (
    account,
    campus,
    learners,
    lms,
    log_in,
    members,
    needs_login,
    open_course,
    open_link,
)
from lti_tool.demo.marks import Mark, marks_of
from lti_tool.demo.people import Kind, Person

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
    mine = [
        course
        for course in campus().catalogue.courses(lms().slug)
        if account().kind is Kind.ADMINISTRATOR or account() in members(course)
    ]
    return render_template("dashboard.html", courses=mine, agenda_url=_agenda_url())


@bp.get("/courses/<course_id>")
@needs_login
def course(course_id: str) -> ResponseReturnValue:
    """Show the links that are placed in a course, and what the tool said on the way back (`return_url`)."""
    return render_template("course.html", course=open_course(course_id), said=request.args)


@bp.get("/links/<link_id>")
@needs_login
def link(link_id: str) -> ResponseReturnValue:
    """Show the tool inside the platform."""
    course, link = open_link(link_id)
    return render_template("launch.html", course=course, link=link)


@bp.get("/storage")
def storage() -> ResponseReturnValue:
    """Serve the frame that keeps things for the tool, where there is one (LTI Platform Storage 1.0)."""
    return render_template("storage.html")


@bp.get("/courses/<course_id>/roster")
@needs_login
def roster(course_id: str) -> ResponseReturnValue:
    """Show a teacher who is in her course, and who was taken out of it."""
    found = open_course(course_id)
    if not account().kind.sees_everyone:
        abort(403)
    changes = campus().rolls.changes(lms().slug, found.id)
    inside = members(found)
    removed = [person for person in lms().people if person.sub in changes and person not in inside]
    return render_template("roster.html", course=found, members=inside, removed=removed)


@bp.get("/courses/<course_id>/gradebook")
@needs_login
def gradebook(course_id: str) -> ResponseReturnValue:
    """Show a teacher everyone's marks, an observer those of whom she observes, and a learner her own."""
    found = open_course(course_id)
    return render_template("gradebook.html", course=found, people=_shown_to_me(found), marks=_marks(found))


def _agenda_url() -> str:
    if not account().has_agenda:
        return ""
    return f"{campus().settings.base_url}/agendas/{account().slug}.ics"


def _shown_to_me(course: Course) -> tuple[Person, ...]:
    me = account()
    return tuple(
        person
        for person in learners(course)
        if me.kind.sees_everyone or person == me or person.sub in me.observes
    )


def _marks(course: Course) -> Mapping[str, Mapping[str, Mark]]:
    """Return the marks by line item and `sub`."""
    return {item.id: marks_of(item) for item in course.line_items}
