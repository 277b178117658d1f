import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from lti_tool.lti.claims import ContextClaim
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError
from lti_tool.lti.notices import CONTEXT_COPY, Notice, read_notice, read_notices, subscribe
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.world import (
    ABSENT,
    CLAIM,
    NOW,
    World,
    changed,
    long_name,
    platform_key,
    query_of,
    sign,
    token_of,
)

HANDLER = "https://klimop.example/lti/notices"
COPY = {"id": "copy", "label": "HIM-2", "title": "Copy of innovation", "type": ["CourseOffering"]}


def notice_of_a_copy(world: World, **changes: object) -> dict[str, Any]:
    """Return what a platform says of a copied course; `changes` name LTI claims by their short names."""
    issued = int(world.now.timestamp())
    body: dict[str, Any] = {
        "iss": world.platform.issuer,
        "aud": world.platform.client_id,
        "azp": world.platform.client_id,
        "nonce": "n-1",
        "iat": issued,
        "exp": issued + 3600,
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}notice": {"id": "notice-1", "timestamp": "2026-11-23T09:00:00Z", "type": CONTEXT_COPY},
        f"{CLAIM}context": COPY,
        f"{CLAIM}origin_contexts": ["original"],
    }
    return changed(body, {long_name(name, body): value for name, value in changes.items()})


def read(world: World, token: str) -> Notice:
    return read_notice(token, registrations=world.memory, platform_keys=world.keys, now=world.now)


def refusal(world: World, token: str) -> tuple[RefusalReason, Mapping[str, str | int]]:
    with pytest.raises(LaunchRefusedError) as refused:
        read(world, token)
    return refused.value.reason, refused.value.values


def test_each_type_of_notice_is_asked_for_with_its_own_request(
    server: LocalServer, connector: PlatformConnector
) -> None:
    url = server.answer("/pns?d=1", Reply(content={}))
    subscribe(connector, url, handler=HANDLER, notice_types=["LtiHelloWorldNotice", CONTEXT_COPY])
    asked = server.requests_to("/pns?d=1")
    assert [(request.method, request.headers["Content-Type"]) for request in asked] == [
        ("PUT", "application/json"),
        ("PUT", "application/json"),
    ]
    assert [json.loads(request.body) for request in asked] == [
        {"notice_type": "LtiHelloWorldNotice", "handler": HANDLER},
        {"notice_type": "LtiContextCopyNotice", "handler": HANDLER},
    ]
    [token] = server.requests_to("/token")
    scope = query_of(f"?{token.body}")["scope"]
    assert scope == "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"


def test_a_platform_that_gives_no_notices_refuses(server: LocalServer, connector: PlatformConnector) -> None:
    url = server.answer("/pns", Reply(403))
    with pytest.raises(PlatformRefusedError) as refused:
        subscribe(connector, url, handler=HANDLER, notice_types=[CONTEXT_COPY])
    assert refused.value.status == 403


def test_a_post_of_several_notices_is_read_in_order() -> None:
    assert read_notices(b'{"notices": [{"jwt": "a.b.c"}, {"jwt": "d.e.f"}]}') == ("a.b.c", "d.e.f")
    assert read_notices(b"{}") == ()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"notices": 1}', b'{"notices": ["a"]}', b'{"notices": [{"jwt": 1}]}', b"\xff"]
)
def test_a_post_of_something_else_is_refused(body: bytes) -> None:
    with pytest.raises(LaunchRefusedError) as refused:
        read_notices(body)
    assert refused.value.reason is RefusalReason.INVALID_PARAMETER


def test_a_notice_tells_which_course_is_a_copy_of_which(world: World) -> None:
    notice = read(world, sign(notice_of_a_copy(world)))
    assert notice == Notice(
        id="notice-1",
        type="LtiContextCopyNotice",
        registration_id=1,
        deployment_id="1",
        context=ContextClaim("copy", "HIM-2", "Copy of innovation", ("CourseOffering",)),
        origin_context_ids=("original",),
        issued_at=NOW,
    )
    assert notice.context_id == "copy"


def test_a_notice_about_no_course_is_read(world: World) -> None:
    hello = {"id": "h", "type": "LtiHelloWorldNotice"}
    body = notice_of_a_copy(world, notice=hello, context=ABSENT, origin_contexts=ABSENT)
    notice = read(world, sign(body))
    assert (notice.type, notice.context_id, notice.origin_context_ids) == ("LtiHelloWorldNotice", "", ())


@pytest.mark.parametrize(
    ("claim", "value", "reason"),
    [
        ("iss", "https://evil.example", RefusalReason.UNKNOWN_ISSUER),
        ("iss", ABSENT, RefusalReason.MISSING_CLAIM),
        ("aud", "other", RefusalReason.WRONG_AUDIENCE),
        ("aud", "", RefusalReason.MISSING_CLAIM),
        ("aud", ABSENT, RefusalReason.MISSING_CLAIM),
        ("azp", "other", RefusalReason.WRONG_AUDIENCE),
        ("iat", ABSENT, RefusalReason.MISSING_CLAIM),
        ("exp", ABSENT, RefusalReason.MISSING_CLAIM),
        ("exp", 10**9, RefusalReason.EXPIRED),
        ("iat", 2 * 10**9, RefusalReason.CLOCK_SKEW),
        ("iat", 10**9, RefusalReason.CLOCK_SKEW),
        ("deployment_id", "2", RefusalReason.UNKNOWN_DEPLOYMENT),
        ("deployment_id", ABSENT, RefusalReason.MISSING_CLAIM),
        ("version", "1.1", RefusalReason.UNSUPPORTED_VERSION),
        ("notice", ABSENT, RefusalReason.MISSING_CLAIM),
        ("notice", {"type": CONTEXT_COPY}, RefusalReason.MISSING_CLAIM),
        ("notice", {"id": "1"}, RefusalReason.MISSING_CLAIM),
        ("notice", "1", RefusalReason.INVALID_CLAIM),
        ("context", {"label": "HIM"}, RefusalReason.MISSING_CLAIM),
        ("origin_contexts", [1], RefusalReason.INVALID_CLAIM),
    ],
)
def test_a_notice_with_a_bad_claim_is_refused(
    world: World, claim: str, value: object, reason: RefusalReason
) -> None:
    assert refusal(world, sign(notice_of_a_copy(world, **{claim: value})))[0] is reason


def test_a_notice_to_a_client_that_is_not_ours_is_refused(world: World) -> None:
    body = notice_of_a_copy(world, aud="other", azp=ABSENT)
    values = {"issuer": "https://lms.example", "client_id": "other"}
    assert refusal(world, sign(body)) == (RefusalReason.UNKNOWN_CLIENT, values)


def test_a_notice_that_the_platform_did_not_sign_is_refused(world: World) -> None:
    body = notice_of_a_copy(world)
    kid = platform_key("platform").kid
    unsigned = token_of({"alg": "none", "kid": kid}, json.dumps(body), lambda _signed: b"")
    assert refusal(world, sign(body, key="stranger", kid=kid))[0] is RefusalReason.BAD_SIGNATURE
    assert refusal(world, sign(body, kid="unknown"))[0] is RefusalReason.UNKNOWN_KEY
    assert refusal(world, sign(body, kid=ABSENT))[0] is RefusalReason.KEY_NOT_NAMED
    assert refusal(world, unsigned)[0] is RefusalReason.WRONG_ALGORITHM
    assert refusal(world, "nonsense")[0] is RefusalReason.MALFORMED_TOKEN


def test_a_notice_is_too_old_after_a_day_whatever_it_says_itself(world: World) -> None:
    token = sign(notice_of_a_copy(world, exp=2 * 10**9))
    world.pass_time(timedelta(hours=24))
    assert read(world, token).id == "notice-1"
    world.pass_time(timedelta(minutes=2))
    assert refusal(world, token)[0] is RefusalReason.CLOCK_SKEW
