"""The form that an LMS administrator fills in by hand, after the LMS's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.lti.families import Endpoints, Family
from lti_tool.lti.json_object import ID_LIMIT, is_storable
from lti_tool.lti.platform_offer import CannotRegisterError
from lti_tool.services.platforms.introducing import require_safe
from lti_tool.services.platforms.registering import NewRegistration
from lti_tool.web.translate import _

ENDPOINTS = ("auth_login_url", "token_url", "jwks_url")


@dataclass(frozen=True)
class SetupForm:
    """`fields` as typed, `errors` by field name, and the value when there are none.

    What the family knows is not asked: an issuer that all share, endpoints that follow from it.
    """

    family: Family
    fields: Mapping[str, str]
    errors: Mapping[str, str]
    value: NewRegistration | None

    @classmethod
    def empty(cls, family: Family) -> "SetupForm":
        return cls(family, dict.fromkeys(asked_fields(family), ""), {}, None)

    @classmethod
    def read(
        cls,
        family: Family,
        given: Mapping[str, str],
        *,
        institution: str,
        trusted_hosts: frozenset[str],
    ) -> "SetupForm":
        """Return what was filled in for an institution; an empty one was still to be chosen."""
        fields = {name: given.get(name, "").strip() for name in asked_fields(family)}
        errors = _errors(fields, trusted_hosts)
        if not institution:
            errors["institution"] = _("Choose an institution.")
        if errors:
            return cls(family, fields, errors, None)
        return cls(family, fields, {}, _registration(family, fields, institution))

    def without_keys(self) -> "SetupForm":
        """Return this form, whose key set turned out not to be there."""
        name = "jwks_url" if "jwks_url" in self.fields else next(iter(self.fields))
        sentence = _(
            "Klimop finds no public keys of your LMS with this. Check it for typing errors, and that your "
            "LMS can be reached from outside your network."
        )
        return SetupForm(self.family, self.fields, {name: sentence}, None)


def asked_fields(family: Family) -> tuple[str, ...]:
    """Return the fields that a family's form has, in their order."""
    issuer = () if family.issuer else ("issuer",)
    endpoints = () if family.endpoints else ENDPOINTS
    return (*issuer, "client_id", "deployment_id", *endpoints)


def _errors(fields: Mapping[str, str], trusted_hosts: frozenset[str]) -> dict[str, str]:
    errors = {}
    for name, value in fields.items():
        if name in (*ENDPOINTS, "issuer"):
            if not _is_safe(value, trusted_hosts):
                errors[name] = _(
                    "Give the whole address as your LMS shows it; it begins with https:// and works from "
                    "outside your network."
                )
        elif len(value) > ID_LIMIT or not is_storable(value):
            errors[name] = _("Copy this from your LMS; it is no longer than 255 characters.")
        elif name == "client_id" and not value:
            errors[name] = _("Copy the client ID from your LMS.")
    return errors


def _is_safe(url: str, trusted_hosts: frozenset[str]) -> bool:
    try:
        require_safe(url, trusted_hosts)
    except CannotRegisterError:
        return False
    return True


def _registration(family: Family, fields: Mapping[str, str], institution: str) -> NewRegistration:
    client_id = fields["client_id"]
    # Where addresses follow from the issuer it has no slash at its end, however it was typed.
    issuer = family.issuer or fields["issuer"].rstrip("/" if family.endpoints else "")
    endpoints = family.endpoints_of(issuer, client_id) or Endpoints(
        **{name: fields[name] for name in ENDPOINTS}
    )
    return NewRegistration(
        institution=institution,
        issuer=issuer,
        client_id=client_id,
        deployment_id=fields["deployment_id"],
        token_audience=family.token_audience,
        family=family.code,
        **vars(endpoints),
    )
