"""Whatever a platform or a browser sends: a page that says so, never a crash, and never half of a launch."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool import clock
from lti_tool.lti.claims import CUSTOM, DEEP_LINKING, GRADES, TARGET_LINK_URI
from lti_tool.storage.models import Visit
from tests.lti_tool.lti.documents import every_claim
from tests.lti_tool.lti.nonsense import JSON, PREDICTABLE
from tests.lti_tool.lti.server import LocalServer
from tests.lti_tool.lti.world import CLAIM, MEMBERSHIP
from tests.platform.browser import new_browser
from tests.platform.hand import TIMEOUT, Asked, Hand
from tests.platform.klimop import COHORT, Klimop, Rows

SOME = settings(PREDICTABLE, max_examples=40)
# A page; the page of a link that opens nothing; the page of a role that may not see it; or no launch at all.
ANSWERS = {(200, 1), (404, 1), (403, 1), (400, 0)}
ROLES = [[f"{MEMBERSHIP}{name}"] for name in ("Learner", "Instructor", "Administrator", "Mentor")]
MESSAGES = ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]
CUSTOM_NAMES = ["cohort", "view", "module", "programme", "unit", "placed_in", "employer", "context_history"]
CUSTOM_VALUES = ["autumn", "module", "unit", "live", "programme", "health-innovation-management", "week-1"]
FIELDS = [
    "iss",
    "client_id",
    "login_hint",
    "lti_message_hint",
    "target_link_uri",
    "lti_deployment_id",
    "lti_storage_target",
    "state",
    "id_token",
    "error",
    "browser_secret",
]
NOTICE_CLAIMS = ["iss", "aud", "azp", "iat", "exp"] + [
    f"{CLAIM}{name}" for name in ("deployment_id", "version", "notice", "context", "origin_contexts")
]
# What a form can carry at all: bytes, as a browser or a hostile program writes them.
FORM = st.dictionaries(
    st.sampled_from(FIELDS) | st.text(max_size=3),
    st.text(max_size=20)
    | st.binary(max_size=20)
    | st.sampled_from(["\0", "x" * 200_000, "http://[", "e30.e30.e30"]),
    max_size=6,
).map(lambda fields: b"&".join(_written(name) + b"=" + _written(value) for name, value in fields.items()))


@pytest.fixture(scope="module")
def visitor() -> Iterator[requests.Session]:
    with new_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def whole(klimop: Klimop, server: LocalServer) -> dict[str, Any]:
    """Return every claim that a launch may have, with values that hold."""
    return every_claim(server.url) | {CUSTOM: {"cohort": COHORT}, TARGET_LINK_URI: klimop.launch_url}


def paths_of(claims: dict[str, Any]) -> list[tuple[str, ...]]:
    inner = [(name, part) for name, value in claims.items() if isinstance(value, dict) for part in value]
    return [*((name,) for name in claims), *inner]


@SOME
@given(data=st.data(), message=st.sampled_from(MESSAGES), roles=st.sampled_from(ROLES))
def test_nonsense_in_any_claim(
    lms: Hand,
    visitor: requests.Session,
    whole: dict[str, Any],
    data: st.DataObject,
    message: str,
    roles: list[str],
) -> None:
    asked = begin(lms, visitor)
    body = {**whole, **lms.claims(asked), f"{CLAIM}message_type": message, f"{CLAIM}roles": roles}
    changes = data.draw(st.dictionaries(st.sampled_from(paths_of(body)), JSON, max_size=3))
    for path, value in changes.items():
        put(body, path, value)
    whole_or_nothing(lms, lambda: lms.post(visitor, asked, lms.sign(body)))


@SOME
@given(
    custom=st.dictionaries(
        st.sampled_from(CUSTOM_NAMES) | st.text(max_size=5), st.sampled_from(CUSTOM_VALUES) | JSON, max_size=5
    )
    | JSON,
    roles=st.sampled_from(ROLES),
)
def test_nonsense_in_custom_parameters(
    lms: Hand, visitor: requests.Session, custom: object, roles: list[str]
) -> None:
    asked = begin(lms, visitor)
    token = lms.sign(lms.claims(asked, custom=custom, roles=roles))
    whole_or_nothing(lms, lambda: lms.post(visitor, asked, token))


@SOME
@given(body=st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_a_token_that_is_all_nonsense(lms: Hand, visitor: requests.Session, body: dict[str, Any]) -> None:
    asked = begin(lms, visitor)
    before = lms.klimop.stored()
    assert lms.post(visitor, asked, lms.sign(body)).status_code == 400
    assert lms.klimop.stored() == before


@SOME
@given(form=FORM, path=st.sampled_from(["login", "launch"]), in_address=st.booleans())
def test_nonsense_in_any_field(klimop: Klimop, form: bytes, path: str, in_address: bool) -> None:
    before = klimop.stored()
    url = f"{klimop.settings.base_url}/lti/{path}"
    if in_address:
        answer = requests.get(f"{url}?{form.decode()[:4000]}", timeout=TIMEOUT)
    else:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = requests.post(url, data=form, headers=headers, timeout=TIMEOUT)
    assert 400 <= answer.status_code < 500
    assert klimop.stored() == before


@SOME
@given(
    body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "", "é"]
    ),
    path=st.sampled_from(["login", "launch", "notices"]),
)
def test_a_body_of_any_kind(klimop: Klimop, body: bytes, kind: str, path: str) -> None:
    before = klimop.stored()
    headers = {"Content-Type": kind.encode()}
    answer = requests.post(
        f"{klimop.settings.base_url}/lti/{path}", data=body, headers=headers, timeout=TIMEOUT
    )
    assert answer.status_code < 500
    assert klimop.stored() == before


@SOME
@given(changes=st.dictionaries(st.sampled_from(NOTICE_CLAIMS), JSON, max_size=3))
def test_nonsense_in_a_notice(lms: Hand, changes: dict[str, Any]) -> None:
    now = int(clock.now().timestamp())
    body = {
        "iss": lms.issuer,
        "aud": lms.client_id,
        "iat": now,
        "exp": now + 60,
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}notice": {"id": "n-1", "timestamp": "2026-11-23T09:00:00Z", "type": "LtiContextCopyNotice"},
        f"{CLAIM}context": {"id": "copy", "label": "HIM-2", "title": "Copy"},
        f"{CLAIM}origin_contexts": ["c-1"],
    }
    before = lms.klimop.stored()
    answer = requests.post(
        f"{lms.klimop.settings.base_url}/lti/notices",
        json={"notices": [{"jwt": lms.sign(body | changes)}]},
        timeout=TIMEOUT,
    )
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert lms.klimop.stored() == before


def begin(lms: Hand, visitor: requests.Session) -> Asked:
    """Log in with a browser that has forgotten the logins before."""
    visitor.cookies.clear()
    return lms.ask(visitor)


def whole_or_nothing(lms: Hand, post: Callable[[], requests.Response]) -> None:
    """Send a launch, which must open one visit and show a page, or be refused and leave nothing."""
    before = lms.klimop.stored()
    page = post()
    after = lms.klimop.stored()
    opened = len(after[Visit.__tablename__]) - len(before[Visit.__tablename__])
    assert (page.status_code, opened) in ANSWERS
    if not opened:
        assert settled(after) == settled(before)


def settled(rows: Rows) -> Rows:
    """Return what is stored but the deployments, where a refused launch may leave one to approve."""
    return {table: found for table, found in rows.items() if table != "deployment"}


def put(body: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    if len(path) == 1:
        body[path[0]] = value
    elif isinstance(body.get(path[0]), dict):
        body[path[0]] = {**body[path[0]], path[1]: value}


def _written(value: str | bytes) -> bytes:
    return quote(value if isinstance(value, bytes) else value.encode()).encode()


def test_the_claims_that_matter_are_among_those_that_are_changed(lms: Hand, whole: dict[str, Any]) -> None:
    paths = paths_of({**whole, **lms.claims({"nonce": ""})})
    assert {(GRADES, "lineitem"), (DEEP_LINKING, "deep_link_return_url"), ("aud",), ("sub",)} <= set(paths)
