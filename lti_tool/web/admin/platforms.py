"""For operators: one LMS, how it is doing, whose it is, and a test of its endpoints."""

from collections.abc import Callable, Sequence

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.services.launches import discriminating
from lti_tool.services.platforms import inviting, overseeing, probing, registering
from lti_tool.services.platforms.probing import Finding
from lti_tool.services.platforms.registering import (
    NoDeploymentError,
    NoInstitutionError,
    NoRegistrationError,
    RegistrationUsedError,
)
from lti_tool.storage.platforms import StoredToolKeys
from lti_tool.web.access import require_operator, visit_blueprint
from lti_tool.web.admin import words as admin_words
from lti_tool.web.admin.forms import DiscriminatorForm
from lti_tool.web.state import database, state

bp = visit_blueprint("platforms", __name__)

PLATFORM = "/admin/platforms/<int(max=2147483647):platform_id>"
DEPLOYMENT = f"{PLATFORM}/deployments/<int(max=2147483647):deployment>"


@bp.get(PLATFORM)
@require_operator
def show(platform_id: int) -> ResponseReturnValue:
    return _page(platform_id, DiscriminatorForm.empty())


@bp.post(f"{PLATFORM}/test")
@require_operator
def test(platform_id: int) -> ResponseReturnValue:
    """Show what came of a test; it changes nothing, so the page may be asked for again."""
    try:
        with database().read() as db:
            subject = probing.prepare_probe(db, platform_id)
    except NoRegistrationError:
        abort(404)
    findings = probing.probe(
        subject,
        keys=StoredToolKeys(database(), state().vault),
        session=state().platform_keys.session,
        now=clock.now(),
    )
    return _page(platform_id, DiscriminatorForm.empty(), findings)


@bp.post(f"{PLATFORM}/remove")
@require_operator
def remove(platform_id: int) -> ResponseReturnValue:
    try:
        with database().begin() as db:
            registering.remove_registration(db, platform_id)
    except NoRegistrationError:
        abort(404)
    except RegistrationUsedError:
        return redirect(url_for(".show", platform_id=platform_id, said="platform_used"), 303)
    return redirect(url_for("admin.home", said="platform_removed"), 303)


@bp.post(f"{DEPLOYMENT}/approve")
@require_operator
def approve(platform_id: int, deployment: int) -> ResponseReturnValue:
    def change(db: Session) -> None:
        registering.approve_deployment(db, deployment, clock.now())

    return _change_deployment(platform_id, change, said="deployment_approved")


@bp.post(f"{DEPLOYMENT}/refuse")
@require_operator
def refuse(platform_id: int, deployment: int) -> ResponseReturnValue:
    def change(db: Session) -> None:
        registering.refuse_deployment(db, deployment)

    return _change_deployment(platform_id, change, said="deployment_refused")


@bp.post(f"{DEPLOYMENT}/institution")
@require_operator
def give(platform_id: int, deployment: int) -> ResponseReturnValue:
    slug = request.form.get(f"institution-{deployment}", "")

    def change(db: Session) -> None:
        registering.give_deployment(db, deployment, institution=slug)

    return _change_deployment(platform_id, change, said="deployment_given")


@bp.post(f"{PLATFORM}/discriminators")
@require_operator
def add_discriminator(platform_id: int) -> ResponseReturnValue:
    form = DiscriminatorForm.read(request.form)
    if form.new is None:
        return _page(platform_id, form), 422
    try:
        with database().begin() as db:
            discriminating.add_discriminator(db, platform_id, form.new, institution=form.institution)
    except (NoRegistrationError, NoInstitutionError):
        abort(404)
    return redirect(url_for(".show", platform_id=platform_id, said="discriminator_added"), 303)


@bp.post(f"{PLATFORM}/discriminators/<int(max=2147483647):discriminator_id>/remove")
@require_operator
def remove_discriminator(platform_id: int, discriminator_id: int) -> ResponseReturnValue:
    with database().begin() as db:
        discriminating.remove_discriminator(db, platform_id, discriminator_id)
    return redirect(url_for(".show", platform_id=platform_id, said="discriminator_removed"), 303)


def _page(platform_id: int, form: DiscriminatorForm, findings: Sequence[Finding] = ()) -> str:
    now = clock.now()
    with database().read() as db:
        try:
            platform = overseeing.find_platform(db, platform_id, now)
        except NoRegistrationError:
            abort(404)
        discriminators = discriminating.list_discriminators(db, platform_id)
        institutions = inviting.list_institutions(db)
    return render_template(
        "admin/platform.html",
        platform=platform,
        discriminators=discriminators,
        institutions=institutions,
        form=form,
        findings=findings,
        now=now,
        words=admin_words,
    )


def _change_deployment(
    platform_id: int, change: Callable[[Session], None], *, said: str
) -> ResponseReturnValue:
    try:
        with database().begin() as db:
            change(db)
    except (NoDeploymentError, NoInstitutionError):
        abort(404)
    return redirect(url_for(".show", platform_id=platform_id, said=said), 303)
