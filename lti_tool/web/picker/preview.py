"""A module as its learners will see it, before it is placed: of no cohort, and nothing is recorded."""

from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from content.activity import Page, Quiz, Video
from content.schedule import Schedule
from content.state import UNTOUCHED
from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.placements import catalogue
from lti_tool.services.placements.catalogue import NoVersionError
from lti_tool.services.study import publishing
from lti_tool.services.study.learning import NOTHING_STUDIED, Course, NoActivityError
from lti_tool.web import show
from lti_tool.web.access import require, visit_blueprint
from lti_tool.web.i18n import language
from lti_tool.web.learner.module_page import around, module_page
from lti_tool.web.picker.form import next_monday
from lti_tool.web.state import database, settings
from lti_tool.web.translate import _
from lti_tool.zone import ZONE

bp = visit_blueprint("preview", __name__)

LARGEST_ID = 2**31 - 1  # of a PostgreSQL integer
OF_LEARNERS = {
    "learner.module": "preview.module",
    "learner.programme": "preview.programme",
    "learner.activity": "preview.activity",
}
ROOMS_OF_LEARNERS = ("learner.", "manager.")


@bp.get("/preview/<int:version_id>/")
@require(Role.TEACHER)
def module(version_id: int) -> ResponseReturnValue:
    course = _course(version_id)
    page = module_page(course, NOTHING_STUDIED, today=course.starts_on, looks_ahead=True)
    return _render("learner/module.html", course, page=page, mark=None, next_session=None)


@bp.get("/preview/<int:version_id>/programme")
@require(Role.TEACHER)
def programme(version_id: int) -> ResponseReturnValue:
    course = _course(version_id)
    with database().read() as db:
        whole = publishing.find_programme(db, version_id)
    return _render("learner/programme.html", course, programme=whole)


@bp.get("/preview/<int:version_id>/activities/<activity_id>")
@require(Role.TEACHER)
def activity(version_id: int, activity_id: str) -> ResponseReturnValue:
    course = _course(version_id)
    try:
        found = course.activity(activity_id)
    except NoActivityError:
        abort(404)
    common: dict[str, object] = {
        "activity": found,
        "state": UNTOUCHED,
        "around": around(course, found, course.module.units),
        "may_study": False,
    }
    match found:
        case Page():
            body, sources = show.page_body(course, found), show.sources(found)
            return _render("learner/page.html", course, body=body, sources=sources, **common)
        case Video():
            video = show.video(course, found, settings().data_dir, language())
            return _render("learner/video.html", course, video=video, **common)
        case Quiz():
            common |= {"questions": show.questions(found, None, language()), "attempt": None, "again": True}
            return _render("learner/quiz.html", course, **common)


def _course(version_id: int) -> Course:
    """Return a module as a course that begins next week."""
    if version_id > LARGEST_ID:
        abort(404)
    try:
        with database().read() as db:
            published = catalogue.find_version(db, version_id)
    except NoVersionError:
        abort(404)
    today = clock.now().astimezone(ZONE).date()
    schedule = Schedule(module=published.module, starts_on=next_monday(today))
    return Course(cohort_id=0, name=_("Preview"), published=published, schedule=schedule)


def _render(previewed: str, course: Course, **context: object) -> str:
    """Return a page of the learners, whose links stay inside the preview."""
    version_id = course.published.version_id
    return render_template(
        "picker/preview.html",
        previewed=previewed,
        course=course,
        back_url=url_for("picker.configure", version_id=version_id),
        home_url=url_for("preview.module", version_id=version_id),
        url_for=partial(_preview_url, version_id),
        **context,
    )


def _preview_url(version_id: int, endpoint: str, **values: Any) -> str:
    """Return the preview's own address for a page of the learners; of those it has not, the module's."""
    if endpoint in OF_LEARNERS:
        return url_for(OF_LEARNERS[endpoint], version_id=version_id, **values)
    if endpoint.startswith(ROOMS_OF_LEARNERS):
        return url_for("preview.module", version_id=version_id)
    return url_for(endpoint, **values)
