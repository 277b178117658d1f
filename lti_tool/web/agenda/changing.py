"""One agenda that is connected: how it counts, where it is, reading it now, and taking it away."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.agendas import reading, refreshing, sources
from lti_tool.services.agendas.sources import Source
from lti_tool.storage.models import AgendaKind
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.agenda.adding import read_first
from lti_tool.web.agenda.source_form import SourceForm
from lti_tool.web.agenda.turns import TooManyReadingsError, in_turn, too_many_readings
from lti_tool.web.agenda.words import agenda_words
from lti_tool.web.fields import LARGEST_ID
from lti_tool.web.state import database, settings, vault
from lti_tool.zone import ZONE

bp = visit_blueprint("changing", __name__)


@bp.get("/agenda/sources/<int:agenda_id>")
@require(Role.LEARNER, Role.TEACHER)
def show(agenda_id: int) -> ResponseReturnValue:
    source = _find(agenda_id)
    if source.kind is AgendaKind.PAINTED:
        return redirect(url_for("painting.show_week"), 303)
    return _page(source, SourceForm.of(source)), 200


@bp.post("/agenda/sources/<int:agenda_id>")
@require(Role.LEARNER, Role.TEACHER)
def change(agenda_id: int) -> ResponseReturnValue:
    """Change the name and how it counts; read it anew, from another address where one was given."""
    source = _find(agenda_id)
    form = SourceForm.read(request.form)
    if form.address:
        form = form.with_address(settings().trusted_hosts)
    if form.errors:
        return _page(source, form), 422
    try:
        outcome = read_first(form) if form.address else None
    except TooManyReadingsError:
        return _page(source, form.wrong("address", too_many_readings())), 503
    if outcome is not None and outcome.failure is not None:
        return _page(source, form.wrong("address", agenda_words(outcome.failure))), 422
    who, now = visitor().person_id, clock.now()
    with database().begin() as db:
        is_to_read = sources.change(db, who, agenda_id, form.handling, now)
        if outcome is not None:
            sources.change_address(db, vault(), who, agenda_id, form.address, outcome, now)
    if is_to_read and outcome is None:
        _read_now(agenda_id)
    return redirect(url_for("agenda.overview", said="agenda_changed"), 303)


@bp.post("/agenda/sources/<int:agenda_id>/read")
@require(Role.LEARNER, Role.TEACHER)
def read(agenda_id: int) -> ResponseReturnValue:
    _find(agenda_id)
    said = None if _read_now(agenda_id) else "agenda_later"
    return redirect(url_for("agenda.overview", said=said), 303)


@bp.post("/agenda/sources/<int:agenda_id>/delete")
@require(Role.LEARNER, Role.TEACHER)
def delete(agenda_id: int) -> ResponseReturnValue:
    if agenda_id > LARGEST_ID:
        abort(404)
    with database().begin() as db:
        sources.disconnect(db, visitor().person_id, agenda_id)
    return redirect(url_for("agenda.overview", said="agenda_deleted"), 303)


def _find(agenda_id: int) -> Source:
    if agenda_id > LARGEST_ID:
        abort(404)
    with database().read() as db:
        return sources.find_source(db, vault(), visitor().person_id, agenda_id)


def _read_now(agenda_id: int) -> bool:
    """Read an agenda while its owner waits; return False where that must be left to the worker."""
    now, hosts = clock.now(), settings().trusted_hosts
    try:
        with in_turn():
            with database().begin() as db:
                is_mine = refreshing.start_reading(db, visitor().person_id, agenda_id, now)
                assignment = refreshing.read_assignment(db, vault(), agenda_id, now) if is_mine else None
            if assignment is None:
                return False
            outcome = reading.read(assignment, zone=ZONE, allowed_hosts=hosts, now=clock.now())
            with database().begin() as db:
                refreshing.record_reading(db, assignment, outcome, clock.now())
    except TooManyReadingsError:
        return False
    return True


def _page(source: Source, form: SourceForm) -> str:
    return render_template("agenda/source.html", source=source, filled=form)
