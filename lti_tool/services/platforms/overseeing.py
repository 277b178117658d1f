"""Whether every LMS is plugged in and healthy: what an operator sees of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.lti.refusals import RefusalReason
from lti_tool.services.launches.discriminating import list_discriminators
from lti_tool.services.platforms.operating import RefusalRow, list_refusals
from lti_tool.services.platforms.registering import NoRegistrationError
from lti_tool.storage.models import Deployment, Institution, Person, PlatformKeys, Registration

DAY = timedelta(days=1)
# What is drawn, and after how long without a launch an LMS counts as quiet.
DAYS_SHOWN = 14
MOST_SHOWN = 200
MOST_STRANGERS = 50
# What the list of deployments tells itself.
OF_DEPLOYMENTS = frozenset({RefusalReason.UNKNOWN_DEPLOYMENT.value, RefusalReason.DEPLOYMENT_WAITING.value})


class Health(IntEnum):
    """How an LMS is doing, the most urgent first."""

    WAITING = 0  # a deployment waits for approval
    REFUSED = 1  # its last launch was refused, for a reason that lies with the platform or with us
    NEVER = 2  # nobody came in yet
    QUIET = 3  # nobody came in for a while
    GOOD = 4


@dataclass(frozen=True)
class DeploymentRow:
    """A deployment; `launched_at` is exact to the hour, and None before the first launch."""

    id: int
    deployment_id: str
    institution: str
    institution_name: str
    seen_at: datetime
    approved_at: datetime | None
    launched_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A registration with all that tells how it is doing.

    Deployments that wait stand first; `refusals` are those of the last days, the latest first.
    `institutions` are the slugs of all whose people come in through it.
    """

    id: int
    institution: str
    institution_name: str
    institutions: frozenset[str]
    issuer: str
    client_id: str
    auth_login_url: str
    token_url: str
    token_audience: str | None
    jwks_url: str
    family: str
    scopes: tuple[str, ...]
    registered_at: datetime
    keys_fetched_at: datetime | None
    people: int
    deployments: tuple[DeploymentRow, ...]
    refusals: tuple[RefusalRow, ...]

    @property
    def launched_at(self) -> datetime | None:
        return max((row.launched_at for row in self.deployments if row.launched_at), default=None)

    @property
    def waiting(self) -> tuple[DeploymentRow, ...]:
        return tuple(row for row in self.deployments if row.approved_at is None)

    @property
    def trouble(self) -> RefusalRow | None:
        """The last refusal that an operator should look at, None where a launch has come in since."""
        since = self.launched_at
        others = (row for row in self.refusals if row.reason not in OF_DEPLOYMENTS)
        return next((row for row in others if since is None or row.refused_at > since), None)

    def health(self, now: datetime) -> Health:
        if self.waiting:
            return Health.WAITING
        if self.trouble:
            return Health.REFUSED
        if self.launched_at is None:
            return Health.NEVER
        return Health.QUIET if now - self.launched_at > DAYS_SHOWN * DAY else Health.GOOD

    def refusals_by_day(self, now: datetime) -> tuple[int, ...]:
        """Return how many there were in each of the last days, today last."""
        ages = [(now - row.refused_at) // DAY for row in self.refusals]
        return tuple(ages.count(age) for age in reversed(range(DAYS_SHOWN)))


@dataclass(frozen=True)
class Partner:
    """An institution with the platforms through which its people come in."""

    slug: str
    name: str
    locale: str
    platforms: tuple[Platform, ...]


@dataclass(frozen=True)
class Overview:
    """All institutions by name, and the refusals of platforms that nobody registered, the latest first."""

    partners: tuple[Partner, ...]
    strangers: tuple[RefusalRow, ...]

    def urgent(self, now: datetime) -> tuple[Platform, ...]:
        """Return the platforms that someone must do something about, the most urgent first."""
        platforms = {one.id: one for partner in self.partners for one in partner.platforms}
        in_need = [one for one in platforms.values() if one.health(now) in (Health.WAITING, Health.REFUSED)]
        return tuple(sorted(in_need, key=lambda one: (one.health(now), one.institution_name, one.id)))


def oversee(db: Session, now: datetime) -> Overview:
    """Return how every institution's platforms are doing."""
    query = select(Registration).order_by(Registration.issuer, Registration.id)
    platforms = [_platform(db, row, now) for row in db.scalars(query)]
    institutions = db.scalars(select(Institution).order_by(Institution.name, Institution.slug))
    partners = tuple(
        Partner(
            row.slug, row.name, row.locale, tuple(one for one in platforms if row.slug in one.institutions)
        )
        for row in institutions
    )
    strangers = list_refusals(db, registration_id=None, since=now - DAYS_SHOWN * DAY, most=MOST_STRANGERS)
    return Overview(partners, tuple(strangers))


def find_platform(db: Session, registration_id: int, now: datetime) -> Platform:
    """Return how one platform is doing, or raise `NoRegistrationError`."""
    row = db.get(Registration, registration_id)
    if row is None:
        raise NoRegistrationError
    return _platform(db, row, now)


# A handful of statements for each of a dozen registrations, on a page that few people open.
def _platform(db: Session, row: Registration, now: datetime) -> Platform:
    owner = db.get_one(Institution, row.institution_id)
    keys = db.get(PlatformKeys, row.jwks_url)
    people = select(func.count()).select_from(Person).where(Person.registration_id == row.id)
    deployments = _deployments(db, row.id)
    discriminated = (one.institution for one in list_discriminators(db, row.id))
    refusals = list_refusals(db, registration_id=row.id, since=now - DAYS_SHOWN * DAY, most=MOST_SHOWN)
    return Platform(
        id=row.id,
        institution=owner.slug,
        institution_name=owner.name,
        institutions=frozenset({owner.slug, *(one.institution for one in deployments), *discriminated}),
        issuer=row.issuer,
        client_id=row.client_id,
        auth_login_url=row.auth_login_url,
        token_url=row.token_url,
        token_audience=row.token_audience,
        jwks_url=row.jwks_url,
        family=row.family,
        scopes=tuple(row.scopes),
        registered_at=row.registered_at,
        keys_fetched_at=keys.fetched_at if keys else None,
        people=db.scalar(people) or 0,
        deployments=deployments,
        refusals=tuple(refusals),
    )


def _deployments(db: Session, registration_id: int) -> tuple[DeploymentRow, ...]:
    rows = db.execute(
        select(Deployment, Institution)
        .join(Institution, Deployment.institution_id == Institution.id)
        .where(Deployment.registration_id == registration_id)
        .order_by(Deployment.approved_at.is_not(None), Deployment.deployment_id)
    )
    return tuple(
        DeploymentRow(
            id=deployment.id,
            deployment_id=deployment.deployment_id,
            institution=institution.slug,
            institution_name=institution.name,
            seen_at=deployment.seen_at,
            approved_at=deployment.approved_at,
            launched_at=deployment.launched_at,
        )
        for deployment, institution in rows
    )
