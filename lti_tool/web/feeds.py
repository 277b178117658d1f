"""Calendars for calendar programs: no visit, no cookie; the address is the secret (RFC 5545, RFC 7986)."""

import hashlib

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from lti_tool import clock
from lti_tool.services.live import feeds
from lti_tool.services.live.feeds import NoFeedError, ScheduledSession
from lti_tool.web.i18n import LANGUAGES
from lti_tool.web.state import database
from lti_tool.web.translate import _
from scheduling.calendar import CalendarEntry, Status, render

bp = Blueprint("feeds", __name__)

PRODID = "-//Klimop//Klimop//NL"


@bp.get("/calendar/<token>.ics")
def show(token: str) -> ResponseReturnValue:
    with database().read() as db:
        try:
            owner = feeds.find_feed_owner(db, token, clock.now())
        except NoFeedError:
            abort(404)
        meetings = feeds.sessions_of(db, owner.person_id)
    if owner.is_fetch_news:
        with database().begin() as db:
            feeds.note_fetch(db, owner.person_id, clock.now())
    language = owner.locale if owner.locale in LANGUAGES else "nl"
    with force_locale(language):
        data = render([_entry(meeting, language) for meeting in meetings], name="Klimop", prodid=PRODID)
    response = Response(data, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="klimop.ics"'
    response.cache_control.private = True
    response.cache_control.max_age = 300
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    return response.make_conditional(request)


def _entry(meeting: ScheduledSession, language: str) -> CalendarEntry:
    title = meeting.module_title.in_(language)
    return CalendarEntry(
        uid=meeting.uid,
        start=meeting.starts_at,
        end=meeting.ends_at,
        summary=_("Live session %(number)s: %(title)s", number=meeting.number, title=title),
        description=_("Open Klimop from your course to see what to prepare."),
        sequence=meeting.sequence,
        changed=meeting.changed_at,
        status=Status.CANCELLED if meeting.cancelled else Status.CONFIRMED,
    )
