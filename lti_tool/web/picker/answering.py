"""The picker's last step: the signed answer on its way to the platform, or the link that is pointed anew."""

from collections.abc import Iterable

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.deep_linking import deep_linking_response
from lti_tool.services.placements import placing, repointing
from lti_tool.services.placements.repointing import Aim
from lti_tool.storage.platforms import StoredToolKeys
from lti_tool.web.access import visitor
from lti_tool.web.picker.picking import asked_for, room, teacher
from lti_tool.web.picker.placed import PlacedLink, link_item
from lti_tool.web.security import allow_form_to
from lti_tool.web.state import database, state
from lti_tool.web.translate import _


def finish(db: Session, links: Iterable[PlacedLink], cohort_id: int | None) -> ResponseReturnValue:
    """Return what ends the picker: the answer to the platform, or the page that the link opens now."""
    if not room().is_repointing:
        return answer(db, links, title=_("Placed"))
    (link,) = links
    piece, programme = link.planned.piece, link.planned.target.programme
    return point(db, Aim(piece, cohort_id, programme if cohort_id is None else None))


def point(db: Session, aim: Aim) -> ResponseReturnValue:
    """Point the visit's link, and its siblings if the form asks for it, and go there."""
    siblings_too = request.form.get("others") == "1"
    repointing.repoint(db, teacher(), aim, siblings_too=siblings_too, now=clock.now())
    endpoint = "teacher.cohort" if aim.cohort_id is not None else "learner.programme"
    return redirect(url_for(endpoint, said="link_pointed"), 303)


def answer(db: Session, links: Iterable[PlacedLink], *, title: str, message: str = "") -> ResponseReturnValue:
    """Return the page that posts the links to the platform (Deep Linking 2.0, section 4.5)."""
    claim, now = asked_for(), clock.now()
    spot = placing.find_spot(db, visitor().context_id)
    signed = deep_linking_response(
        claim,
        [link_item(link, spot) for link in links],
        platform=spot.platform,
        deployment_id=spot.deployment_id,
        key=StoredToolKeys(database(), state().vault).signing_key(now),
        now=now,
        message=message,
    )
    try:
        allow_form_to(claim.return_url)
    except ValueError:
        abort(400)
    return render_template("picker/answer.html", title=title, return_url=claim.return_url, answer=signed)
