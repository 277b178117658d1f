"""A manager's live sessions: when they are, the agenda they respect, the calendar they appear in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

import segno
from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.live import agendas, feeds, planning
from lti_tool.services.live.agendas import NoAgendaError
from lti_tool.services.live.feeds import NoFeedError
from lti_tool.services.live.fetching import is_calendar_address
from lti_tool.services.study import learning
from lti_tool.web import show
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.state import database, settings, vault
from lti_tool.zone import ZONE
from scheduling.agenda import AgendaUnreadableError, read_agenda_safely

bp = visit_blueprint("manager", __name__)

MAX_WEEKS = 30


@dataclass(frozen=True)
class Subscription:
    """A person's calendar address in every form that a calendar program takes."""

    https: str
    webcal: str
    google: str
    outlook: str
    fetched_at: datetime | None


@bp.get("/live")
@require(Role.LEARNER)
def live() -> ResponseReturnValue:
    now = clock.now()
    with database().read() as db:
        course = learning.find_course(db, visitor().cohort_id)
        meetings = [m for m in feeds.sessions_of(db, visitor().person_id) if m.ends_at > now]
        shared = agendas.count_shared(db, course.cohort_id)
        planned = planning.sessions_of_cohort(db, course.cohort_id)
        try:
            agenda = agendas.find_agenda(db, visitor().person_id)
        except NoAgendaError:
            agenda = None
    return render_template(
        "manager/live.html",
        course=course,
        meetings=meetings,
        is_planned=any(meeting.ends_at > now for meeting in planned),
        agenda=agenda,
        shared=shared,
        now=now,
    )


@bp.get("/agenda")
@require(Role.LEARNER, Role.TEACHER)
def agenda() -> ResponseReturnValue:
    return _agenda_page(errors={}, address=""), 200


@bp.post("/agenda")
@require(Role.LEARNER, Role.TEACHER)
def connect() -> ResponseReturnValue:
    address = request.form.get("address", "").strip()
    file = request.files.get("file")
    if file is not None and file.filename:
        return _connect_file(file.read())
    if not is_calendar_address(address, settings().trusted_hosts):
        return _agenda_page(errors={"address": "bad_address"}, address=address), 422
    with database().begin() as db:
        agenda_id = agendas.connect_address(db, vault(), visitor().person_id, address, clock.now())
        assignment = agendas.start_reading(db, vault(), agenda_id, clock.now())
    outcome = agendas.read(assignment, zone=ZONE, allowed_hosts=settings().trusted_hosts, now=clock.now())
    with database().begin() as db:
        agendas.record_reading(db, assignment, outcome, clock.now())
    return redirect(url_for(".agenda"), 303)


@bp.post("/agenda/forget")
@require(Role.LEARNER, Role.TEACHER)
def forget_agenda() -> ResponseReturnValue:
    with database().begin() as db:
        try:
            agendas.disconnect(db, visitor().person_id)
        except NoAgendaError:
            db.rollback()
    return redirect(url_for(".agenda", said="agenda_forgotten"), 303)


@bp.get("/calendar")
@require(Role.LEARNER)
def calendar() -> ResponseReturnValue:
    try:
        with database().read() as db:
            feed = feeds.find_feed(db, vault(), visitor().person_id)
    except NoFeedError:
        with database().begin() as db:
            feed = feeds.open_feed(db, vault(), visitor().person_id, clock.now())
    return render_template("manager/calendar.html", subscription=_subscription(feed), now=clock.now())


@bp.get("/calendar/qr.svg")
@require(Role.LEARNER)
def qr_code() -> ResponseReturnValue:
    try:
        with database().read() as db:
            feed = feeds.find_feed(db, vault(), visitor().person_id)
    except NoFeedError:
        abort(404)
    drawing = segno.make(_subscription(feed).webcal, error="m").svg_inline(
        border=4, omitsize=True, light="#fff"
    )
    return Response(
        drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), mimetype="image/svg+xml"
    )


@bp.post("/calendar/replace")
@require(Role.LEARNER)
def replace_calendar() -> ResponseReturnValue:
    with database().begin() as db:
        feeds.replace_feed(db, vault(), visitor().person_id, clock.now())
    return redirect(url_for(".calendar", said="feed_replaced"), 303)


def _connect_file(data: bytes) -> ResponseReturnValue:
    window = agendas.reading_window(clock.now())
    try:
        reading = read_agenda_safely(data, window=window, zone=ZONE)
    except AgendaUnreadableError as error:
        return _agenda_page(errors={"file": error.kind.value}, address=""), 422
    with database().begin() as db:
        agendas.connect_file(db, visitor().person_id, reading, window, clock.now())
    return redirect(url_for(".agenda"), 303)


def _agenda_page(*, errors: dict[str, str], address: str) -> str:
    now = clock.now()
    monday = _monday(now)
    with database().read() as db:
        try:
            held = agendas.find_agenda(db, visitor().person_id)
            week = agendas.week_of(db, visitor().person_id, monday, ZONE)
        except NoAgendaError:
            held, week = None, {}
    first = _this_monday(now)
    return render_template(
        "manager/agenda.html",
        agenda=held,
        days=show.week_days(monday),
        blocks=show.week_blocks(monday, week),
        monday=monday,
        earlier=monday - timedelta(weeks=1) if monday > first else None,
        later=monday + timedelta(weeks=1) if monday < first + timedelta(weeks=MAX_WEEKS) else None,
        errors=errors,
        address=address,
        now=now,
    )


def _this_monday(now: datetime) -> date:
    today = now.astimezone(ZONE).date()
    return today - timedelta(days=today.weekday())


def _monday(now: datetime) -> date:
    """Return the week that was asked for, within what a reading covers."""
    first = _this_monday(now)
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return first
    asked -= timedelta(days=asked.weekday())
    return min(max(asked, first), first + timedelta(weeks=MAX_WEEKS))


def _subscription(feed: feeds.FeedAddress) -> Subscription:
    https = f"{settings().base_url}{url_for('feeds.show', token=feed.token)}"
    webcal = f"webcal://{https.split('://', 1)[1]}"
    return Subscription(
        https=https,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.office.com/calendar/0/addfromweb?url={quote(https, safe='')}&name=Klimop",
        fetched_at=feed.fetched_at,
    )
