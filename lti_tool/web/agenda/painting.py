"""A week that someone paints herself because she may share no agenda, and the days that are otherwise."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.agendas import sources
from lti_tool.services.agendas.sources import TooManyAgendasError
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
    Hours,
    PaintedWeek,
    UnreadableHoursError,
    UnreadableWeekError,
    read_hours,
    read_week,
    write_hours,
)

bp = visit_blueprint("painting", __name__)


class TooManyExceptionsError(Exception):
    """A painted week has as many exceptions as it can hold."""


WEEK = tuple(f"day-{number}" for number in range(7))
Change = Callable[[tuple[Exceptional, ...]], tuple[Exceptional, ...]]
NOTHING_GIVEN: Mapping[str, str] = MappingProxyType({})


@bp.get("/agenda/week")
@require(Role.LEARNER, Role.TEACHER)
def show_week() -> ResponseReturnValue:
    held = _held()
    return _page(held, _texts(held)), 200


@bp.post("/agenda/week")
@require(Role.LEARNER, Role.TEACHER)
def save_week() -> ResponseReturnValue:
    return _save(lambda exceptions: exceptions, said="week_saved")


@bp.post("/agenda/week/exceptions")
@require(Role.LEARNER, Role.TEACHER)
def add_exception() -> ResponseReturnValue:
    given = {name: request.form.get(name, "").strip() for name in ("first", "last", "hours")}
    errors, added = _read_exception(given)
    return _save(
        lambda exceptions: (*exceptions, *added), said="exception_added", errors=errors, exception=given
    )


@bp.post("/agenda/week/exceptions/remove")
@require(Role.LEARNER, Role.TEACHER)
def remove_exception() -> ResponseReturnValue:
    removed = request.form.get("remove", "")
    return _save(
        lambda exceptions: tuple(one for one in exceptions if _name(one) != removed),
        said="exception_removed",
    )


def _save(
    change: Change,
    *,
    said: str,
    errors: Mapping[str, str] = NOTHING_GIVEN,
    exception: Mapping[str, str] = NOTHING_GIVEN,
) -> ResponseReturnValue:
    """Keep the week as it stands in the form, with its exceptions changed; all of it or nothing."""
    texts = [request.form.get(name, "") for name in WEEK]
    days: tuple[Hours, ...] = ()
    try:
        days = read_week(texts)
    except UnreadableWeekError as error:
        errors = {**{WEEK[day]: _unreadable(part) for day, part in error.parts.items()}, **errors}
    if errors:
        return _page(_held(), texts, errors=errors, exception=exception), 422

    def changed(held: PaintedWeek) -> PaintedWeek:
        exceptions = change(_coming(held.exceptions))
        if len(exceptions) > MAX_EXCEPTIONS:
            raise TooManyExceptionsError
        return PaintedWeek(days, exceptions)

    try:
        with database().begin() as db:
            sources.change_painted(db, visitor().person_id, changed, ZONE, clock.now())
    except TooManyExceptionsError:
        full = {"first": _("There are %(most)s exceptions already. Remove one first.", most=MAX_EXCEPTIONS)}
        return _page(_held(), texts, errors=full, exception=exception), 422
    except TooManyAgendasError:
        return redirect(url_for("agenda.overview", said="too_many_agendas"), 303)
    return redirect(url_for(".show_week", said=said), 303)


def _held() -> PaintedWeek:
    with database().read() as db:
        return sources.find_painted(db, visitor().person_id)


def _read_exception(given: Mapping[str, str]) -> tuple[dict[str, str], tuple[Exceptional, ...]]:
    """Return what is wrong with an exception by its field, or else that exception."""
    errors: dict[str, str] = {}
    ends: dict[str, date] = {}
    for name in ("first", "last"):
        try:
            ends[name] = day(given[name] or given["first"])
        except BadFieldError as error:
            errors[name] = error.sentence
    if not errors and not 0 <= (ends["last"] - ends["first"]).days < MAX_DAYS:
        errors["last"] = _("Choose a day from the first day on, within a year.")
    if not errors and ends["last"] < _today():
        errors["last"] = _("Choose a day that is still to come.")
    try:
        hours = read_hours(given["hours"])
    except UnreadableHoursError as error:
        return errors | {"hours": _unreadable(error.part)}, ()
    return errors, () if errors else (Exceptional(ends["first"], ends["last"], *hours),)


def _unreadable(part: str) -> str:
    return _("We cannot read “%(part)s”. Write it like 9:00-12:30.", part=part)


def _today() -> date:
    return clock.now().astimezone(ZONE).date()


def _coming(exceptions: Sequence[Exceptional]) -> tuple[Exceptional, ...]:
    """Return the exceptions that are not over: only these still mean something."""
    return tuple(one for one in exceptions if one.last >= _today())


def _texts(week: PaintedWeek) -> list[str]:
    return [write_hours(hours) for hours in week.days]


def _text(exception: Exceptional) -> str:
    return write_hours(exception.hours, exception.after)


def _name(exception: Exceptional) -> str:
    """Return what its button says of an exception: all of it, so that two clicks remove no other."""
    return f"{exception.first} {exception.last} {_text(exception)}"


def _page(
    held: PaintedWeek,
    texts: Sequence[str],
    *,
    errors: Mapping[str, str] = NOTHING_GIVEN,
    exception: Mapping[str, str] = NOTHING_GIVEN,
) -> str:
    shown = sorted(_coming(held.exceptions), key=lambda one: (one.first, one.last))
    return render_template(
        "agenda/week.html",
        days=show.week_names(),
        texts=texts,
        errors=errors,
        day_errors={number: errors[name] for number, name in enumerate(WEEK) if name in errors},
        exceptions=[(one, _text(one)) for one in shown],
        exception=exception,
        today=_today(),
    )
