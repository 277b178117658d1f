"""What Klimop understood of a person's agendas, week by week, and what it holds."""

from datetime import date, datetime, timedelta

from flask import Response, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.agendas import busy_time, holding, sources
from lti_tool.services.agendas.preferences import find_preferences
from lti_tool.services.agendas.reading import HORIZON
from lti_tool.services.live import feeds
from lti_tool.web import show
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.agenda.preferences_form import preference_facts
from lti_tool.web.agenda.words import freshness
from lti_tool.web.state import database, vault
from lti_tool.zone import ZONE
from scheduling.interval import Interval

bp = visit_blueprint("agenda", __name__)

# Of the last weeks of a reading nothing is known once it is some days old.
MAX_WEEKS = HORIZON // timedelta(weeks=1) - 2


@bp.get("/agenda")
@require(Role.LEARNER, Role.TEACHER)
def overview() -> ResponseReturnValue:
    now, who = clock.now(), visitor()
    first, monday = _this_monday(now), _asked_monday(now)
    with database().read() as db:
        held = sources.sources_of(db, vault(), who.person_id)
        week = busy_time.week_of(db, who.person_id, monday, ZONE, now) if held else {}
        meetings = feeds.sessions_of(db, who.person_id)
        preferences = find_preferences(db, who.person_id)
        shared = busy_time.count_shared(db, who.cohort_id) if who.cohort_id is not None else None
    sessions = [Interval(one.starts_at, one.ends_at) for one in meetings if not one.cancelled]
    return render_template(
        "agenda/overview.html",
        sources=held,
        freshness=freshness(held, now) if held else "",
        read_at=min((one.read_at for one in held if one.read_at), default=None),
        is_known=any(source.read_at is not None for source in held),
        unread=[source for source in held if source.read_at is None],
        days=show.week_days(monday),
        blocks=show.week_blocks(monday, week | {"session": sessions}),
        monday=monday,
        this_monday=first,
        earlier=monday - timedelta(weeks=1) if monday > first else None,
        later=monday + timedelta(weeks=1) if monday < first + timedelta(weeks=MAX_WEEKS) else None,
        preferences=preference_facts(preferences),
        shared=shared,
        now=now,
    )


@bp.get("/agenda/export")
@require(Role.LEARNER, Role.TEACHER)
def export() -> ResponseReturnValue:
    with database().read() as db:
        held = holding.holdings(db, vault(), visitor().person_id)
    return Response(
        json.dumps(held, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": "attachment; filename=klimop-agenda.json"},
    )


@bp.post("/agenda/forget")
@require(Role.LEARNER, Role.TEACHER)
def forget() -> ResponseReturnValue:
    with database().begin() as db:
        holding.forget_all(db, visitor().person_id)
    return redirect(url_for(".overview", said="agenda_forgotten"), 303)


def _this_monday(now: datetime) -> date:
    today = now.astimezone(ZONE).date()
    return today - timedelta(days=today.weekday())


def _asked_monday(now: datetime) -> date:
    """Return the week that was asked for, within what a reading covers."""
    first = _this_monday(now)
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return first
    asked = min(max(asked, first), first + timedelta(weeks=MAX_WEEKS))
    return asked - timedelta(days=asked.weekday())
