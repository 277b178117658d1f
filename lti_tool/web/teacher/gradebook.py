"""What went to the gradebooks and what did not, and who the LMSs say takes part."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.courses import rosters
from lti_tool.services.gradebooks import outbox
from lti_tool.services.gradebooks.grading import Delivery
from lti_tool.services.gradebooks.outbox import NoMarkError, OutboxColumn, OutboxMark
from lti_tool.services.study import learning
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.fields import LARGEST_ID
from lti_tool.web.state import database
from lti_tool.web.teacher import gradebook_words

bp = visit_blueprint("gradebook", __name__)

MOST_SHOWN = 100


@dataclass(frozen=True)
class Sieve:
    """Which marks to show: of one state (empty: of all), of learners with this in their name."""

    state: str
    name: str

    @classmethod
    def read(cls) -> "Sieve":
        state = request.args.get("state", "")
        known = {delivery.value for delivery in Delivery}
        return cls(state if state in known else "", request.args.get("name", "").strip()[:100])

    def lets_through(self, mark: OutboxMark) -> bool:
        return self.state in ("", mark.delivery) and self.name.casefold() in (mark.learner or "").casefold()

    def sifted(self, column: OutboxColumn) -> OutboxColumn:
        return replace(column, marks=tuple(mark for mark in column.marks if self.lets_through(mark)))


def cohort_cards(db: Session, cohort_id: int, now: datetime) -> dict[str, object]:
    """Return what the cards on the cohort's page show, under the names that their templates use."""
    return {
        "gradebook": outbox.summary_of(db, cohort_id, now, context_id=_own_course()),
        "rosters": rosters.states_of(db, cohort_id, now, context_id=_own_course()),
        "roster_failure": gradebook_words.roster_failure,
    }


@bp.get("/gradebook")
@require(Role.TEACHER)
def show() -> ResponseReturnValue:
    sieve = Sieve.read()
    with database().read() as db:
        course = learning.find_any_course(db, visitor().cohort_id)
        summary = outbox.summary_of(db, course.cohort_id, clock.now(), context_id=_own_course())
        columns = outbox.outbox_of(db, course.cohort_id, clock.now(), context_id=_own_course())
    return render_template(
        "teacher/gradebook.html",
        course=course,
        gradebook=summary,
        columns=[sieve.sifted(column) for column in columns],
        units={unit.id: unit for unit in course.module.units},
        sieve=sieve,
        most_shown=MOST_SHOWN,
        mark_refusal=gradebook_words.mark_refusal,
        column_refusal=gradebook_words.column_refusal,
    )


@bp.get("/gradebook/progress")
@require(Role.TEACHER)
def progress() -> ResponseReturnValue:
    """How the sending goes: 202 while it does, so that the page asks again."""
    with database().read() as db:
        course = learning.find_any_course(db, visitor().cohort_id)
        summary = outbox.summary_of(db, course.cohort_id, clock.now(), context_id=_own_course())
    page = render_template("teacher/_gradebook_progress.html", gradebook=summary)
    return page, 202 if summary.is_under_way else 200


@bp.post("/gradebook/send-again")
@require(Role.TEACHER)
def send_all_again() -> ResponseReturnValue:
    with database().begin() as db:
        course = learning.find_any_course(db, visitor().cohort_id)
        outbox.send_all_again(db, course.cohort_id, clock.now(), context_id=_own_course())
    return redirect(url_for(".show", said="marks_queued"), 303)


@bp.post("/gradebook/<int:score_id>/send-again")
@require(Role.TEACHER)
def send_again(score_id: int) -> ResponseReturnValue:
    if score_id > LARGEST_ID:
        abort(404)
    with database().begin() as db:
        course = learning.find_any_course(db, visitor().cohort_id)
        try:
            outbox.send_again(db, score_id, course.cohort_id, clock.now(), context_id=_own_course())
        except NoMarkError:
            abort(404)
    return redirect(url_for(".show", said="marks_queued"), 303)


@bp.post("/rosters/sync")
@require(Role.TEACHER)
def sync_rosters() -> ResponseReturnValue:
    with database().begin() as db:
        course = learning.find_course(db, visitor().cohort_id)
        rosters.sync_now(db, course.cohort_id, clock.now(), context_id=_own_course())
    return redirect(url_for("teacher.cohort", said="rosters_asked"), 303)


@bp.get("/rosters")
@require(Role.TEACHER)
def roster_progress() -> ResponseReturnValue:
    """How fresh the rosters are: 202 while they are read, so that the page asks again."""
    with database().read() as db:
        course = learning.find_any_course(db, visitor().cohort_id)
        found = rosters.states_of(db, course.cohort_id, clock.now(), context_id=_own_course())
    page = render_template(
        "teacher/_roster_states.html", rosters=found, roster_failure=gradebook_words.roster_failure
    )
    return page, 202 if any(roster.is_under_way for roster in found) else 200


def _own_course() -> int | None:
    """Return the one course that the visitor may see marks of; None for the team, which sees all."""
    return None if visitor().is_team else visitor().context_id
