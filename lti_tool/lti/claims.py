"""From the verified body of an id_token to the one value that the rest of Klimop works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from lti_tool.lti.json_object import JsonObject, MissingValueError, is_storable
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.lti.roles import Role, resolve_role

LTI = "https://purl.imsglobal.org/spec/lti/claim"
DEPLOYMENT_ID = f"{LTI}/deployment_id"
MESSAGE_TYPE = f"{LTI}/message_type"
VERSION = f"{LTI}/version"
ROLES = f"{LTI}/roles"
TARGET_LINK_URI = f"{LTI}/target_link_uri"
CONTEXT = f"{LTI}/context"
RESOURCE_LINK = f"{LTI}/resource_link"
CUSTOM = f"{LTI}/custom"
PRESENTATION = f"{LTI}/launch_presentation"
PLATFORM = f"{LTI}/tool_platform"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
NOTICES = f"{LTI}/platformnotificationservice"
MENTOR_OF = f"{LTI}/role_scope_mentor"


class MessageType(str, Enum):
    """The messages that this tool answers."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"


@dataclass(frozen=True, kw_only=True)
class Launch:
    """One launch, wholly checked. Texts are empty, and parts None, where the platform sent nothing.

    (`registration_id`, `subject`) is the person; `mentor_of` are the subjects that an observer looks after.
    `person`, `subject` and `mentor_of` are personal data.
    """

    registration_id: int
    deployment_id: str
    message_type: MessageType
    target_link_uri: str
    subject: str
    person: "PersonClaims"
    role: Role
    context: "ContextClaim | None"
    resource_link: "ResourceLinkClaim | None"
    deep_linking: "DeepLinkingClaim | None"
    custom: Mapping[str, str]
    grades: "GradesClaim | None"
    roster_url: str
    locale: str
    document_target: str
    return_url: str
    platform_family: str
    groups: "GroupsClaim | None" = None
    notices: "NoticesClaim | None" = None
    mentor_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonClaims:
    """What a platform tells about someone; any of it may be empty."""

    name: str
    given_name: str
    family_name: str
    email: str


@dataclass(frozen=True)
class ContextClaim:
    """The course, or what else a link is in: `types` are the vocabulary's URIs for it, or short names."""

    id: str
    label: str
    title: str
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResourceLinkClaim:
    """The placed link."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class GradesClaim:
    """Where scores go (AGS 2.0, section 3.1): the course's line items, and this link's own if it has one."""

    line_items_url: str
    line_item_url: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class GroupsClaim:
    """Where a course's groups are read (Course Groups Service 1.0), and the sets of groups if it has any."""

    groups_url: str
    sets_url: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class NoticesClaim:
    """Where to ask for notices of which types (Platform Notification Service 1.0)."""

    url: str
    types: tuple[str, ...]
    scopes: frozenset[str]


@dataclass(frozen=True)
class DeepLinkingClaim:
    """What a platform takes from the picker (Deep Linking 2.0, section 4.4.1). `data` goes back unchanged.

    `accept_line_item` is false only where the platform says that it ignores line items; Moodle says nothing,
    and takes them. `accept_targets` is empty where it does not say how it shows a link. `title` and `text`
    are what the link is called now.
    """

    return_url: str
    data: str
    accept_types: tuple[str, ...]
    accept_multiple: bool
    accept_line_item: bool
    accept_targets: tuple[str, ...] = ()
    accept_media_types: tuple[str, ...] = ()
    title: str = ""
    text: str = ""


def read_launch(body: JsonObject, *, registration_id: int) -> Launch:
    """Return what `body` says.

    Raises MissingValueError or InvalidValueError for a claim, LaunchRefusedError for an unknown version
    or message.
    """
    message_type = _message_type(body)
    deep_linking = message_type is MessageType.DEEP_LINKING
    presentation = body.child(PRESENTATION)
    return Launch(
        registration_id=registration_id,
        deployment_id=body.identifier(DEPLOYMENT_ID),
        message_type=message_type,
        target_link_uri=_target_link_uri(body, message_type),
        subject=body.identifier("sub"),
        person=read_person(body),
        role=_role(body),
        context=read_context(body.child(CONTEXT)),
        resource_link=None if deep_linking else _resource_link(body.child(RESOURCE_LINK)),
        deep_linking=_deep_linking(body.child(DEEP_LINKING)) if deep_linking else None,
        custom=MappingProxyType(body.child(CUSTOM).as_texts()),
        grades=_grades(body.child(GRADES)),
        roster_url=body.child(ROSTER).url("context_memberships_url"),
        locale=presentation.text("locale"),
        document_target=presentation.text("document_target"),
        return_url=presentation.url("return_url"),
        platform_family=body.child(PLATFORM).text("product_family_code"),
        groups=_groups(body.child(GROUPS)),
        notices=_notices(body.child(NOTICES)),
        mentor_of=body.texts(MENTOR_OF),
    )


def read_person(person: JsonObject) -> PersonClaims:
    return PersonClaims(
        name=person.text("name"),
        given_name=person.text("given_name"),
        family_name=person.text("family_name"),
        email=person.text("email"),
    )


def read_context(context: JsonObject) -> ContextClaim | None:
    if not context.values:
        return None
    return ContextClaim(
        context.identifier("id"), context.text("label"), context.text("title"), _types(context)
    )


def _message_type(body: JsonObject) -> MessageType:
    version = body.identifier(VERSION)
    if version != "1.3.0":
        raise LaunchRefusedError(RefusalReason.UNSUPPORTED_VERSION, version=version)
    message_type = body.identifier(MESSAGE_TYPE)
    try:
        return MessageType(message_type)
    except ValueError as error:
        raise LaunchRefusedError(RefusalReason.UNSUPPORTED_MESSAGE, message_type=message_type) from error


def _target_link_uri(body: JsonObject, message_type: MessageType) -> str:
    target = body.text(TARGET_LINK_URI)
    # Only a placed link has to say what it opens (LTI 1.3, section 5.3.5); the picker is the same for all.
    if not target and message_type is MessageType.RESOURCE_LINK:
        raise MissingValueError("target_link_uri")
    return target


def _role(body: JsonObject) -> Role:
    if body.values.get(ROLES) is None:
        raise MissingValueError("roles")
    return resolve_role(body.texts(ROLES))


def _types(context: JsonObject) -> tuple[str, ...]:
    # No launch is refused for the word that a platform has for a course.
    named = context.values.get("type")
    return tuple(
        name
        for name in (named if isinstance(named, list) else [named])
        if isinstance(name, str) and is_storable(name)
    )


def _resource_link(link: JsonObject) -> ResourceLinkClaim:
    return ResourceLinkClaim(link.identifier("id"), link.text("title"), link.text("description"))


def _grades(endpoint: JsonObject) -> GradesClaim | None:
    if not endpoint.values:
        return None
    return GradesClaim(
        endpoint.url("lineitems"), endpoint.url("lineitem"), frozenset(endpoint.texts("scope"))
    )


def _groups(service: JsonObject) -> GroupsClaim | None:
    url = service.url("context_groups_url")
    if not url:
        return None
    return GroupsClaim(url, service.url("context_group_sets_url"), frozenset(service.texts("scope")))


def _notices(service: JsonObject) -> NoticesClaim | None:
    url = service.url("platform_notification_service_url")
    if not url:
        return None
    return NoticesClaim(url, service.texts("notice_types_supported"), frozenset(service.texts("scope")))


def _deep_linking(settings: JsonObject) -> DeepLinkingClaim:
    return DeepLinkingClaim(
        return_url=settings.required_url("deep_link_return_url"),
        data=settings.text("data"),
        accept_types=settings.texts("accept_types"),
        accept_multiple=settings.flag("accept_multiple"),
        accept_line_item=settings.values.get("accept_lineitem") is None or settings.flag("accept_lineitem"),
        accept_targets=settings.texts("accept_presentation_document_targets"),
        accept_media_types=settings.texts("accept_media_types"),
        title=settings.text("title"),
        text=settings.text("text"),
    )
