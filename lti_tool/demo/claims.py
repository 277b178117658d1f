"""The claims of a launch (LTI 1.3, section 5) and of a deep linking request, as Moodle 4.5 writes them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lti_tool.demo.courses import COURSES, Course, Link, Target, placed_link
from lti_tool.demo.institutions import Offer
from lti_tool.demo.lms import GRADE_SCOPES, GROUP_READ, NOTICE_HANDLERS, Lms
from lti_tool.demo.people import Kind, Person, Privacy
from lti_tool.demo.variables import substituted

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_SERVICE = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GROUPS_SERVICE = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
NOTICE_SERVICE = f"{LTI}platformnotificationservice"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"
INSTITUTION_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
NOTICE_TYPES = ("LtiHelloWorldNotice", "LtiContextCopyNotice")
LIFETIME = timedelta(minutes=1)
# An administrator opens a course without being in it, so she has no role in the course itself.
ROLES = {
    Kind.ADMINISTRATOR: (f"{INSTITUTION_ROLE}Administrator",),
    Kind.TEACHER: (f"{MEMBERSHIP}Instructor", f"{INSTITUTION_ROLE}Faculty"),
    Kind.ASSISTANT: (f"{MEMBERSHIP}Instructor", ASSISTANT),
    Kind.OBSERVER: (f"{MEMBERSHIP}Mentor", f"{INSTITUTION_ROLE}Observer"),
    Kind.MANAGER: (f"{MEMBERSHIP}Learner", f"{INSTITUTION_ROLE}Student"),
    Kind.LEARNER: (f"{MEMBERSHIP}Learner", f"{INSTITUTION_ROLE}Student"),
}


def launch_claims(
    lms: Lms, person: Person, link_id: str, *, nonce: str, now: datetime, target: Target = Target.IFRAME
) -> dict[str, Any]:
    """Return the whole payload of an id_token for `person` opening a link that is there from the start."""
    course, link = placed_link(COURSES, link_id)
    return resource_link_claims(lms, person, course, link, nonce=nonce, now=now, target=target)


def resource_link_claims(
    lms: Lms, person: Person, course: Course, link: Link, *, nonce: str, now: datetime, target: Target
) -> dict[str, Any]:
    """Return the whole payload of an id_token for `person` opening a link of a course."""
    return {
        **_security(lms, nonce, now),
        **_message(lms, course, "LtiResourceLinkRequest", target_link_uri(lms, link)),
        **_person(lms, person),
        f"{LTI}resource_link": {"id": link.id, "title": link.title, "description": link.text},
        f"{LTI}launch_presentation": {
            "locale": lms.institution.locale,
            "document_target": target.value,
            "return_url": lms.return_url(course, link.id),
        },
        f"{LTI}custom": custom(lms, person, course, link),
        **_services(lms, course, link),
    }


def deep_linking_claims(
    lms: Lms, person: Person, course: Course, *, data: str, nonce: str, now: datetime, target: Target
) -> dict[str, Any]:
    """Return the whole payload of an id_token for `person` choosing content (Deep Linking 2.0)."""
    return {
        **_security(lms, nonce, now),
        **_message(lms, course, "LtiDeepLinkingRequest", lms.tool.picker or lms.tool.launch),
        **_person(lms, person),
        f"{LTI}launch_presentation": {
            "locale": lms.institution.locale,
            "document_target": target.value,
        },
        f"{LTI}custom": dict(lms.custom),
        f"{DEEP_LINKING}deep_linking_settings": {
            "deep_link_return_url": lms.deep_link_return_url(course),
            "data": data,
            "accept_types": ["ltiResourceLink"],
            "accept_multiple": lms.offers(Offer.SEVERAL),
            "accept_lineitem": True,
            "accept_presentation_document_targets": ["iframe", "window"],
            "auto_create": False,
        },
        **_services(lms, course, None),
    }


def target_link_uri(lms: Lms, link: Link) -> str:
    """Return the address that a link opens."""
    return link.url or lms.tool.target or lms.tool.launch


def identity(lms: Lms, person: Person) -> dict[str, str]:
    """Return who someone is, as far as the institution tells this tool; `sub` always."""
    names = {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
    }
    shared = lms.shares if person.privacy is Privacy.SHARED else frozenset[str]()
    return {"sub": person.sub} | {name: value for name, value in names.items() if name in shared}


def custom(lms: Lms, person: Person, course: Course, link: Link) -> dict[str, str]:
    """Return the custom parameters of a link, with the tool's own and the employer of a manager."""
    written = dict(lms.custom) | dict(link.custom)
    if person.employer:
        written |= {"employer": person.employer}
    return substituted(written, lms, person, course, link)


def context(course: Course) -> dict[str, Any]:
    """Return how a course names itself."""
    return {"id": course.id, "label": course.label, "title": course.title, "type": ["CourseSection"]}


def _security(lms: Lms, nonce: str, now: datetime) -> dict[str, Any]:
    issued = int(now.timestamp())
    return {
        "iss": lms.issuer,
        "aud": lms.client_id,
        "nonce": nonce,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
    }


def _message(lms: Lms, course: Course, message_type: str, target_link_uri: str) -> dict[str, Any]:
    return {
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": message_type,
        f"{LTI}deployment_id": lms.deployment_id,
        f"{LTI}target_link_uri": target_link_uri,
        f"{LTI}context": context(course),
        f"{LTI}tool_platform": {
            "guid": lms.slug,
            "name": lms.institution.name,
            "product_family_code": lms.institution.family.value,
            "version": "1",
        },
    }


def _person(lms: Lms, person: Person) -> dict[str, Any]:
    claims = {**identity(lms, person), f"{LTI}roles": list(ROLES[person.kind])}
    return claims | ({f"{LTI}role_scope_mentor": list(person.observes)} if person.observes else {})


def _services(lms: Lms, course: Course, link: Link | None) -> dict[str, Any]:
    offered = {
        Offer.ROSTER: (
            NRPS_SERVICE,
            {"context_memberships_url": lms.memberships_url(course), "service_versions": ["2.0"]},
        ),
        Offer.GROUPS: (
            GROUPS_SERVICE,
            {
                "context_groups_url": lms.groups_url(course),
                "scope": [GROUP_READ],
                "service_versions": ["1.0"],
            },
        ),
        Offer.NOTICES: (
            NOTICE_SERVICE,
            {
                "platform_notification_service_url": lms.notices_url,
                "scope": [NOTICE_HANDLERS],
                "service_versions": ["1.0"],
                "notice_types_supported": list(NOTICE_TYPES),
            },
        ),
    }
    services = dict(claim for offer, claim in offered.items() if lms.offers(offer))
    return {AGS_ENDPOINT: _grades(lms, course, link), **services}


def _grades(lms: Lms, course: Course, link: Link | None) -> Mapping[str, Any]:
    columns = course.columns_of(link) if link else ()
    return {
        "scope": sorted(GRADE_SCOPES & lms.scopes),
        "lineitems": lms.line_items_url(course),
        **({"lineitem": lms.line_item_url(course, columns[0])} if len(columns) == 1 else {}),
    }
