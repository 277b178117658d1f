"""Where teachers choose what a course gets: by deep linking, or by pointing one link at something else."""

import secrets
from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.deep_linking import LINK
from lti_tool.lti.roles import Role
from lti_tool.services.placements import catalogue, joining, placing, repointing
from lti_tool.services.placements.catalogue import NoProgrammeError
from lti_tool.services.placements.joining import NoCohortError
from lti_tool.services.placements.placing import NoPieceError, Piece, pieces_of
from lti_tool.services.placements.repointing import Aim, LinkState, NoLinkError, Reason
from lti_tool.services.study import learning
from lti_tool.storage.models import Opens
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.learner import sent
from lti_tool.web.picker import picking
from lti_tool.web.picker.answering import answer, finish, point
from lti_tool.web.picker.form import Choices, PlacingForm, code_of, grading_options
from lti_tool.web.picker.picking import asked_for, find_choices, room, teacher
from lti_tool.web.picker.placed import PlacedLink, word_links
from lti_tool.web.state import database
from lti_tool.web.translate import _

bp = visit_blueprint("picker", __name__)

LONGEST_SEARCH = 100


@bp.get("/place")
@require(Role.TEACHER)
def choose() -> ResponseReturnValue:
    if not room().is_repointing and LINK not in asked_for().accept_types:
        return _page("picker/refused.html")
    wanted = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    with database().read() as db:
        offers = catalogue.search(catalogue.catalogue(db), wanted)
    return _page("picker/choose.html", offers=offers, wanted=wanted)


@bp.get("/place/<int:version_id>")
@require(Role.TEACHER)
def configure(version_id: int) -> ResponseReturnValue:
    with database().read() as db:
        choices = find_choices(db, version_id, clock.now())
        titles = placing.course_language(db, visitor().visit_id)
    return _form_page(choices, PlacingForm.starting_from(choices, request.args, titles=titles))


@bp.get("/place/<int:version_id>/check")
@require(Role.TEACHER)
def check(version_id: int) -> ResponseReturnValue:
    if not request.args:  # the address alone, as someone may keep it
        return redirect(url_for(".configure", version_id=version_id), 303)
    ticket = secrets.token_urlsafe(16)
    given: dict[str, Any] = request.args.to_dict(flat=False)
    with database().read() as db:
        choices = find_choices(db, version_id, clock.now())
        form = PlacingForm.read(choices, request.args)
        if form.wish is None:
            return _form_page(choices, form), 422
        try:
            planned = picking.plan(db, choices, form.wish, ticket)
        except NoPieceError:
            return _form_page(choices, _without_piece(form)), 422
        links = picking.word(db, choices, form.wish, planned)
        state = repointing.look_at_link(db, teacher()) if room().is_repointing else None
    return _page(
        "picker/check.html",
        choices=choices,
        links=links,
        titles=form.wish.titles,
        cohort=picking.shown_cohort(choices, form.wish.cohort),
        given=form.given,
        siblings=state.siblings if state and form.wish.cohort else 0,
        ticket=ticket,
        change_url=url_for(".configure", version_id=version_id, **given),
        confirm_url=url_for(".confirm", version_id=version_id),
    )


@bp.post("/place/<int:version_id>")
@require(Role.TEACHER)
def confirm(version_id: int) -> ResponseReturnValue:
    """Start or join the cohort, and answer the platform or point the link: all of it, once, or nothing."""
    now, ticket = clock.now(), sent.ticket()
    with database().begin() as db:
        choices = find_choices(db, version_id, now)
        form = PlacingForm.read(choices, request.form)
        if form.wish is None:
            return _form_page(choices, form), 422
        try:
            planned = picking.plan(db, choices, form.wish, ticket)
            cohort_id = picking.settle(db, choices, form.wish, ticket, now)
        except NoPieceError:
            return _form_page(choices, _without_piece(form)), 422
        except NoCohortError:
            return _form_page(choices, _refused(form, "cohort", _("This cohort has just been closed."))), 422
        return finish(db, picking.word(db, choices, form.wish, planned), cohort_id)


@bp.get("/place/overview/<programme_id>")
@require(Role.TEACHER)
def check_overview(programme_id: str) -> ResponseReturnValue:
    with database().read() as db:
        links, titles = _overview(db, programme_id)
    return _page(
        "picker/check.html",
        choices=None,
        links=links,
        titles=titles,
        cohort=None,
        given=(),
        siblings=0,
        ticket=secrets.token_urlsafe(16),
        change_url=url_for(".choose"),
        confirm_url=url_for(".confirm_overview", programme_id=programme_id),
    )


@bp.post("/place/overview/<programme_id>")
@require(Role.TEACHER)
def confirm_overview(programme_id: str) -> ResponseReturnValue:
    with database().begin() as db:
        links, _titles = _overview(db, programme_id)
        return finish(db, links, None)


@bp.post("/place/cancel")
@require(Role.TEACHER)
def cancel() -> ResponseReturnValue:
    with database().read() as db:
        return answer(db, (), title=_("Nothing was placed"), message=_("Nothing was placed."))


@bp.get("/link")
@require(Role.TEACHER)
def repoint() -> ResponseReturnValue:
    with database().read() as db:
        state = _link_state(db)
    return _page("picker/repoint.html", state=state, what=code_of(state.piece), reason=_why(state))


@bp.post("/link")
@require(Role.TEACHER)
def keep_cohort() -> ResponseReturnValue:
    """Point the link at a cohort that its course had to do with before."""
    with database().begin() as db:
        piece = _link_state(db).piece
        try:
            cohort_id = joining.join(db, teacher(), request.form.get("cohort", ""), clock.now())
        except NoCohortError:
            return redirect(url_for(".repoint"), 303)
        module = learning.find_course(db, cohort_id).module
        return point(db, Aim(piece if piece in pieces_of(module) else Piece(Opens.MODULE), cohort_id))


def _overview(db: Session, programme_id: str) -> tuple[tuple[PlacedLink, ...], str]:
    try:
        programme = catalogue.find_programme(db, programme_id)
    except NoProgrammeError:
        abort(404)
    titles = placing.course_language(db, visitor().visit_id)
    return word_links([placing.overview_link(programme.id)], programme, None, titles=titles), titles


def _link_state(db: Session) -> LinkState:
    try:
        return repointing.look_at_link(db, teacher())
    except NoLinkError:
        abort(404)


def _why(state: LinkState) -> str:
    """Return in one sentence why a link opens nothing."""
    match state.reason:
        case Reason.OPENS if state.earlier:
            name = state.earlier.name
            return _("Now it opens the cohort %(cohort)s. What learners did there is kept.", cohort=name)
        case Reason.OPENS:
            return _("Now it opens the overview of a microdegree.")
        case Reason.COPIED:
            return _("It came along when this course was copied, so it waits for you to choose a cohort.")
        case Reason.CLOSED:
            return _("Its cohort has ended. What learners did there is kept.")
        case Reason.NOT_SHARED:
            return _("Its cohort is not shared with your institution (any more).")
        case Reason.GONE:
            return _("What it was for does not exist (any more).")
        case Reason.UNTOLD:
            return _("It was placed without a cohort.")


def _form_page(choices: Choices, form: PlacingForm) -> str:
    gradings = grading_options(choices.module)
    return _page("picker/configure.html", choices=choices, form=form, gradings=gradings)


def _without_piece(form: PlacingForm) -> PlacingForm:
    return _refused(form, "what", _("The cohort follows an earlier version of the module, which lacks this."))


def _refused(form: PlacingForm, field: str, sentence: str) -> PlacingForm:
    return replace(form, errors={field: sentence}, wish=None)


def _page(template: str, **context: object) -> str:
    # A change of language keeps what was filled in.
    language_url = url_for("learner.choose_language", next=request.full_path)
    return render_template(template, room=room(), language_url=language_url, **context)
