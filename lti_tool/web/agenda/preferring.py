"""When someone can come at all, and where to warn her."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.lti.roles import Role
from lti_tool.services.agendas import preferences
from lti_tool.web import show
from lti_tool.web.access import require, visit_blueprint, visitor
from lti_tool.web.agenda.preferences_form import PreferencesForm
from lti_tool.web.state import database, settings, vault

bp = visit_blueprint("preferring", __name__)


@bp.get("/agenda/preferences")
@require(Role.LEARNER, Role.TEACHER)
def show_form() -> ResponseReturnValue:
    who = visitor().person_id
    with database().read() as db:
        found = preferences.find_preferences(db, who)
        mail = preferences.find_mail_address(db, vault(), who)
    return _page(PreferencesForm.starting_from(found, mail)), 200


@bp.post("/agenda/preferences")
@require(Role.LEARNER, Role.TEACHER)
def save() -> ResponseReturnValue:
    form, who = PreferencesForm.read(request.form), visitor().person_id
    if form.preferences is None:
        return _page(form), 422
    with database().begin() as db:
        preferences.keep_preferences(db, who, form.preferences)
        if settings().can_mail:
            preferences.keep_mail_address(db, vault(), who, form.fields["mail"])
    return redirect(url_for("agenda.overview", said="preferences_saved"), 303)


def _page(form: PreferencesForm) -> str:
    return render_template(
        "agenda/preferences.html", filled=form, weekdays=show.weekdays(), can_mail=settings().can_mail
    )
