"""The module as its learners see it; teachers and observers look at the same pages and leave no trace."""

import secrets
from datetime import date, datetime

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from content import progress
from content.activity import Activity, Page, Quiz, Video
from content.checked import Refused
from content.module import Unit
from content.programme import Programme
from content.progress import Finished
from content.quiz import UnknownOptionError, UnknownQuestionError
from content.state import UNTOUCHED, NoAttemptsLeftError, Stage, State, has_attempts_left
from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.gradebooks import grading
from lti_tool.services.launches import visiting
from lti_tool.services.live import feeds
from lti_tool.services.study import learning, publishing
from lti_tool.services.study.learning import NOTHING_STUDIED, Course, NoActivityError, NotOpenYetError
from lti_tool.web import show
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.i18n import LANGUAGES, language
from lti_tool.web.learner import sent
from lti_tool.web.learner.module_page import around, module_page
from lti_tool.web.state import database, settings
from lti_tool.web.translate import _
from lti_tool.zone import ZONE

bp = visit_blueprint("learner", __name__)


class OnlyLooksError(Exception):
    """Someone who takes no part did what only learners do."""


@bp.get("/")
def module() -> ResponseReturnValue:
    now = clock.now()
    with database().read() as db:
        course = learning.find_course(db, visitor().cohort_id)
        enrolment_id = _enrolment(db)
        study = learning.study_of(db, enrolment_id) if enrolment_id else NOTHING_STUDIED
        mark = grading.mark_of(db, enrolment_id) if enrolment_id else None
        meetings = feeds.sessions_of(db, visitor().person_id) if course.module.live else ()
    page = module_page(
        course, study, today=_day(now), looks_ahead=_looks_ahead(), unit_id=request.args.get("unit", "")
    )
    return render_template(
        "learner/module.html",
        page=page,
        mark=mark,
        next_session=next((m for m in meetings if m.ends_at > now and not m.cancelled), None),
    )


@bp.get("/programme")
def programme() -> ResponseReturnValue:
    with database().read() as db:
        course, whole = _programme(db)
        taken = learning.taken_by(db, visitor().person_id, whole.id)
    return render_template("learner/programme.html", course=course, programme=whole, taken=taken)


@bp.get("/activities/<activity_id>")
def activity(activity_id: str) -> ResponseReturnValue:
    now = clock.now()
    with database().begin() as db:
        course, found = _find_open(db, activity_id, now)
        enrolment_id = _enrolment(db)
        if enrolment_id:
            learning.open_activity(db, enrolment_id, found, now)
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
        "around": around(course, found, _unlocked(course, now)),
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
            return render_template("learner/quiz.html", mark=mark, **_quiz(found, state, attempt), **common)


@bp.post("/activities/<activity_id>/read")
def finish_reading(activity_id: str) -> ResponseReturnValue:
    now = clock.now()
    with database().begin() as db:
        course, found, enrolment_id = _find_own(db, activity_id, now)
        try:
            learning.finish_reading(db, enrolment_id, found, now)
        except NoActivityError:
            abort(400)
        study = learning.study_of(db, enrolment_id)
    return redirect(_onward(course, study, found, now), 303)


@bp.post("/activities/<activity_id>/watched")
def record_watching(activity_id: str) -> ResponseReturnValue:
    now = clock.now()
    report = sent.report()
    with database().begin() as db:
        _course, found, enrolment_id = _find_own(db, activity_id, now)
        try:
            spans, position, duration = sent.spans_of(report)
            state = learning.record_watching(
                db, enrolment_id, found, spans, position=position, duration=duration, now=now
            )
        except (Refused, NoActivityError):
            abort(400)
    if state.stage is Stage.DONE:
        return {"message": _("Watched. Your progress is saved.")}
    return "", 204


@bp.post("/activities/<activity_id>/attempts")
def hand_in(activity_id: str) -> ResponseReturnValue:
    now = clock.now()
    with database().begin() as db:
        _course, found, enrolment_id = _find_own(db, activity_id, now)
        try:
            learning.hand_in_quiz(db, enrolment_id, found, sent.answers(), ticket=sent.ticket(), now=now)
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
        visiting.choose_language(db, visitor().person_id, chosen)
    return redirect(_back(), 303)


@bp.errorhandler(NotOpenYetError)
def _not_open_yet(error: NotOpenYetError) -> ResponseReturnValue:
    return render_template("learner/locked.html", unit=error.unit, opens=error.opens), 403


@bp.errorhandler(OnlyLooksError)
def _only_looks(_error: OnlyLooksError) -> ResponseReturnValue:
    return render_template("learner/looking.html"), 403


def _find_activity(course: Course, activity_id: str) -> Page | Video | Quiz:
    try:
        return course.activity(activity_id)
    except NoActivityError:
        abort(404)


def _find_open(db: Session, activity_id: str, now: datetime) -> tuple[Course, Page | Video | Quiz]:
    """Return an activity that is open to the visitor, with its course."""
    course = learning.find_course(db, visitor().cohort_id)
    found = _find_activity(course, activity_id)
    if not _looks_ahead():
        learning.require_open(course, found, _day(now))
    return course, found


def _find_own(db: Session, activity_id: str, now: datetime) -> tuple[Course, Page | Video | Quiz, int]:
    """Return an activity that the visitor may do, with her enrolment; raise `OnlyLooksError` for others."""
    if visitor().role is not Role.LEARNER:
        raise OnlyLooksError
    return *_find_open(db, activity_id, now), _own_enrolment(db)


def _programme(db: Session) -> tuple[Course | None, Programme]:
    """Return the programme that the link is about, by way of its cohort where it has one."""
    programme_id = visitor().programme_id
    if visitor().cohort_id is None and programme_id is not None:
        return None, publishing.read_programme(db, programme_id)
    course = learning.find_course(db, visitor().cohort_id)
    return course, publishing.find_programme(db, course.published.version_id)


def _looks_ahead() -> bool:
    """Return whether the visitor sees units before they open: who teaches, or looks after the LMS."""
    return visitor().role in (Role.TEACHER, Role.ADMINISTRATOR)


def _unlocked(course: Course, now: datetime) -> tuple[Unit, ...]:
    return course.module.units if _looks_ahead() else course.open_units(_day(now))


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def _enrolment(db: Session) -> int | None:
    """Return the learner's enrolment, None for who only looks."""
    if visitor().role is not Role.LEARNER:
        return None
    return _own_enrolment(db)


def _own_enrolment(db: Session) -> int:
    return learning.find_enrolment(db, visitor().cohort_id, visitor().person_id)


def _onward(course: Course, study: learning.Study, done: Activity, now: datetime) -> str:
    activities = [activity for unit in course.open_units(_day(now)) for activity in unit.activities]
    following = progress.next_activity(activities, study.states, last=done.id)
    if following is Finished.FINISHED:
        return url_for(".module")
    return url_for(".activity", activity_id=following.id)


def _quiz(quiz: Quiz, state: State, attempt: learning.Attempt | None) -> dict[str, object]:
    can_retake = has_attempts_left(quiz, state)
    return {
        "questions": show.questions(quiz, attempt, language()),
        "attempt": attempt,
        "again": attempt is None or (can_retake and request.args.get("again") == "1"),
        "can_retake": can_retake,
        "ticket": secrets.token_urlsafe(16),
        "draft": _draft(quiz, state.attempts),
        "handed_in": _draft(quiz, state.attempts - 1),
    }


def _draft(quiz: Quiz, attempt: int) -> str:
    """Return the name under which the browser keeps the answers of an attempt until they are handed in."""
    return f"{visitor().person_id}-{quiz.id}-{attempt}"


def _back() -> str:
    """Return the page of this visit that the form stood on, or the module."""
    path = request.args.get("next", "")
    is_own = path.startswith(f"/s/{g.visit_id}/") and path.isprintable()
    return path if is_own else url_for(".module")
