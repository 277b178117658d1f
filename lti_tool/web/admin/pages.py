"""For operators: is every LMS plugged in and healthy, and what do I do about the one that is not?"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.roles import Role
from lti_tool.services.platforms import inviting, key_rotation, overseeing, registering
from lti_tool.services.platforms.registering import InstitutionRow, NoInstitutionError
from lti_tool.web.access import require, require_operator, visit_blueprint, visitor
from lti_tool.web.admin import words as admin_words
from lti_tool.web.admin.forms import InstitutionForm
from lti_tool.web.state import database, settings, vault
from lti_tool.web.translate import _

bp = visit_blueprint("admin", __name__)


@bp.get("/admin")
@require(Role.ADMINISTRATOR)
def home() -> ResponseReturnValue:
    if not visitor().is_operator:
        command = f"klimop admin grant {visitor().person_id}"
        has_module = visitor().cohort_id is not None
        return render_template("admin/ask.html", command=command, has_module=has_module), 403
    now = clock.now()
    with database().read() as db:
        overview = overseeing.oversee(db, now)
        keys = key_rotation.list_keys(db, now)
        invitations = inviting.list_invitations(db, now)
    return render_template(
        "admin/home.html",
        overview=overview,
        urgent=overview.urgent(now),
        keys=keys,
        invitations=[row for row in invitations if row.flaw is None],
        now=now,
        words=admin_words,
    )


@bp.get("/admin/institutions/new")
@require_operator
def new_institution() -> ResponseReturnValue:
    form = InstitutionForm("", "", "nl", {})
    return render_template("admin/institution.html", form=form, is_new=True)


@bp.post("/admin/institutions")
@require_operator
def add_institution() -> ResponseReturnValue:
    form = InstitutionForm.read(request.form)
    with database().begin() as db:
        if not form.errors and form.slug in dict(inviting.list_institutions(db)):
            form = form.with_error("slug", _("There is an institution with this short name already."))
        if form.errors:
            return render_template("admin/institution.html", form=form, is_new=True), 422
        registering.add_institution(db, slug=form.slug, name=form.name, locale=form.locale)
    return redirect(url_for(".home", said="institution_saved"), 303)


@bp.get("/admin/institutions/<slug>")
@require_operator
def institution(slug: str) -> ResponseReturnValue:
    with database().read() as db:
        found = _find_institution(db, slug)
    form = InstitutionForm(found.slug, found.name, found.locale, {})
    return render_template("admin/institution.html", form=form, is_new=False)


@bp.post("/admin/institutions/<slug>")
@require_operator
def change_institution(slug: str) -> ResponseReturnValue:
    form = InstitutionForm.read(request.form, slug=slug)
    with database().begin() as db:
        _find_institution(db, slug)
        if form.errors:
            return render_template("admin/institution.html", form=form, is_new=False), 422
        registering.add_institution(db, slug=slug, name=form.name, locale=form.locale)
    return redirect(url_for(".home", said="institution_saved"), 303)


@bp.get("/admin/invitations")
@require_operator
def invitations() -> ResponseReturnValue:
    with database().read() as db:
        rows = inviting.list_invitations(db, clock.now())
        institutions = inviting.list_institutions(db)
    return render_template("admin/invitations.html", invitations=rows, institutions=institutions)


@bp.post("/admin/invitations")
@require_operator
def invite() -> ResponseReturnValue:
    """Show the address once: it is kept nowhere, so the page cannot be found again."""
    now = clock.now()
    slug = request.form.get("institution", "")
    with database().begin() as db:
        try:
            token = inviting.invite(db, institution=slug, now=now)
        except NoInstitutionError:
            abort(404)
        name = dict(inviting.list_institutions(db)).get(slug, "")
    page = render_template(
        "admin/invited.html",
        address=inviting.registration_url(settings().base_url, token),
        invited=name,
        expires_at=now + inviting.INVITATION_LENGTH,
    )
    return page, 201


@bp.post("/admin/invitations/<int(max=2147483647):invitation_id>/withdraw")
@require_operator
def withdraw(invitation_id: int) -> ResponseReturnValue:
    with database().begin() as db:
        inviting.withdraw_invitation(db, invitation_id)
    return redirect(url_for(".invitations", said="invitation_withdrawn"), 303)


@bp.get("/admin/keys")
@require_operator
def keys() -> ResponseReturnValue:
    with database().read() as db:
        rows = key_rotation.list_keys(db, clock.now())
    return render_template("admin/keys.html", keys=rows)


@bp.post("/admin/keys/rotate")
@require_operator
def rotate_keys() -> ResponseReturnValue:
    now = clock.now()
    with database().begin() as db:
        key_rotation.rotate(db, vault(), now, signs_from=now + key_rotation.TIME_TO_FETCH)
    return redirect(url_for(".keys", said="key_rotated"), 303)


def _find_institution(db: Session, slug: str) -> InstitutionRow:
    try:
        return registering.find_institution(db, slug)
    except NoInstitutionError:
        abort(404)
