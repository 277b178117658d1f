"""What a live Moodle 4.5 sent, signed anew and launched over HTTP."""

import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from sqlalchemy import select

from lti_tool import clock
from lti_tool.lti.claims import CONTEXT, MESSAGE_TYPE, RESOURCE_LINK
from lti_tool.storage.models import Enrolment, Person, Roster
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.platform.hand import TIMEOUT, Asked, Hand
from tests.platform.klimop import COHORT, Klimop
from tests.platform.moodle import moodle

MOODLE, TOOL = "http://localhost:8080", "http://127.0.0.1:5000"
MEMBERSHIPS = "/mod/lti/services.php/CourseSection/2/bindings/1/memberships"
ITEMS = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
Payload = dict[str, Any]
Read = Callable[[str], Payload]
Launch = Callable[[requests.Session, str], requests.Response]


@pytest.fixture(scope="module")
def read(klimop: Klimop, server: LocalServer) -> Read:
    """Reads what Moodle sent, with the addresses of this test's servers in place of its own."""

    def read(name: str) -> Payload:
        text = json.dumps(moodle(name))
        body: Payload = json.loads(text.replace(MOODLE, server.url).replace(TOOL, klimop.settings.base_url))
        return body

    return read


@pytest.fixture(scope="module")
def moodles(klimop: Klimop, server: LocalServer, read: Read) -> dict[str, Hand]:
    """The Moodle once for each of its two tools, by client id."""
    tools = {}
    for name in ("learner-launch", "deep-linking-request"):
        body = read(name)
        deployment = body["https://purl.imsglobal.org/spec/lti/claim/deployment_id"]
        tool = Hand(
            klimop, server, "moodle", client_id=body["aud"], address=body["iss"], deployment_id=deployment
        )
        tool.plug_in()
        tools[tool.client_id] = tool
    return tools


@pytest.fixture(scope="module")
def launch(moodles: dict[str, Hand], read: Read) -> Launch:
    """Launches a payload as it came, for the login of this moment."""

    def launch(browser: requests.Session, name: str) -> requests.Response:
        body = read(name)
        tool = moodles[body["aud"]]
        asked = tool.ask(browser)
        return tool.post(browser, asked, tool.sign(body | _of_now(asked)))

    return launch


def test_the_payloads_are_the_ones_that_were_recorded(read: Read) -> None:
    launches = [read(name) for name in ("learner-launch", "instructor-launch", "deep-linking-request")]
    assert [body[MESSAGE_TYPE] for body in launches] == [
        "LtiResourceLinkRequest",
        "LtiResourceLinkRequest",
        "LtiDeepLinkingRequest",
    ]
    assert [body[CONTEXT]["label"] for body in launches] == ["HIM", "HIM", "HIM"]
    assert launches[0][RESOURCE_LINK] == launches[1][RESOURCE_LINK]


def test_a_link_placed_by_hand_is_set_by_its_teacher_and_brings_the_whole_class(
    klimop: Klimop,
    server: LocalServer,
    browser: requests.Session,
    launch: Launch,
    read: Read,
) -> None:
    early = launch(browser, "learner-launch")
    assert (early.status_code, "This link opens nothing yet" in early.text) == (404, True)
    at_link = launch(browser, "instructor-launch")
    assert (at_link.status_code, at_link.url.endswith("/link")) == (200, True)
    pointed = browser.post(at_link.url, data=_own_page(at_link) | {"cohort": COHORT}, timeout=TIMEOUT)
    assert (pointed.status_code, pointed.url.endswith("/cohort?said=link_pointed")) == (200, True)
    module = launch(browser, "learner-launch")
    assert (module.status_code, "Leading innovation in care and welfare" in module.text) == (200, True)

    _give_roster(server, read("nrps-members"), of_the_rest=("3", "4"))
    klimop.work()
    (roster,) = klimop.rows_of(Roster)
    assert (roster["failure"], roster["synced_at"] is not None) == (None, True)
    assert _enrolled(klimop) == {"3", "4", "6", "22", "30", "33"}


def test_the_picker_answers_with_links_that_moodle_keeps(
    klimop: Klimop, server: LocalServer, browser: requests.Session, launch: Launch
) -> None:
    picker = launch(browser, "deep-linking-request")
    assert (picker.status_code, picker.url.endswith("/place")) == (200, True)
    (version,) = set(re.findall(r'href="[^"]*/place/(\d+)"', picker.text))
    chosen = {"what": ["module"], "cohort": COHORT, "titles": "en", "ticket": "t"}
    answer = browser.post(f"{picker.url}/{version}", data=_own_page(picker) | chosen, timeout=TIMEOUT)
    (form,) = re.findall(r"<form[^>]*data-send.*?</form>", answer.text, re.DOTALL)
    (action,) = re.findall(r'action="([^"]+)"', form)
    (token,) = re.findall(r'name="JWT" value="([^"]+)"', form)
    back = urlsplit(html.unescape(action))
    assert back.query == "course=2&id=2&sesskey=HEz5Qv38qR"
    keys = jwt.PyJWKSet.from_dict(requests.get(klimop.keyset_url, timeout=TIMEOUT).json())
    body = jwt.decode(
        token, keys[jwt.get_unverified_header(token)["kid"]], algorithms=["RS256"], audience=server.url
    )
    (item,) = body[ITEMS]
    assert (item["type"], item["url"], item["custom"]["cohort"]) == (
        "ltiResourceLink",
        klimop.launch_url,
        COHORT,
    )


def _of_now(asked: Asked) -> Payload:
    now = int(clock.now().timestamp())
    return {"nonce": asked["nonce"], "iat": now, "exp": now + 60}


def _own_page(page: requests.Response) -> dict[str, str]:
    return {"csrf_token": page.text.split('name="csrf-token" content="')[1].split('"')[0]}


def _give_roster(server: LocalServer, page: Payload, *, of_the_rest: tuple[str, ...]) -> None:
    """Grant tokens, and give the page that was recorded and one with the people who launched."""
    # Moodle calls its token text/html.
    granted = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": ""}
    server.answer("/moodle/token", Reply(content=granted, headers=(("Content-Type", "text/html"),)))
    rest = page | {"members": [page["members"][0] | {"user_id": subject} for subject in of_the_rest]}
    next_page = server.answer(f"{MEMBERSHIPS}?limit=100&from=100&rlid=1", Reply(content=rest))
    link = ("Link", f'<{next_page}>; rel="next"')
    server.answer(f"{MEMBERSHIPS}?limit=100&rlid=1", Reply(content=page, headers=(link,)))


def _enrolled(klimop: Klimop) -> set[str]:
    with klimop.database.read() as db:
        query = select(Person.subject).join(Enrolment, Enrolment.person_id == Person.id)
        return set(db.scalars(query.where(Enrolment.left_at.is_(None))))
