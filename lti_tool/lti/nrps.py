"""Names and Role Provisioning Services 2.0: who is in a course."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from lti_tool.lti.claims import CUSTOM, MESSAGE_TYPE, MessageType, PersonClaims, read_person
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.groups import read_id
from lti_tool.lti.http import with_query
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError
from lti_tool.lti.roles import Role, resolve_role

ROSTER_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
ROSTER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
PAGE_SIZE = "100"


class MemberStatus(str, Enum):
    """Whether someone takes part (section 2.3)."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    DELETED = "Deleted"


@dataclass(frozen=True)
class Member:
    """Someone in a course; `subject` is the `sub` of that person's launches.

    `groups` are the ids of her groups (Course Groups Service 1.0), and `custom` what her launch of the link
    would carry (resource link membership); both are empty unless they were asked for.
    """

    subject: str
    person: PersonClaims
    role: Role
    status: MemberStatus
    groups: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """The members of a course, each once, ordered by subject.

    `differences_url` asks for what changed since (`rel=differences`), empty where the platform offers none.
    """

    members: tuple[Member, ...]
    differences_url: str = ""


def read_roster(
    connector: PlatformConnector, roster_url: str, *, resource_link_id: str = "", with_groups: bool = False
) -> Roster:
    """Return everyone in the course, or who may launch the link of `resource_link_id`."""
    # Moodle pages only when it is asked to, and a whole school in one answer may be too large.
    parameters = {"limit": PAGE_SIZE, "rlid": resource_link_id, "groups": "true" if with_groups else ""}
    return _read(connector, with_query(roster_url, parameters))


def read_differences(connector: PlatformConnector, differences_url: str) -> Roster:
    """Return who changed since the roster with this `differences_url` was read; who left is DELETED.

    Where the platform has forgotten what it was about it refuses, and the whole roster is to be read again.
    """
    return _read(connector, differences_url)


def _read(connector: PlatformConnector, url: str) -> Roster:
    members: dict[str, Member] = {}
    differences_url = ""
    for page in connector.answers(url, scopes=[ROSTER_SCOPE], accept=ROSTER_TYPE):
        differences_url = page.links.get("differences", differences_url)
        try:
            read = [_member(entry) for entry in JsonObject.parse(page.body).children("members")]
        except (InvalidValueError, MissingValueError):
            connector.give_up("unreadable roster")
        members.update((member.subject, member) for member in read)
    return Roster(tuple(members[subject] for subject in sorted(members)), differences_url)


def _member(entry: JsonObject) -> Member:
    try:
        # A member without a status is active.
        status = MemberStatus(entry.text("status") or "Active")
    except ValueError as error:
        raise InvalidValueError("members.status") from error
    return Member(
        entry.identifier("user_id"),
        read_person(entry),
        resolve_role(entry.texts("roles")),
        status,
        tuple(sorted({read_id(group, "group_id") for group in entry.children("group_enrollments")})),
        _custom(entry),
    )


def _custom(entry: JsonObject) -> Mapping[str, str]:
    """Return the custom parameters of the launches that the member's messages stand for."""
    custom: dict[str, str] = {}
    for message in entry.children("message"):
        if message.text(MESSAGE_TYPE) in ("", MessageType.RESOURCE_LINK.value):
            custom |= message.child(CUSTOM).as_texts()
    return custom
