"""A week that someone paints herself because she may share no agenda, and the days that are otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.agendas import sources
from lti_tool.services.agendas.sources import NoAgendaError, TooManyAgendasError
from lti_tool.web import show
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.fields import BadFieldError, day
from lti_tool.web.state import database
from lti_tool.web.translate import _
from lti_tool.zone import ZONE
from scheduling.painted import (
    MAX_DAYS,
    MAX_EXCEPTIONS,
    Exceptional,
    PaintedWeek,
    UnreadableHoursError,
    UnreadableWeekError,
    read_hours,
    read_week,
    write_hours,
)

bp = visit_blueprint("painting", __name__)

NOTHING = PaintedWeek(((),) * 7)
WEEK = tuple(f"day-{number}" for number in range(7))


@bp.get("/agenda/week")
@require(Role.LEARNER, Role.TEACHER)
def show_week() -> ResponseReturnValue:
    return _page(_week()), 200


@bp.post("/agenda/week")
@require(Role.LEARNER, Role.TEACHER)
def save_week() -> ResponseReturnValue:
    texts = [request.form.get(name, "") for name in WEEK]
    try:
        days = read_week(texts)
    except UnreadableWeekError as error:
        return _page(_week(), texts=texts, errors=error.parts), 422
    try:
        with database().begin() as db:
            held = _held(db)
            _keep(db, replace(held, days=days))
    except TooManyAgendasError:
        return redirect(url_for("agenda.overview", said="too_many_agendas"), 303)
    return redirect(url_for(".show_week", said="week_saved"), 303)


@bp.post("/agenda/week/exceptions")
@require(Role.LEARNER, Role.TEACHER)
def add_exception() -> ResponseReturnValue:
    fields = {name: request.form.get(name, "").strip() for name in ("first", "last", "hours")}
    errors, exception = _read_exception(fields)
    if exception is None:
        return _page(_week(), exception=fields, exception_errors=errors), 422
    with database().begin() as db:
        held = _held(db)
        others = _coming(held.exceptions)[: MAX_EXCEPTIONS - 1]
        _keep(db, replace(held, exceptions=(*others, exception)))
    return redirect(url_for(".show_week", said="exception_added", _anchor="exceptions"), 303)


@bp.post("/agenda/week/exceptions/delete")
@require(Role.LEARNER, Role.TEACHER)
def delete_exception() -> ResponseReturnValue:
    fields = {name: request.form.get(name, "") for name in ("first", "last", "hours")}
    with database().begin() as db:
        held = _held(db)
        kept = tuple(one for one in held.exceptions if _fields(one) != fields)
        _keep(db, replace(held, exceptions=kept))
    return redirect(url_for(".show_week", said="exception_removed", _anchor="exceptions"), 303)


def _held(db: Session) -> PaintedWeek:
    try:
        return sources.find_painted(db, visitor().person_id)
    except NoAgendaError:
        return NOTHING


def _week() -> PaintedWeek:
    with database().read() as db:
        return _held(db)


def _keep(db: Session, week: PaintedWeek) -> None:
    sources.keep_painted(db, visitor().person_id, week, ZONE, clock.now())


def _read_exception(fields: Mapping[str, str]) -> tuple[dict[str, str], Exceptional | None]:
    errors: dict[str, str] = {}
    ends: dict[str, date] = {}
    for name in ("first", "last"):
        try:
            ends[name] = day(fields[name] or fields["first"])
        except BadFieldError as error:
            errors[name] = error.sentence
    if not errors and not 0 <= (ends["last"] - ends["first"]).days < MAX_DAYS:
        errors["last"] = _("Choose a day from the first day on, within a year.")
    if not errors and ends["last"] < _today():
        errors["last"] = _("Choose a day that is still to come.")
    try:
        hours = read_hours(fields["hours"])
    except UnreadableHoursError as error:
        return errors | {"hours": unreadable_words(error.part)}, None
    return errors, None if errors else Exceptional(ends["first"], ends["last"], *hours)


def unreadable_words(part: str) -> str:
    return _("We cannot read “%(part)s”. Write hours as 8:00-16:30.", part=part)


def _today() -> date:
    return clock.now().astimezone(ZONE).date()


def _coming(exceptions: Sequence[Exceptional]) -> tuple[Exceptional, ...]:
    """Return the exceptions that are not over: only these still mean something."""
    return tuple(one for one in exceptions if one.last >= _today())


def _fields(exception: Exceptional) -> dict[str, str]:
    return {
        "first": exception.first.isoformat(),
        "last": exception.last.isoformat(),
        "hours": write_hours(exception.hours, exception.after),
    }


def _page(
    week: PaintedWeek,
    *,
    texts: Sequence[str] | None = None,
    errors: Mapping[int, str] | None = None,
    exception: Mapping[str, str] | None = None,
    exception_errors: Mapping[str, str] | None = None,
) -> str:
    shown = sorted(_coming(week.exceptions), key=lambda one: (one.first, one.last))
    return render_template(
        "agenda/week.html",
        days=show.week_names(),
        texts=texts or [write_hours(hours) for hours in week.days],
        errors={number: unreadable_words(part) for number, part in (errors or {}).items()},
        is_painted=week != NOTHING,
        exceptions=[(one, _fields(one)) for one in shown],
        exception=exception or {},
        exception_errors=exception_errors or {},
        today=_today(),
    )
