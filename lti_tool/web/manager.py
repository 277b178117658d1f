"""A manager's live sessions: when they are, and the calendar they appear in."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import segno
from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.agendas import busy_time, sources
from lti_tool.services.live import feeds, planning
from lti_tool.services.live.feeds import NoFeedError
from lti_tool.services.study import learning
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.state import database, settings, vault

bp = visit_blueprint("manager", __name__)


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
        shared = busy_time.count_shared(db, course.cohort_id)
        planned = planning.sessions_of_cohort(db, course.cohort_id)
        held = sources.sources_of(db, vault(), visitor().person_id)
    return render_template(
        "manager/live.html",
        course=course,
        meetings=meetings,
        is_planned=any(meeting.ends_at > now for meeting in planned),
        sources=held,
        shared=shared,
        now=now,
    )


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
