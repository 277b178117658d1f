"""How a cohort is run, by its team: its settings, with each change shown before it is made, and its end."""

from dataclasses import replace
from datetime import date, datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.cohorts import configuring, foreseeing, running
from lti_tool.services.cohorts.configuring import (
    ArrangedMeanwhileError,
    Arrangement,
    InstitutionTakesPartError,
)
from lti_tool.services.cohorts.running import NotOfTheTeamError
from lti_tool.services.launches import teams
from lti_tool.services.launches.teams import NoCandidateError
from lti_tool.services.study import learning
from lti_tool.services.study.learning import Course
from lti_tool.web.access import require, require_team, visit_blueprint, visitor
from lti_tool.web.fields import LARGEST_ID
from lti_tool.web.state import database
from lti_tool.web.teacher.consequence_words import consequence_words
from lti_tool.web.teacher.settings_form import Choices, CohortForm
from lti_tool.web.teacher.timeline import compare
from lti_tool.zone import ZONE

bp = visit_blueprint("cohort", __name__)


@bp.get("/settings")
@require_team
def settings() -> ResponseReturnValue:
    with database().read() as db:
        course, current, choices = _read(db)
    return _form(course, current, choices, CohortForm.starting_from(current))


@bp.post("/settings")
@require_team
def change() -> ResponseReturnValue:
    """Show what a change brings about, go back to the form with it, or make it, as the button says."""
    now = clock.now()
    with database().begin() as db:
        course, current, choices = _read(db)
        form = CohortForm.read(request.form, choices)
        if form.arrangement is None:
            return _form(course, current, choices, form), 422
        if request.form.get("do") == "edit":
            return _form(course, current, choices, form)
        seen = request.form.get("seen", "")
        if request.form.get("do") != "save":
            return _preview(db, course, current, form, is_stale=seen != current.fingerprint, now=now)
        try:
            configuring.arrange(db, course.cohort_id, form.arrangement, seen=seen, now=now)
        except (ArrangedMeanwhileError, InstitutionTakesPartError):
            course, current, choices = _read(db)
            form = CohortForm.read(request.form, choices)
            return _preview(db, course, current, form, is_stale=True, now=now), 409
    return redirect(url_for("teacher.cohort", said="cohort_arranged"), 303)


@bp.post("/team/<int:enrolment_id>")
@require_team
def admit(enrolment_id: int) -> ResponseReturnValue:
    if enrolment_id > LARGEST_ID:
        abort(404)
    with database().begin() as db:
        course = learning.find_course(db, visitor().cohort_id)
        try:
            teams.admit(db, course.cohort_id, enrolment_id, clock.now())
        except NoCandidateError:
            abort(404)
    return redirect(url_for("teacher.cohort", said="admitted", _anchor="team"), 303)


@bp.post("/close")
@require_team
def close() -> ResponseReturnValue:
    with database().begin() as db:
        course = learning.find_any_course(db, visitor().cohort_id)
        running.close_cohort(db, course.cohort_id, clock.now())
    return redirect(url_for(".ended", said="cohort_closed"), 303)


@bp.get("/ended")
@require(Role.TEACHER)
def ended() -> ResponseReturnValue:
    with database().read() as db:
        cohorts = running.ended_cohorts_of(db, visitor().person_id)
    return render_template("teacher/ended.html", cohorts=cohorts)


@bp.post("/ended/<int:cohort_id>/reopen")
@require(Role.TEACHER)
def reopen(cohort_id: int) -> ResponseReturnValue:
    if cohort_id > LARGEST_ID:
        abort(404)
    with database().begin() as db:
        try:
            running.reopen_cohort(db, cohort_id, visitor().person_id)
        except NotOfTheTeamError:
            abort(404)
    if cohort_id == visitor().cohort_id:
        return redirect(url_for("teacher.cohort", said="cohort_reopened"), 303)
    return redirect(url_for(".ended", said="cohort_reopened"), 303)


def _read(db: Session) -> tuple[Course, Arrangement, Choices]:
    course = learning.find_course(db, visitor().cohort_id)
    partners = configuring.possible_partners(db, course.cohort_id)
    staying = {partner.slug for partner in partners if partner.learners} | {visitor().institution}
    current = configuring.find_arrangement(db, course.cohort_id)
    return course, current, Choices(_today(), course.module, partners, frozenset(staying))


def _form(course: Course, current: Arrangement, choices: Choices, form: CohortForm) -> str:
    return render_template(
        "teacher/settings.html",
        course=course,
        # Who comes back to the form still has what she saw at first.
        seen=request.form.get("seen") or current.fingerprint,
        by_rule=replace(current.schedule, chosen={}),
        choices=choices,
        form=form,
    )


def _preview(
    db: Session, course: Course, current: Arrangement, form: CohortForm, *, is_stale: bool, now: datetime
) -> str:
    """Return the page that says what changes; saving from it is from what is arranged now."""
    wanted = form.arrangement
    if wanted is None:
        raise ValueError("there is nothing to preview in a form with errors")
    consequences = foreseeing.foresee(db, course.cohort_id, current, wanted, now)
    return render_template(
        "teacher/settings_preview.html",
        course=course,
        form=form,
        is_stale=is_stale,
        seen=current.fingerprint,
        sentences=[consequence_words(each) for each in consequences],
        comparison=compare(current.schedule, wanted.schedule, _today()),
    )


def _today() -> date:
    return clock.now().astimezone(ZONE).date()
