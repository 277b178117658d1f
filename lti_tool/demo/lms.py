"""One learning platform of the campus, as one registration of the tool meets it."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from lti_tool.demo.config import ToolUrls
from lti_tool.demo.courses import Course, LineItem, only
from lti_tool.demo.institutions import Institution, Offer
from lti_tool.demo.keys import SigningKey
from lti_tool.demo.people import PEOPLE, Person

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM = f"{AGS}lineitem"
LINE_ITEM_READ = f"{AGS}lineitem.readonly"
RESULT_READ = f"{AGS}result.readonly"
SCORE_WRITE = f"{AGS}score"
MEMBERSHIP_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUP_READ = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
NOTICE_HANDLERS = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
GRADE_SCOPES = frozenset({LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE_WRITE})
SCOPES_OFFERED = {
    Offer.ROSTER: MEMBERSHIP_READ,
    Offer.GROUPS: GROUP_READ,
    Offer.NOTICES: NOTICE_HANDLERS,
}
NAMES = frozenset({"name", "given_name", "family_name", "email"})


def scopes_of(institution: Institution) -> frozenset[str]:
    """Return the scopes of everything that a platform offers."""
    return GRADE_SCOPES | {scope for offer, scope in SCOPES_OFFERED.items() if offer in institution.offers}


@dataclass(frozen=True)
class Registration:
    """A tool that registered itself: its addresses, what it may use, and what it is told of people.

    `custom` are parameters that go with every launch.
    """

    client_id: str
    deployment_id: str
    tool: ToolUrls
    scopes: frozenset[str]
    shares: frozenset[str]
    custom: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Lms:
    """A platform as the tool's registration needs it, and as its own pages do.

    Course, link and deployment ids are the same on all six platforms, as they easily are between real ones.
    """

    institution: Institution
    campus_url: str
    tool: ToolUrls
    key: SigningKey
    client_id: str
    scopes: frozenset[str]
    deployment_id: str = "1"
    shares: frozenset[str] = NAMES
    custom: tuple[tuple[str, str], ...] = ()

    def to(self, registration: Registration) -> "Lms":
        """Return the platform as a tool meets it that registered itself."""
        return replace(
            self,
            tool=registration.tool,
            client_id=registration.client_id,
            scopes=registration.scopes,
            deployment_id=registration.deployment_id,
            shares=registration.shares,
            custom=registration.custom,
        )

    @property
    def slug(self) -> str:
        return self.institution.slug

    @property
    def issuer(self) -> str:
        return f"{self.campus_url}/{self.slug}"

    @property
    def auth_login_url(self) -> str:
        return f"{self.issuer}/lti/auth"

    @property
    def token_url(self) -> str:
        return f"{self.issuer}/lti/token"

    @property
    def token_audience(self) -> str:
        return self.institution.token_audience or self.token_url

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/lti/jwks"

    @property
    def configuration_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    @property
    def registration_url(self) -> str:
        return f"{self.issuer}/lti/register"

    def offers(self, offer: Offer) -> bool:
        """Return whether the platform, and this registration, have a service."""
        scope = SCOPES_OFFERED.get(offer)
        return offer in self.institution.offers and (scope is None or scope in self.scopes)

    def course_url(self, course: Course) -> str:
        return f"{self.issuer}/courses/{course.id}"

    # The return addresses have a query already, and one with an ampersand.
    def return_url(self, course: Course, link_id: str) -> str:
        return f"{self.course_url(course)}/return?from={quote(link_id)}&view=course"

    def deep_link_return_url(self, course: Course) -> str:
        return f"{self.issuer}/deep-linking/return?course={course.id}&section=content"

    def memberships_url(self, course: Course) -> str:
        return f"{self.issuer}/services/{course.id}/memberships"

    def groups_url(self, course: Course) -> str:
        return f"{self.issuer}/services/{course.id}/groups"

    @property
    def notices_url(self) -> str:
        return f"{self.issuer}/services/notice-handlers/{self.deployment_id}"

    # Addresses of line items carry a query, as Moodle's do: a tool must add `/scores` before it.
    def line_items_url(self, course: Course) -> str:
        return f"{self.issuer}/services/{course.id}/lineitems?type_id={self.deployment_id}"

    def line_item_url(self, course: Course, item: LineItem) -> str:
        return f"{self.issuer}/services/{course.id}/lineitems/{item.id}/lineitem?type_id={self.deployment_id}"

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(person for person in PEOPLE if person.institution == self.institution)

    def person(self, sub: str) -> Person:
        """Return the account with this `sub`; raise `LookupError` where there is none."""
        return only((person for person in self.people if person.sub == sub), sub)
