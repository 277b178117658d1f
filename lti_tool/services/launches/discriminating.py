"""Which institution a launch is of, where several share one registration of an LMS."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.services.platforms.registering import NoRegistrationError, find_institution_id
from lti_tool.storage.models import Discriminator, DiscriminatorKind, Institution, Registration
from lti_tool.storage.rows import change, find_or_add

# Teachers may set a link's custom parameters, and name their courses; an address comes from the institution.
RANK = (DiscriminatorKind.EMAIL, DiscriminatorKind.CUSTOM, DiscriminatorKind.COURSE)


@dataclass(frozen=True, kw_only=True)
class NewDiscriminator:
    """What in a launch tells an institution; letters count alike in both cases.

    `value` is a custom parameter's whole value (`name` is that parameter's), an e-mail domain with all that
    is under it, or what the course's label begins with.
    """

    kind: DiscriminatorKind
    value: str
    name: str = ""

    def __post_init__(self) -> None:
        if not self.folded:
            raise ValueError("value is empty")
        if bool(self.name.strip()) != (self.kind is DiscriminatorKind.CUSTOM):
            raise ValueError("a name is what a custom parameter has")

    @property
    def folded(self) -> str:
        """The value as it is compared."""
        value = self.value.strip().casefold()
        return value.rpartition("@")[2] if self.kind is DiscriminatorKind.EMAIL else value


@dataclass(frozen=True)
class DiscriminatorRow:
    """A discriminator and the institution that it stands for."""

    id: int
    kind: DiscriminatorKind
    name: str
    value: str
    institution: str
    institution_name: str


def add_discriminator(db: Session, registration_id: int, new: NewDiscriminator, *, institution: str) -> int:
    """Let a discriminator stand for an institution, also where it stood for another; return its id.

    Raises `NoRegistrationError` and `NoInstitutionError`.
    """
    if db.get(Registration, registration_id) is None:
        raise NoRegistrationError
    institution_id = find_institution_id(db, institution)
    keys = {
        "registration_id": registration_id,
        "kind": new.kind,
        "name": new.name.strip(),
        "value": new.folded,
    }
    row = find_or_add(db, Discriminator, keys=keys, institution_id=institution_id)
    change(row, institution_id=institution_id)
    return row.id


def remove_discriminator(db: Session, registration_id: int, discriminator_id: int) -> None:
    """Forget a discriminator of a registration; it may be gone already."""
    db.execute(
        delete(Discriminator).where(
            Discriminator.id == discriminator_id, Discriminator.registration_id == registration_id
        )
    )


def list_discriminators(db: Session, registration_id: int) -> list[DiscriminatorRow]:
    """Return a registration's discriminators in the order in which they count."""
    rows = db.execute(
        select(Discriminator, Institution.slug, Institution.name.label("institution_name"))
        .join(Institution, Discriminator.institution_id == Institution.id)
        .where(Discriminator.registration_id == registration_id)
    )
    found = [
        DiscriminatorRow(
            row.Discriminator.id,
            row.Discriminator.kind,
            row.Discriminator.name,
            row.Discriminator.value,
            row.slug,
            row.institution_name,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (RANK.index(row.kind), row.name, row.value))


def find_institution(
    db: Session,
    registration_id: int,
    *,
    custom: Mapping[str, str],
    email_domain: str,
    course_label: str,
    otherwise: int,
) -> int:
    """Return the id of the institution that the discriminators tell, `otherwise` where none does.

    An e-mail domain outranks a custom parameter, which outranks a course's label; of two that fit alike, the
    longer one is more exact.
    """
    rows = db.scalars(select(Discriminator).where(Discriminator.registration_id == registration_id))
    fitting = [row for row in rows if _fits(row, custom, email_domain.casefold(), course_label.casefold())]
    if not fitting:
        return otherwise
    best = min(fitting, key=lambda row: (RANK.index(row.kind), -len(row.value), row.name, row.value))
    return best.institution_id


def _fits(row: Discriminator, custom: Mapping[str, str], email_domain: str, course_label: str) -> bool:
    if row.kind is DiscriminatorKind.CUSTOM:
        return custom.get(row.name, "").strip().casefold() == row.value
    if row.kind is DiscriminatorKind.EMAIL:
        # Students have addresses under their institution's domain: student.kuleuven.be
        return f".{email_domain}".endswith(f".{row.value}")
    return course_label.startswith(row.value)
