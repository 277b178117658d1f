"""Connecting an agenda: by the address that a calendar program gives, with help for each, or as a file."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.agendas import reading, refreshing, sources
from lti_tool.services.agendas.preferences import find_mail_address, keep_mail_address
from lti_tool.services.agendas.reading import Outcome
from lti_tool.services.agendas.sources import ConnectedBeforeError, TooManyAgendasError
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.agenda.source_form import SourceForm
from lti_tool.web.agenda.turns import TooManyReadingsError, in_turn, too_many_readings
from lti_tool.web.agenda.words import agenda_words, file_words
from lti_tool.web.state import database, settings, vault
from lti_tool.web.translate import _
from lti_tool.zone import ZONE
from scheduling.agenda import AgendaUnreadableError, keep_lines, read_agenda_safely

bp = visit_blueprint("adding", __name__)

PROGRAMS = ("outlook", "google", "apple", "nextcloud", "other")


@bp.get("/agenda/add")
@require(Role.LEARNER, Role.TEACHER)
def choose() -> ResponseReturnValue:
    return render_template("agenda/choose.html")


@bp.get("/agenda/add/<program>")
@require(Role.LEARNER, Role.TEACHER)
def address(program: str) -> ResponseReturnValue:
    _require_program(program)
    with database().read() as db:
        mail = find_mail_address(db, vault(), visitor().person_id)
    return _address_page(program, SourceForm(mail=mail)), 200


@bp.post("/agenda/add/<program>")
@require(Role.LEARNER, Role.TEACHER)
def connect_address(program: str) -> ResponseReturnValue:
    """Read the address first: what gives no calendar is told beside what was typed, and not kept.

    A server that is in trouble may be another one tomorrow, so then its owner chooses.
    """
    _require_program(program)
    form = SourceForm.read(request.form).with_address(settings().trusted_hosts)
    if form.errors:
        return _address_page(program, form), 422
    try:
        outcome = read_first(form)
    except TooManyReadingsError:
        return _address_page(program, form.wrong("address", too_many_readings())), 503
    if outcome.failure is not None:
        may_pass = outcome.failure not in refreshing.LASTING
        if not (may_pass and request.form.get("do") == "keep"):
            form = form.wrong("address", agenda_words(outcome.failure))
            return _address_page(program, form, may_pass=may_pass), 422
    try:
        with database().begin() as db:
            sources.connect_address(
                db,
                vault(),
                visitor().person_id,
                form.address,
                clock.now(),
                handling=form.handling,
                outcome=outcome,
            )
            if settings().can_mail:
                keep_mail_address(db, vault(), visitor().person_id, form.mail)
    except TooManyAgendasError:
        return _address_page(program, form.wrong("address", _too_many())), 422
    except ConnectedBeforeError:
        return _address_page(program, form.wrong("address", _connected_before())), 422
    said = "agenda_connected" if outcome.failure is None else "agenda_kept"
    return redirect(url_for("agenda.overview", said=said), 303)


@bp.get("/agenda/upload")
@require(Role.LEARNER, Role.TEACHER)
def file() -> ResponseReturnValue:
    return render_template("agenda/file.html", filled=SourceForm())


@bp.post("/agenda/upload")
@require(Role.LEARNER, Role.TEACHER)
def connect_file() -> ResponseReturnValue:
    form = SourceForm.read(request.form)
    given = request.files.get("file")
    if given is None or not given.filename:
        form = form.wrong("file", _("Choose a calendar file."))
    if form.errors or given is None:
        return render_template("agenda/file.html", filled=form), 422
    now = clock.now()
    try:
        with in_turn():
            found = read_agenda_safely(
                keep_lines(given.read()),
                window=reading.reading_window(now),
                zone=ZONE,
                treat_all_as_busy=form.handling.treat_all_as_busy,
                ignore_all_day=form.handling.ignore_all_day,
            )
        with database().begin() as db:
            sources.connect_file(db, visitor().person_id, found, form.handling, now)
    except AgendaUnreadableError as error:
        form = form.wrong("file", file_words(error.kind))
    except TooManyReadingsError:
        form = form.wrong("file", too_many_readings())
    except TooManyAgendasError:
        form = form.wrong("file", _too_many())
    if form.errors:
        return render_template("agenda/file.html", filled=form), 422
    return redirect(url_for("agenda.overview", said="agenda_connected"), 303)


def read_first(form: SourceForm) -> Outcome:
    """Return what the address in a form gives; raise TooManyReadingsError."""
    with in_turn():
        return reading.read_first(
            form.address,
            treat_all_as_busy=form.handling.treat_all_as_busy,
            ignore_all_day=form.handling.ignore_all_day,
            zone=ZONE,
            allowed_hosts=settings().trusted_hosts,
            now=clock.now(),
        )


def _address_page(program: str, form: SourceForm, *, may_pass: bool = False) -> str:
    return render_template(
        "agenda/address.html",
        program=program,
        filled=form,
        may_pass=may_pass,
        can_mail=settings().can_mail,
    )


def _require_program(program: str) -> None:
    if program not in PROGRAMS:
        abort(404)


def _connected_before() -> str:
    return _("You have connected this address already. You find it under your agendas.")


def _too_many() -> str:
    return _(
        "You have %(most)s agendas, which is as many as there can be. Delete one first.",
        most=sources.MOST_AGENDAS,
    )
