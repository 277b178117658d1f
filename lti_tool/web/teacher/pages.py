"""A teacher's cohort: who needs me, what waits for me, when do we meet live?"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.agendas import busy_time, sources
from lti_tool.services.agendas.busy_time import Shared
from lti_tool.services.cohorts import following
from lti_tool.services.cohorts.following import Need, Wanted
from lti_tool.services.launches import teams
from lti_tool.services.live import planning
from lti_tool.services.live.planning import NoPlanFoundError, NotADraftError, TimesPassedError
from lti_tool.services.study import learning
from lti_tool.services.study.learning import Course
from lti_tool.web import show
from lti_tool.web.access import require, require_team, visit_blueprint, visitor
from lti_tool.web.fields import LARGEST_ID
from lti_tool.web.forms import PlanForm
from lti_tool.web.state import database
from lti_tool.web.teacher import gradebook
from lti_tool.zone import ZONE
from scheduling.demand import Request

bp = visit_blueprint("teacher", __name__)


@bp.get("/cohort")
@require(Role.TEACHER)
def cohort() -> ResponseReturnValue:
    """What the team follows; a teacher who is not of it sees her own institution's learners."""
    now = clock.now()
    wanted = _wanted()
    who = visitor()
    with database().read() as db:
        course = learning.find_course(db, who.cohort_id)
        own = None if who.is_team else who.institution_id
        followed = following.follow(db, course, now.astimezone(ZONE).date(), institution_id=own)
        meetings = planning.sessions_of_cohort(db, course.cohort_id)
        team = teams.team_of(db, course.cohort_id)
        cards = gradebook.cohort_cards(db, course.cohort_id, now)
        for_team = _for_team(db, course) if who.is_team else {}
    return render_template(
        "teacher/cohort.html",
        course=course,
        followed=followed,
        wanted=wanted,
        shown=wanted.among(followed.learners),
        coming=[meeting for meeting in meetings if meeting.ends_at > now],
        team=team,
        is_team=who.is_team,
        **cards,
        **for_team,
    )


@bp.get("/plans/new")
@require_team
def new_plan() -> ResponseReturnValue:
    with database().read() as db:
        course = _live_course(db)
        shared = busy_time.count_shared(db, course.cohort_id)
        wishes = _wishes(db, course)
    return _plan_form(course, PlanForm.starting_from(wishes), shared), 200


@bp.post("/plans")
@require_team
def create_plan() -> ResponseReturnValue:
    now = clock.now()
    form = PlanForm.read(request.form, today=now.astimezone(ZONE).date())
    with database().begin() as db:
        course = _live_course(db)
        if form.request is None:
            shared = busy_time.count_shared(db, course.cohort_id)
            return _plan_form(course, form, shared), 422
        host_id = learning.find_enrolment(db, course.cohort_id, visitor().person_id)
        plan_id = planning.request_plan(db, course.cohort_id, host_id, form.request, now)
    return redirect(url_for(".plan", plan_id=plan_id), 303)


@bp.get("/plans/<int:plan_id>")
@require_team
def plan(plan_id: int) -> ResponseReturnValue:
    with database().read() as db:
        course = learning.find_course(db, visitor().cohort_id)
        found = _find(db, plan_id)
    return render_template("teacher/plan.html", course=course, plan=found)


@bp.get("/plans/<int:plan_id>/progress")
@require_team
def plan_progress(plan_id: int) -> ResponseReturnValue:
    """The plan as far as it is: 202 while the worker is at it, so that the page asks again."""
    with database().read() as db:
        course = learning.find_course(db, visitor().cohort_id)
        found = _find(db, plan_id)
    page = render_template("teacher/_plan.html", course=course, plan=found)
    return page, 202 if found.is_under_way else 200


@bp.post("/plans/<int:plan_id>/publish")
@require_team
def publish_plan(plan_id: int) -> ResponseReturnValue:
    with database().begin() as db:
        _find(db, plan_id)
        try:
            planning.publish_plan(db, plan_id, clock.now())
        except NotADraftError:
            db.rollback()
            return redirect(url_for(".plan", plan_id=plan_id), 303)
        except TimesPassedError:
            db.rollback()
            return redirect(url_for(".plan", plan_id=plan_id, said="times_passed"), 303)
    return redirect(url_for(".cohort", said="plan_published"), 303)


def _for_team(db: Session, course: Course) -> dict[str, object]:
    """Return what only the team of a cohort is shown."""
    return {
        "candidates": teams.candidates(db, course.cohort_id),
        "plans": planning.plans_of(db, course.cohort_id),
        "shared": busy_time.count_shared(db, course.cohort_id),
        "has_agenda": sources.has_any(db, visitor().person_id),
    }


def _wanted() -> Wanted:
    """Return which learners the address asks for."""
    need = request.args.get("need", "")
    return Wanted(
        words=request.args.get("q", "").strip(),
        group=request.args.get("group", ""),
        institution=request.args.get("institution", ""),
        need=Need(need) if need in set(Need) else None,
    )


def _live_course(db: Session) -> Course:
    course = learning.find_course(db, visitor().cohort_id)
    if course.module.live is None:
        abort(404)
    return course


def _wishes(db: Session, course: Course) -> Request:
    """Return the wishes to start from: those of the plan that is to be changed, or the module's."""
    earlier = request.args.get("plan", type=int)
    if earlier is not None:
        return _find(db, earlier).request
    return planning.first_request(course, today=clock.now().astimezone(ZONE).date())


def _plan_form(course: Course, form: PlanForm, shared: Shared) -> str:
    return render_template(
        "teacher/plan_form.html", course=course, form=form, shared=shared, weekdays=show.weekdays()
    )


def _find(db: Session, plan_id: int) -> planning.ShownPlan:
    # A plan of another cohort is as good as none, and so is a number that no row can have.
    if plan_id > LARGEST_ID:
        abort(404)
    try:
        return planning.find_plan(db, plan_id, cohort_id=visitor().cohort_id)
    except NoPlanFoundError:
        abort(404)
