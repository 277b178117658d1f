"""Plugging an LMS in by hand: what to paste where, and the form for what the LMS gives in return."""

from datetime import timedelta
from pathlib import PurePosixPath

from flask import abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.lti.families import FAMILIES, Family
from lti_tool.lti.families.canvas import canvas_configuration
from lti_tool.services.platforms.introducing import NoKeysError, require_keys
from lti_tool.services.platforms.inviting import Invited, registration_url
from lti_tool.web.setup.form import SetupForm
from lti_tool.web.setup.steps import accept, find_invited, institution_of, institutions, setup_blueprint
from lti_tool.web.setup.words import tool_description
from lti_tool.web.state import settings
from lti_tool.web.theme import asset

bp = setup_blueprint("setup", __name__)

GUIDES = {family.code: family for family in FAMILIES}
ICON_AGE = int(timedelta(days=1).total_seconds())


@bp.get("/setup")
def choose() -> ResponseReturnValue:
    return render_template("setup/choose.html", families=FAMILIES, invitation=request.args.get("invite"))


@bp.get("/setup/<code>")
def guide(code: str) -> ResponseReturnValue:
    form = SetupForm.empty(_family(code))
    invitation = request.args.get("invite", "")
    return _guide(form, invitation, find_invited(invitation) if invitation else None)


@bp.post("/setup/<code>")
def register(code: str) -> ResponseReturnValue:
    invitation = request.form.get("invite", "")
    invited = find_invited(invitation)
    hosts = settings().trusted_hosts
    institution = institution_of(invited, request.form)
    form = SetupForm.read(_family(code), request.form, institution=institution, trusted_hosts=hosts)
    if form.value is None:
        return _guide(form, invitation, invited), 422
    try:
        require_keys(form.value.jwks_url, trusted_hosts=hosts)
    except NoKeysError:
        return _guide(form.without_keys(), invitation, invited), 422
    return accept(invitation, form.value, agreed=(), offered=(), is_vouched=False)


@bp.get("/setup/canvas.json")
def canvas_json() -> ResponseReturnValue:
    return jsonify(canvas_configuration(tool_description()))


@bp.get("/icon.png")
def icon() -> ResponseReturnValue:
    """Serve the tool's icon under an address that stays; LMSs keep it for years."""
    response = current_app.send_static_file(PurePosixPath(asset("icon.png")).name)
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = ICON_AGE
    return response


def _guide(form: SetupForm, invitation: str, invited: Invited | None) -> str:
    return render_template(
        f"setup/{form.family.code}.html",
        family=form.family,
        tool=tool_description(),
        form_=form,
        invited=invited,
        invitation=invitation,
        address=registration_url(settings().base_url, invitation) if invited else "",
        institutions=institutions() if invited else (),
    )


def _family(code: str) -> Family:
    return GUIDES.get(code) or abort(404)
