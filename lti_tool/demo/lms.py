"""One learning platform of the campus: its addresses, its key and who is in it."""

from dataclasses import dataclass

from lti_tool.demo.config import ToolUrls
from lti_tool.demo.courses import Course, LineItem, only
from lti_tool.demo.institutions import Institution
from lti_tool.demo.keys import SigningKey
from lti_tool.demo.people import PEOPLE, Person

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM_READ = f"{AGS}lineitem.readonly"
RESULT_READ = f"{AGS}result.readonly"
SCORE_WRITE = f"{AGS}score"
MEMBERSHIP_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GRADE_SCOPES = frozenset({LINE_ITEM_READ, RESULT_READ, SCORE_WRITE})
SCOPES = GRADE_SCOPES | {MEMBERSHIP_READ}


@dataclass(frozen=True)
class Lms:
    """A platform as the tool's registration needs it, and as its own pages do.

    Course, link and deployment ids are the same on all six platforms, as they easily are between real ones.
    """

    institution: Institution
    campus_url: str
    tool: ToolUrls
    key: SigningKey
    deployment_id: str = "1"

    @property
    def slug(self) -> str:
        return self.institution.slug

    @property
    def client_id(self) -> str:
        return self.institution.client_id

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
    def jwks_url(self) -> str:
        return f"{self.issuer}/lti/jwks"

    def course_url(self, course: Course) -> str:
        return f"{self.issuer}/courses/{course.id}"

    def memberships_url(self, course: Course) -> str:
        return f"{self.issuer}/services/{course.id}/memberships"

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

    def members(self, course: Course) -> tuple[Person, ...]:
        """Return who is enrolled in a course."""
        return tuple(person for person in self.people if course.has(person))

    def learners(self, course: Course) -> tuple[Person, ...]:
        """Return who studies in a course, and so can have a mark."""
        return tuple(person for person in self.members(course) if person.kind.studies)
