"""Platform Notification Service 1.0: what a platform tells without anyone being there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lti_tool.lti.claims import CONTEXT, DEPLOYMENT_ID, LTI, VERSION, ContextClaim, read_context
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.id_token import IdToken, read_id_token
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError
from lti_tool.lti.platform_keys import PlatformKeys
from lti_tool.lti.ports import Registrations
from lti_tool.lti.pylti import FIELD_LIMIT, KnownPlatforms
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

NOTICE_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
NOTICE = f"{LTI}/notice"
ORIGIN_CONTEXTS = f"{LTI}/origin_contexts"
HELLO_WORLD = "LtiHelloWorldNotice"
CONTEXT_COPY = "LtiContextCopyNotice"
# A platform may try again for a while; whoever keeps the ids of notices may forget them after this.
NOTICE_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice, wholly checked but for whether it was here before: (`registration_id`, `id`) tells that.

    `context` is the course it is about, None where it is about none; a copy of the courses with the
    `origin_context_ids` where `type` is CONTEXT_COPY.
    """

    id: str
    type: str
    registration_id: int
    deployment_id: str
    context: ContextClaim | None
    origin_context_ids: tuple[str, ...]
    issued_at: datetime

    @property
    def context_id(self) -> str:
        return self.context.id if self.context else ""


def subscribe(connector: PlatformConnector, url: str, *, handler: str, notice_types: Iterable[str]) -> None:
    """Ask for notices of these types at the address `handler`; an empty one ends that."""
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    for notice_type in notice_types:
        content = {"notice_type": notice_type, "handler": handler}
        connector.call("PUT", url, scopes=[NOTICE_SCOPE], headers=headers, content=content)


def read_notices(body: bytes) -> tuple[str, ...]:
    """Return the tokens in what a platform posted, or raise LaunchRefusedError(INVALID_PARAMETER)."""
    try:
        entries = JsonObject.parse(body).children("notices")
        return tuple(entry.text("jwt", limit=FIELD_LIMIT) for entry in entries)
    except InvalidValueError as error:
        raise LaunchRefusedError(RefusalReason.INVALID_PARAMETER, parameter="notices") from error


def read_notice(
    token: str, *, registrations: Registrations, platform_keys: PlatformKeys, now: datetime
) -> Notice:
    """Return the notice in `token`; LaunchRefusedError says why it is none, as for a launch."""
    try:
        return _verified(read_id_token(token), registrations, platform_keys, now)
    except MissingValueError as error:
        raise LaunchRefusedError(RefusalReason.MISSING_CLAIM, claim=error.path) from error
    except InvalidValueError as error:
        raise LaunchRefusedError(RefusalReason.INVALID_CLAIM, claim=error.path) from error


def _verified(
    token: IdToken, registrations: Registrations, platform_keys: PlatformKeys, now: datetime
) -> Notice:
    platforms = KnownPlatforms(registrations)
    platforms.find_registration_by_params(token.issuer, token.client_id)
    token.require_signature(platforms.found, platform_keys, now)
    token.require_times(now, oldest=NOTICE_LIFETIME)
    deployment_id = token.body.identifier(DEPLOYMENT_ID)
    platforms.find_deployment_by_params(token.issuer, deployment_id, token.client_id)
    if (version := token.body.identifier(VERSION)) != "1.3.0":
        raise LaunchRefusedError(RefusalReason.UNSUPPORTED_VERSION, version=version)
    return _notice(token.body, platforms.found.id, deployment_id)


def _notice(body: JsonObject, registration_id: int, deployment_id: str) -> Notice:
    notice = body.child(NOTICE)
    return Notice(
        id=notice.identifier("id"),
        type=notice.identifier("type"),
        registration_id=registration_id,
        deployment_id=deployment_id,
        context=read_context(body.child(CONTEXT)),
        origin_context_ids=body.texts(ORIGIN_CONTEXTS),
        issued_at=datetime.fromtimestamp(body.number("iat"), UTC),
    )
