"""What belongs to the campus as a whole: its home page, and everyone's work agenda."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.demo.agendas import agenda_file, stamp
from lti_tool.demo.current import campus
from lti_tool.demo.institutions import INSTITUTIONS
from lti_tool.demo.lms import Lms
from lti_tool.demo.people import AGENDA_OWNERS, Kind, Person

SUGGESTED = (Kind.MANAGER, Kind.LEARNER, Kind.TEACHER, Kind.ADMINISTRATOR)

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Say what this is, and whom to log in as at each platform."""
    return render_template("home.html", suggestions=[(lms, _suggested(lms)) for lms in campus().lmses])


@bp.get("/accents.css")
def accents() -> ResponseReturnValue:
    """Serve a style for each institution's colour."""
    rules = [f".lms-{one.slug} {{ --accent: {one.accent}; }}\n" for one in INSTITUTIONS]
    return Response("".join(rules), content_type="text/css; charset=utf-8")


@bp.get("/agendas/<owner>.ics")
def agenda(owner: str) -> ResponseReturnValue:
    """Serve someone's work agenda as calendar programs publish it, with 304 for what did not change."""
    person = next((person for person in AGENDA_OWNERS if person.slug == owner), None)
    if person is None:
        abort(404)
    start = campus().settings.agenda_start
    response = Response(agenda_file(person, start), content_type="text/calendar; charset=utf-8")
    response.last_modified = stamp(start)
    response.add_etag()
    return response.make_conditional(request)


def _suggested(lms: Lms) -> tuple[Person, ...]:
    """Return the first of each kind."""
    return tuple(next(person for person in lms.people if person.kind is kind) for kind in SUGGESTED)
