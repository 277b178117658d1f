"""What a teacher changes in a course: its content, its people and its marks; and how she copies it."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo.courses import Course
from lti_tool.demo.current import campus, learners, lms, needs_editor, open_course
from lti_tool.demo.notices import tell_of_copy
from lti_tool.demo.people import Person
from lti_tool.demo.rolls import Status
from lti_tool.demo.words import say

bp = Blueprint("editing", __name__, url_prefix="/<slug>/courses/<course_id>")


@bp.get("/content")
@needs_editor
def content(course_id: str) -> ResponseReturnValue:
    """Show the tool's choice of content inside the platform."""
    return render_template("content.html", course=open_course(course_id))


@bp.post("/links/<link_id>/remove")
@needs_editor
def remove_link(course_id: str, link_id: str) -> ResponseReturnValue:
    """Take a link out of a course, with its column and marks."""
    course = open_course(course_id)
    try:
        link = course.link(link_id)
    except LookupError:
        abort(404)
    campus().catalogue.remove_link(lms().slug, link.id)
    return _to_course(course, "removed")


@bp.post("/copy")
@needs_editor
def copy(course_id: str) -> ResponseReturnValue:
    """Copy a course with its links, and tell the tools that asked for it."""
    course = open_course(course_id)
    copied = campus().catalogue.copy(lms().slug, course, say("Kopie van {title}", title=course.title))
    return _to_course(copied, "copied" if tell_of_copy(copied) else "copied-untold")


@bp.post("/enrol")
@needs_editor
def enrol(course_id: str) -> ResponseReturnValue:
    """Put the learners of the original in its copy."""
    course = open_course(course_id)
    try:
        original = campus().catalogue.course(lms().slug, course.history[0])
    except (LookupError, IndexError):
        abort(404)
    for person in learners(original):
        campus().rolls.change(lms().slug, course.id, person.sub, Status.ACTIVE)
    return _to_course(course, "enrolled")


@bp.post("/roster")
@needs_editor
def change_member(course_id: str) -> ResponseReturnValue:
    """Take a learner out of a course, or put her back."""
    course, person = open_course(course_id), _chosen_learner()
    try:
        status = Status(request.form.get("status"))
    except ValueError:
        abort(400)
    campus().rolls.change(lms().slug, course.id, person.sub, status)
    return redirect(url_for("pages.roster", course_id=course.id), 303)


@bp.post("/gradebook")
@needs_editor
def override(course_id: str) -> ResponseReturnValue:
    """Write a mark over what the tool sends; an empty one takes it away again."""
    course, person = open_course(course_id), _chosen_learner()
    try:
        item = course.line_item(request.form.get("line_item", ""))
    except LookupError:
        abort(404)
    campus().store.override(lms().slug, item.id, person.sub, _mark(item.maximum))
    return redirect(url_for("pages.gradebook", course_id=course.id), 303)


def _to_course(course: Course, said: str) -> ResponseReturnValue:
    return redirect(url_for("pages.course", course_id=course.id, said=said), 303)


def _chosen_learner() -> Person:
    try:
        person = lms().person(request.form.get("sub", ""))
    except LookupError:
        abort(404)
    if not person.kind.studies:
        abort(400)
    return person


def _mark(maximum: float) -> float | None:
    written = request.form.get("mark", "").strip().replace(",", ".")
    if not written:
        return None
    try:
        mark = float(written)
    except ValueError:
        abort(422)
    if not 0 <= mark <= maximum:
        abort(422)
    return mark
