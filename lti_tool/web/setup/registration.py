"""An LMS opens our address for its administrator, and the two register (LTI Dynamic Registration 1.0)."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.lti.families import FAMILIES, family
from lti_tool.services.platforms.introducing import (
    Introduction,
    agreed_registration,
    meet_platform,
    register_tool,
)
from lti_tool.services.platforms.inviting import Invited, registration_url
from lti_tool.web.sealing import seal, unseal
from lti_tool.web.setup import words as words
from lti_tool.web.setup.steps import (
    ability_rows,
    accept,
    find_invited,
    institution_of,
    institutions,
    setup_blueprint,
)
from lti_tool.web.state import settings

bp = setup_blueprint("registration", __name__)


@dataclass(frozen=True)
class Asked:
    """A registration that its administrator has yet to confirm."""

    invitation: str
    introduction: Introduction

    def seal(self) -> str:
        return seal("registration", {"invitation": self.invitation, **vars(self.introduction)})

    @classmethod
    def unseal(cls, sealed: str) -> "Asked":
        values: dict[str, Any] = unseal("registration", sealed)
        return cls(values.pop("invitation"), Introduction(**values))


@bp.get("/register")
def show() -> ResponseReturnValue:
    invitation = request.args.get("invite", "")
    invited = find_invited(invitation)
    url = request.args.get("openid_configuration", "")
    if not url:
        address = registration_url(settings().base_url, invitation)
        return render_template(
            "setup/address.html", address=address, invited=invited, invitation=invitation, families=FAMILIES
        )
    token = request.args.get("registration_token", "")
    introduction = meet_platform(url, token=token, trusted_hosts=settings().trusted_hosts)
    return _confirmation(Asked(invitation, introduction), invited, is_incomplete=False)


@bp.post("/register")
def register() -> ResponseReturnValue:
    asked = Asked.unseal(request.form.get("sealed", ""))
    invited = find_invited(asked.invitation)
    institution = institution_of(invited, request.form)
    if not institution:
        return _confirmation(asked, invited, is_incomplete=True), 422
    agreed = register_tool(
        asked.introduction, words.tool_description(), trusted_hosts=settings().trusted_hosts
    )
    offer = asked.introduction.offer
    new = agreed_registration(institution, offer, agreed)
    return accept(asked.invitation, new, agreed=agreed.abilities, offered=offer.abilities, is_vouched=True)


@bp.get("/registered")
def registered() -> ResponseReturnValue:
    result: dict[str, Any] = unseal("registered", request.args.get("result", ""))
    return render_template(
        "setup/registered.html",
        result=result,
        family=family(result["family"]),
        # By hand nothing is agreed: what an LMS gives shows at the first launch.
        rows=ability_rows(result["offered"], result["agreed"]) if result["offered"] else [],
        next_step=words.next_step(result["family"]),
        approves=settings().approve_deployments,
    )


def _confirmation(asked: Asked, invited: Invited, *, is_incomplete: bool) -> str:
    offer = asked.introduction.offer
    return render_template(
        "setup/register.html",
        offer=offer,
        invited=invited,
        institutions=institutions(),
        is_incomplete=is_incomplete,
        rows=ability_rows(offer.abilities, offer.abilities),
        sealed=asked.seal(),
    )
