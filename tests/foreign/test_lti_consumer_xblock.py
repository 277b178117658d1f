"""Klimop and `lti-consumer-xblock`: another hand that signs launches, and another eye on what Klimop signs.

The library brings Django and some fifty packages more, so it runs in a Python of its own (`make foreign`).
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from lti_tool import clock
from lti_tool.lti.ags import SCORE_SCOPE
from lti_tool.lti.nrps import ROSTER_SCOPE
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.tokens import token_request
from lti_tool.services.platforms import key_rotation
from lti_tool.services.platforms.key_rotation import KeyState
from lti_tool.services.platforms.registering import NewRegistration
from lti_tool.storage.models import Registration
from lti_tool.storage.platforms import platform_registration
from tests.lti_tool.lti.world import platform_key
from tests.lti_tool.web.placing import send_on
from tests.lti_tool.web.world import Page
from tests.platform.browser import new_browser
from tests.platform.hand import TIMEOUT
from tests.platform.klimop import COHORT, INSTITUTION, Klimop, running_klimop

PROGRAM = Path(__file__).with_name("open_edx.py")
PYTHON = Path(__file__).parents[2] / ".venv" / "foreign" / "bin" / "python"
LAUNCH, DEEP_LINKING = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="lti-consumer-xblock is not installed")


@dataclass(frozen=True)
class Plugged:
    """An Open edX at `url`, and the tool that is plugged into it."""

    url: str
    klimop: Klimop
    registration_id: int

    @property
    def platform(self) -> PlatformRegistration:
        with self.klimop.database.read() as db:
            return platform_registration(db.get_one(Registration, self.registration_id))

    def launch(self, role: str, message: str = LAUNCH) -> Page:
        """Go through a launch as the browser of someone of this role."""
        browser = new_browser()
        asks = {"user": role, "role": role, "message": message}
        login = browser.get(f"{self.url}/start", params=asks, timeout=TIMEOUT).json()["url"]
        answer = browser.get(login, timeout=TIMEOUT, allow_redirects=False)
        asked = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        form = browser.get(f"{self.url}/auth", params=asked, timeout=TIMEOUT).json()
        return Page(browser, browser.post(self.klimop.launch_url, data=form, timeout=TIMEOUT))

    def token(self, *scopes: str) -> str:
        """Let the worker ask for a token with these scopes."""
        connector = self.klimop.workshop.caller.connector(self.platform, clock.now())
        return connector.new_token(frozenset(scopes)).value


@pytest.fixture(scope="module")
def plugged(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugged]:
    with running_klimop(new_database(), tmp_path_factory.mktemp("klimop")) as klimop:
        told = {
            "login": klimop.login_url,
            "launch": klimop.launch_url,
            "keyset": klimop.keyset_url,
            "key": platform_key("open edx").pem(),
            "cohort": COHORT,
        }
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen([PYTHON, "-W", "ignore", PROGRAM], **pipes) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(json.dumps(told) + "\n")
            program.stdin.flush()
            url = program.stdout.readline().strip()
            yield Plugged(url, klimop, klimop.plug_in(_registration(url)))
            program.stdin.close()


def test_a_student_and_a_teacher_come_in(plugged: Plugged) -> None:
    pages = [plugged.launch(role) for role in ("staff", "student")]
    assert [page.response.status_code for page in pages] == [200, 200]
    assert [page.response.url.removeprefix(page.home) for page in pages] == ["/cohort", "/"]


def test_what_the_picker_answers_is_accepted(plugged: Plugged) -> None:
    picker = plugged.launch("staff", DEEP_LINKING)
    (version,) = set(re.findall(r'href="[^"]*/place/(\d+)"', picker.response.text))
    chosen: dict[str, object] = {"what": ["module"], "cohort": COHORT, "titles": "nl", "ticket": "t"}
    (item,) = send_on(picker, picker.post(f"/place/{version}", chosen)).json()
    assert (item["type"], item["url"]) == ("ltiResourceLink", plugged.klimop.launch_url)
    assert item["custom"]["cohort"] == COHORT


def test_cancelling_is_accepted_as_an_answer_without_links(plugged: Plugged) -> None:
    picker = plugged.launch("staff", DEEP_LINKING)
    assert send_on(picker, picker.post("/place/cancel", {})).json() == []


def test_a_request_for_a_token_is_accepted(plugged: Plugged) -> None:
    assert plugged.token(ROSTER_SCOPE, SCORE_SCOPE).count(".") == 2


def test_a_request_for_a_token_with_a_key_that_is_not_ours_is_refused(plugged: Plugged) -> None:
    forged = token_request(plugged.platform, frozenset({SCORE_SCOPE}), platform_key("attacker"), clock.now())
    answer = requests.post(f"{plugged.url}/token", data=forged, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()) == (400, {"error": "InvalidSignatureError"})


def test_a_request_for_a_token_is_accepted_after_the_keys_were_rotated(plugged: Plugged) -> None:
    before, now = _signing_key(plugged.klimop), clock.now()
    with plugged.klimop.database.begin() as db:
        key_rotation.rotate(db, plugged.klimop.workshop.vault, now, signs_from=now)
    assert _signing_key(plugged.klimop) != before
    assert plugged.token(SCORE_SCOPE).count(".") == 2
    picker = plugged.launch("staff", DEEP_LINKING)
    assert send_on(picker, picker.post("/place/cancel", {})).status_code == 200


def _registration(url: str) -> NewRegistration:
    return NewRegistration(
        institution=INSTITUTION,
        issuer=url,
        client_id="klimop",
        auth_login_url=f"{url}/auth",
        token_url=f"{url}/token",
        jwks_url=f"{url}/jwks",
        deployment_id="1",
    )


def _signing_key(klimop: Klimop) -> str:
    with klimop.database.read() as db:
        keys = key_rotation.list_keys(db, clock.now())
    return next(key.kid for key in keys if key.state is KeyState.SIGNING)
