"""What operators fill in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lti_tool.services.launches.discriminating import NewDiscriminator
from lti_tool.services.platforms.registering import SLUG
from lti_tool.storage.models import DiscriminatorKind
from lti_tool.web.i18n import LANGUAGES
from lti_tool.web.translate import _

LONGEST = 200


@dataclass(frozen=True)
class InstitutionForm:
    """An institution as typed, with what is wrong with it by field."""

    slug: str
    name: str
    locale: str
    errors: Mapping[str, str]

    @classmethod
    def read(cls, given: Mapping[str, str], *, slug: str = "") -> "InstitutionForm":
        """Read a form; one that has a slug keeps it, for registrations and links name it."""
        slug, name = slug or _field(given, "slug"), _field(given, "name")
        locale = given.get("locale", "")
        errors = {}
        if not SLUG.fullmatch(slug):
            errors["slug"] = _("Use small letters, digits and hyphens, such as ku-leuven.")
        if not name:
            errors["name"] = _("Give the name of the institution.")
        if locale not in LANGUAGES:
            errors["locale"] = _("Choose a language.")
        return cls(slug, name, locale, errors)

    def with_error(self, field: str, sentence: str) -> "InstitutionForm":
        return replace(self, errors={**self.errors, field: sentence})


@dataclass(frozen=True)
class DiscriminatorForm:
    """What tells an institution in a launch, as typed; `new` is None where something is wrong with it."""

    kind: str
    name: str
    value: str
    institution: str
    errors: Mapping[str, str]
    new: NewDiscriminator | None

    @classmethod
    def empty(cls) -> "DiscriminatorForm":
        return cls(DiscriminatorKind.EMAIL.value, "", "", "", {}, None)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "DiscriminatorForm":
        kind, institution = given.get("kind", ""), given.get("institution", "")
        name, value = _field(given, "name"), _field(given, "value")
        is_custom = kind == DiscriminatorKind.CUSTOM.value
        errors = {}
        if kind not in set(DiscriminatorKind):
            errors["kind"] = _("Choose what tells the institution.")
        if is_custom and not name:
            errors["name"] = _("Give the name of the custom parameter.")
        if not value.rpartition("@")[2]:
            errors["value"] = _("Give what it must be.")
        if errors:
            return cls(kind, name, value, institution, errors, None)
        # A name left over from another choice of kind means nothing.
        new = NewDiscriminator(kind=DiscriminatorKind(kind), name=name if is_custom else "", value=value)
        return cls(kind, name, value, institution, {}, new)


def _field(given: Mapping[str, str], name: str) -> str:
    # PostgreSQL takes no text with a NUL.
    return given.get(name, "").replace("\0", "").strip()[:LONGEST]
