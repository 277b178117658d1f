"""What plugging in by one address and by hand share: the invitation, its end, and what goes wrong."""

import logging
from collections.abc import Collection, Mapping

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.abilities import EXTRAS, Ability
from lti_tool.lti.platform_offer import CannotRegisterError, RegistrationFlaw
from lti_tool.services.platforms.inviting import (
    InvitationError,
    InvitationFlaw,
    Invited,
    accept_invitation,
    find_invitation,
    list_institutions,
)
from lti_tool.services.platforms.registering import NewRegistration, RegistrationTakenError
from lti_tool.web.errors import Words
from lti_tool.web.sealing import NotSealedError, seal
from lti_tool.web.setup import words as words
from lti_tool.web.state import database

log = logging.getLogger(__name__)

# What Klimop itself will not do, whatever the platform answers.
OUR_SIDE = {RegistrationFlaw.FORBIDDEN, RegistrationFlaw.FOREIGN}


def setup_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint whose pages are about an invitation, which is a secret, and say what goes wrong."""
    bp = Blueprint(name, import_name, url_prefix="/lti")
    bp.after_request(_keep_private)
    bp.register_error_handler(InvitationError, _no_invitation)
    bp.register_error_handler(CannotRegisterError, _cannot_register)
    bp.register_error_handler(RegistrationTakenError, lambda _error: _page(words.TAKEN, 409))
    bp.register_error_handler(NotSealedError, lambda _error: _page(words.NOT_SEALED, 400))
    return bp


def find_invited(invitation: str) -> Invited:
    """Return whom an invitation is for; raise `InvitationError` where it opens nothing."""
    with database().read() as db:
        return find_invitation(db, invitation, clock.now())


def institutions() -> tuple[tuple[str, str], ...]:
    """Return the slug and name of each institution."""
    with database().read() as db:
        return list_institutions(db)


def institution_of(invited: Invited, form: Mapping[str, str]) -> str:
    """Return the slug that the invitation names, or else the one chosen in the form; empty if none is."""
    chosen = form.get("institution", "")
    return invited.institution or next((slug for slug, _name in institutions() if slug == chosen), "")


def accept(
    invitation: str,
    new: NewRegistration,
    *,
    agreed: Collection[Ability],
    offered: Collection[Ability],
    is_vouched: bool,
) -> ResponseReturnValue:
    """Keep a registration, use its invitation up, and go to the page that shows what was agreed.

    A registration is vouched for where the platform itself told its endpoints.
    """
    with database().begin() as db:
        accept_invitation(db, invitation, new, clock.now(), is_vouched=is_vouched)
    result = {
        "issuer": new.issuer,
        "client_id": new.client_id,
        "deployment_id": new.deployment_id,
        "family": new.family,
        "agreed": sorted(agreed),
        "offered": sorted(offered),
    }
    return redirect(url_for("registration.registered", result=seal("registered", result)), 303)


def ability_rows(offered: Collection[str], given: Collection[str]) -> list[tuple[Words, str, bool]]:
    """Return what each ability is for, what is lost without it, and whether it is given.

    An extra that a platform does not offer is missed by nobody.
    """
    shown = [ability for ability in Ability if ability not in EXTRAS or ability in offered]
    return [(words.ability_words(each), words.lack_words(each), each in given) for each in shown]


def _keep_private(response: Response) -> Response:
    if not response.cache_control.public:
        response.cache_control.no_store = True
    return response


def _no_invitation(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, InvitationError):
        raise error
    return _page(words.INVITATION_WORDS[error.flaw], 404 if error.flaw is InvitationFlaw.UNKNOWN else 410)


def _cannot_register(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, CannotRegisterError):
        raise error
    log.warning("registration stopped: %s", error.flaw.value)
    return _page(words.flaw_words(error), 400 if error.flaw in OUR_SIDE else 502, detail=error.detail)


def _page(said: Words, status: int, *, detail: str = "") -> ResponseReturnValue:
    page = render_template(
        "setup/error.html", title=said.title, text=said.text, detail=detail, by_hand=status == 502
    )
    return page, status
