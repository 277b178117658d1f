"""Names and Role Provisioning Services 2.0: who is in a course."""

from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qs, urlsplit

from lti_tool.lti.claims import PersonClaims, read_person
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError
from lti_tool.lti.roles import Role, resolve_role

ROSTER_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
ROSTER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
PAGE_SIZE = 100


class MemberStatus(str, Enum):
    """Whether someone takes part (section 2.3)."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    DELETED = "Deleted"


@dataclass(frozen=True)
class Member:
    """Someone in a course; `subject` is the `sub` of that person's launches."""

    subject: str
    person: PersonClaims
    role: Role
    status: MemberStatus


def read_roster(connector: PlatformConnector, roster_url: str) -> tuple[Member, ...]:
    """Return everyone on all pages of the roster, once, ordered by subject."""
    members = {}
    for page in connector.pages(_paged(roster_url), scopes=[ROSTER_SCOPE], accept=ROSTER_TYPE):
        try:
            read = [_member(entry) for entry in JsonObject.parse(page).children("members")]
        except (InvalidValueError, MissingValueError):
            connector.give_up("unreadable roster")
        members.update({member.subject: member for member in read})
    return tuple(members[subject] for subject in sorted(members))


def _paged(roster_url: str) -> str:
    # Moodle pages only when it is asked to, and a whole school in one answer may be too large.
    parts = urlsplit(roster_url)
    if "limit" in parse_qs(parts.query):
        return roster_url
    query = f"{parts.query}&limit={PAGE_SIZE}" if parts.query else f"limit={PAGE_SIZE}"
    return parts._replace(query=query).geturl()


def _member(entry: JsonObject) -> Member:
    try:
        # A member without a status is active.
        status = MemberStatus(entry.text("status") or "Active")
    except ValueError as error:
        raise InvalidValueError("members.status") from error
    return Member(entry.identifier("user_id"), read_person(entry), resolve_role(entry.texts("roles")), status)
