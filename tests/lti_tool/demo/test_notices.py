import time
from typing import Any

import pytest

from lti_tool.demo.claims import LTI
from lti_tool.demo.current import Campus
from lti_tool.demo.lms import MEMBERSHIP_READ, NOTICE_HANDLERS
from tests.lti_tool.demo.tool import Client, Tool, verified
from tests.platform.visitor import Visitor

HELLO, COPY = "LtiHelloWorldNotice", "LtiContextCopyNotice"


def notices_url(client: Client) -> str:
    return f"{client.lms.issuer}/services/notice-handlers/1"


def handle(client: Client, body: object) -> tuple[int, Any]:
    token = client.token(NOTICE_HANDLERS)
    answer = client.send("PUT", notices_url(client), token, body, media_type="application/json")
    return answer.status_code, answer.json()


def handler(tool: Tool, path: str = "/lti/notices") -> str:
    return f"{tool.url}{path}"


def received(client: Client) -> dict[str, Any]:
    """Wait for the one notice; return its claims without those that are never the same."""
    deadline = time.monotonic() + 5
    while not client.tool.notices and time.monotonic() < deadline:
        time.sleep(0.01)
    (token,) = client.tool.notices
    claims = verified(client.lms, token)
    assert claims.pop("exp") - claims.pop("iat") == 3600
    assert claims.pop("nonce")
    assert claims[f"{LTI}notice"].pop("id")
    assert claims[f"{LTI}notice"].pop("timestamp").endswith("Z")
    return claims


@pytest.fixture(autouse=True)
def _no_notices_yet(tool: Tool) -> None:
    tool.notices.clear()


def expected(client: Client, notice_type: str) -> dict[str, Any]:
    return {
        "iss": client.lms.issuer,
        "aud": client.lms.client_id,
        "azp": client.lms.client_id,
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": "1",
        f"{LTI}notice": {"type": notice_type},
    }


def test_who_asks_to_be_greeted_is_greeted(client: Client) -> None:
    asked = {"notice_type": HELLO, "handler": handler(client.tool)}
    assert handle(client, asked) == (200, asked)
    assert received(client) == expected(client, HELLO)
    token = client.token(NOTICE_HANDLERS)
    assert client.get(notices_url(client), token).json() == {
        "client_id": client.lms.client_id,
        "deployment_id": "1",
        "notice_handlers": [
            {"notice_type": HELLO, "handler": handler(client.tool)},
            {"notice_type": COPY, "handler": ""},
        ],
    }
    assert handle(client, {"notice_type": HELLO, "handler": ""})[0] == 200


def test_a_copied_course_is_told_until_the_tool_asks_no_more(client: Client) -> None:
    handle(client, {"notice_type": COPY, "handler": handler(client.tool)})
    with Visitor(client.lms, "3") as teacher:
        page = teacher.post("/courses/2/copy")
        assert "De cursus is gekopieerd. Je bent nu in de kopie." in page.text
        copied = page.url.partition("?")[0].rpartition("/")[2]
        assert received(client) == expected(client, COPY) | {
            f"{LTI}context": {
                "id": copied,
                "label": "HIM",
                "title": "Kopie van Health Innovation Management",
                "type": ["CourseSection"],
            },
            f"{LTI}origin_contexts": ["2"],
        }
        handle(client, {"notice_type": COPY, "handler": ""})
        client.tool.notices.clear()
        teacher.post("/courses/2/copy")
    assert client.tool.notices == []


def test_a_notice_that_is_not_taken_is_not_sent_again(client: Client) -> None:
    handle(client, {"notice_type": COPY, "handler": handler(client.tool, "/nowhere")})
    with Visitor(client.lms, "3") as teacher:
        assert "kon het bericht daarover niet ontvangen" in teacher.post("/courses/2/copy").text
    handle(client, {"notice_type": COPY, "handler": ""})


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"notice_type": "LtiOtherNotice", "handler": ""},
        {"notice_type": HELLO},
        {"notice_type": HELLO, "handler": "https://elsewhere.example.test/"},
    ],
)
def test_what_no_handler_can_be_is_refused(client: Client, body: object) -> None:
    assert handle(client, body)[0] == 400


def test_notices_want_their_scope_and_a_platform_that_sends_them(
    client: Client, campus: Campus, tool: Tool
) -> None:
    assert client.get(notices_url(client), client.token(MEMBERSHIP_READ)).status_code == 403
    other = notices_url(client).removesuffix("1") + "9"
    assert client.get(other, client.token(NOTICE_HANDLERS)).status_code == 404
    without = Client(tool, campus.lms("ucll"))
    assert without.get(notices_url(without), without.token(MEMBERSHIP_READ)).status_code == 403
    without.http.close()
