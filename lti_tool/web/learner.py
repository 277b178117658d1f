"""The module as its learners see it; teachers and observers look at the same pages and leave no trace."""

import re
import secrets

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from content import progress
from content.activity import Page, Quiz, Video
from content.checked import Refused
from content.progress import Finished
from content.quiz import UnknownOptionError, UnknownQuestionError
from content.spans import Span
from content.state import UNTOUCHED, NoAttemptsLeftError, Stage, has_attempts_left
from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services import feeds, grading, launching, learning, publishing
from lti_tool.services.learning import NOTHING_STUDIED, Course, NoActivityError
from lti_tool.web import show
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.i18n import LANGUAGES, language
from lti_tool.web.state import database, settings
from lti_tool.web.translate import _
from lti_tool.zone import ZONE

bp = visit_blueprint("learner", __name__)

MAX_SPANS = 500
MAX_REPORT_BYTES = 64 * 1024
TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}")


@bp.get("/")
def module() -> ResponseReturnValue:
    now = clock.now()
    with database().read() as db:
        course = learning.find_course(db, visitor().cohort_id)
        enrolment_id = _enrolment(db)
        study = learning.study_of(db, enrolment_id) if enrolment_id else NOTHING_STUDIED
        mark = grading.mark_of(db, enrolment_id) if enrolment_id else None
        meetings = feeds.sessions_of(db, visitor().person_id) if course.module.live else ()
    return render_template(
        "learner/module.html",
        page=show.module_page(course, study, today=now.astimezone(ZONE).date()),
        mark=mark,
        next_session=next((m for m in meetings if m.ends_at > now and not m.cancelled), None),
    )


@bp.get("/programme")
def programme() -> ResponseReturnValue:
    with database().read() as db:
        course = learning.find_course(db, visitor().cohort_id)
        whole = publishing.find_programme(db, course.published.version_id)
    return render_template("learner/programme.html", course=course, programme=whole)


@bp.get("/activities/<activity_id>")
def activity(activity_id: str) -> ResponseReturnValue:
    with database().begin() as db:
        course = learning.find_course(db, visitor().cohort_id)
        found = _find_activity(course, activity_id)
        enrolment_id = _enrolment(db)
        if enrolment_id:
            learning.open_activity(db, enrolment_id, found, clock.now())
        study = learning.study_of(db, enrolment_id) if enrolment_id else NOTHING_STUDIED
        attempt = (
            learning.last_attempt(db, enrolment_id, found)
            if enrolment_id and isinstance(found, Quiz)
            else None
        )
        mark = grading.mark_of(db, enrolment_id) if enrolment_id else None
    state = study.states.get(found.id, UNTOUCHED)
    common = {
        "course": course,
        "activity": found,
        "state": state,
        "around": show.around(course, found),
        "may_study": enrolment_id is not None,
    }
    match found:
        case Page():
            body, sources = show.page_body(course, found), show.sources(found)
            return render_template("learner/page.html", body=body, sources=sources, **common)
        case Video():
            video = show.video(course, found, settings().data_dir, language())
            return render_template("learner/video.html", video=video, **common)
        case Quiz():
            can_retake = has_attempts_left(found, state)
            return render_template(
                "learner/quiz.html",
                questions=show.questions(found, attempt, language()),
                attempt=attempt,
                mark=mark,
                again=attempt is None or (can_retake and request.args.get("again") == "1"),
                can_retake=can_retake,
                ticket=secrets.token_urlsafe(16),
                draft=_draft(found, state.attempts),
                handed_in=_draft(found, state.attempts - 1),
                **common,
            )


@bp.post("/activities/<activity_id>/read")
@require(Role.LEARNER)
def finish_reading(activity_id: str) -> ResponseReturnValue:
    with database().begin() as db:
        course = learning.find_course(db, visitor().cohort_id)
        found = _find_activity(course, activity_id)
        enrolment_id = _own_enrolment(db)
        try:
            learning.finish_reading(db, enrolment_id, found, clock.now())
        except NoActivityError:
            abort(400)
        study = learning.study_of(db, enrolment_id)
    return redirect(_onward(course, study, activity_id), 303)


@bp.post("/activities/<activity_id>/watched")
@require(Role.LEARNER)
def record_watching(activity_id: str) -> ResponseReturnValue:
    report = _json_body()
    with database().begin() as db:
        course = learning.find_course(db, visitor().cohort_id)
        found = _find_activity(course, activity_id)
        try:
            spans, position, duration = _read_report(report)
            state = learning.record_watching(
                db,
                _own_enrolment(db),
                found,
                spans,
                position=position,
                duration=duration,
                now=clock.now(),
            )
        except (Refused, NoActivityError):
            abort(400)
    if state.stage is Stage.DONE:
        return {"message": _("Watched. Your progress is saved.")}
    return "", 204


@bp.post("/activities/<activity_id>/attempts")
@require(Role.LEARNER)
def hand_in(activity_id: str) -> ResponseReturnValue:
    with database().begin() as db:
        course = learning.find_course(db, visitor().cohort_id)
        found = _find_activity(course, activity_id)
        try:
            learning.hand_in_quiz(
                db,
                course,
                _own_enrolment(db),
                found,
                _read_answers(),
                ticket=_ticket(),
                now=clock.now(),
            )
        except (UnknownOptionError, UnknownQuestionError, NoActivityError):
            abort(400)
        except NoAttemptsLeftError:
            db.rollback()
    return redirect(url_for(".activity", activity_id=activity_id), 303)


@bp.get("/mark")
@require(Role.LEARNER)
def mark() -> ResponseReturnValue:
    """Where the mark is on its way to the gradebook: 202 while it waits, so that the page asks again."""
    with database().read() as db:
        found = grading.mark_of(db, _own_enrolment(db))
    waiting = found is not None and found.delivery is grading.Delivery.WAITING
    return render_template("learner/_mark.html", mark=found), 202 if waiting else 200


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    chosen = request.form.get("lang", "")
    if chosen not in LANGUAGES:
        abort(400)
    with database().begin() as db:
        launching.choose_language(db, visitor().person_id, chosen)
    return redirect(_back(), 303)


def _find_activity(course: Course, activity_id: str) -> Page | Video | Quiz:
    try:
        return course.activity(activity_id)
    except NoActivityError:
        abort(404)


def _enrolment(db: Session) -> int | None:
    """Return the learner's enrolment, None for who only looks."""
    if visitor().role is not Role.LEARNER:
        return None
    return _own_enrolment(db)


def _own_enrolment(db: Session) -> int:
    return learning.find_enrolment(db, visitor().cohort_id, visitor().person_id)


def _onward(course: Course, study: learning.Study, activity_id: str) -> str:
    following = progress.next_activity(course.module, study.states, last=activity_id)
    if following is Finished.FINISHED:
        return url_for(".module")
    return url_for(".activity", activity_id=following.id)


def _draft(quiz: Quiz, attempt: int) -> str:
    """Return the name under which the browser keeps the answers of an attempt until they are handed in."""
    return f"{visitor().person_id}-{quiz.id}-{attempt}"


def _read_answers() -> dict[str, tuple[str, ...]]:
    prefix = "answer-"
    return {
        name.removeprefix(prefix): tuple(request.form.getlist(name))
        for name in request.form
        if name.startswith(prefix)
    }


def _json_body() -> object:
    if (request.content_length or 0) > MAX_REPORT_BYTES:
        abort(413)
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets within brackets
        abort(400)


def _ticket() -> str:
    """Return the form's own name for this attempt, which makes a double click one attempt."""
    ticket = request.form.get("ticket", "")
    if not TICKET.fullmatch(ticket):
        abort(400)
    return ticket


def _read_report(report: object) -> tuple[list[Span], float, float]:
    """Return what video.js posts; raise `Refused` where it is nonsense."""
    try:
        match report:
            case {"position": position, "duration": duration, "played": [*played]} if (
                len(played) <= MAX_SPANS
            ):
                spans = [Span(float(start), float(end)) for start, end in played if end > start]
                return spans, float(position), float(duration)
    except (TypeError, ValueError, OverflowError):
        raise Refused(()) from None
    raise Refused(())


def _back() -> str:
    """Return the page of this visit that the form stood on, or the module."""
    path = request.args.get("next", "")
    is_own = path.startswith(f"/s/{visitor().visit_id}/") and path.isprintable()
    return path if is_own else url_for(".module")
