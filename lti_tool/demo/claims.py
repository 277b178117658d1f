"""The claims of a launch (LTI 1.3, section 5), as Moodle 4.5 writes them."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from lti_tool.demo.courses import Course, Link, placed_link
from lti_tool.demo.lms import GRADE_SCOPES, Lms
from lti_tool.demo.people import Kind, Person, Privacy

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_SERVICE = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
LIFETIME = timedelta(minutes=1)


class Target(Enum):
    """Where the platform opens the tool."""

    IFRAME = "iframe"
    WINDOW = "window"


def launch_claims(
    lms: Lms, person: Person, link_id: str, *, nonce: str, now: datetime, target: Target = Target.IFRAME
) -> dict[str, Any]:
    """Return the whole payload of an id_token for `person` opening a link."""
    course, link = placed_link(link_id)
    issued = int(now.timestamp())
    return {
        "iss": lms.issuer,
        "aud": lms.client_id,
        "nonce": nonce,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        **_message(lms, course, link, target),
        **identity(person),
        f"{LTI}roles": _roles(person),
        f"{LTI}custom": custom(person, link),
        AGS_ENDPOINT: _grades(lms, course, link),
        NRPS_SERVICE: {"context_memberships_url": lms.memberships_url(course), "service_versions": ["2.0"]},
    }


def identity(person: Person) -> dict[str, str]:
    """Return who someone is, as far as the institution tells; `sub` always."""
    if person.privacy is Privacy.WITHHELD:
        return {"sub": person.sub}
    return {
        "sub": person.sub,
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
    }


def custom(person: Person, link: Link) -> dict[str, str]:
    """Return the custom parameters of a link, with the employer of a manager."""
    return dict(link.custom) | ({"employer": person.employer} if person.employer else {})


def context(course: Course) -> dict[str, Any]:
    """Return how a course names itself."""
    return {"id": course.id, "label": course.label, "title": course.title, "type": ["CourseSection"]}


def _message(lms: Lms, course: Course, link: Link, target: Target) -> dict[str, Any]:
    return {
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}deployment_id": lms.deployment_id,
        f"{LTI}target_link_uri": lms.tool.launch,
        f"{LTI}context": context(course),
        f"{LTI}resource_link": {"id": link.id, "title": link.title, "description": ""},
        f"{LTI}launch_presentation": {
            "locale": lms.institution.locale,
            "document_target": target.value,
            "return_url": lms.course_url(course),
        },
        f"{LTI}tool_platform": {
            "guid": lms.slug,
            "name": lms.institution.name,
            "product_family_code": "demo-campus",
            "version": "1",
        },
    }


def _roles(person: Person) -> list[str]:
    # An administrator opens a course without being in it, so she has no role in the course itself.
    return {
        Kind.ADMINISTRATOR: [f"{INSTITUTION_ROLE}Administrator"],
        Kind.TEACHER: [f"{MEMBERSHIP}Instructor", f"{INSTITUTION_ROLE}Faculty"],
        Kind.MANAGER: [f"{MEMBERSHIP}Learner", f"{INSTITUTION_ROLE}Student"],
        Kind.LEARNER: [f"{MEMBERSHIP}Learner", f"{INSTITUTION_ROLE}Student"],
    }[person.kind]


def _grades(lms: Lms, course: Course, link: Link) -> dict[str, Any]:
    endpoint: dict[str, Any] = {"scope": sorted(GRADE_SCOPES), "lineitems": lms.line_items_url(course)}
    if link.line_item:
        endpoint["lineitem"] = lms.line_item_url(course, link.line_item)
    return endpoint
