"""An administrator plugs an LMS in: the pages in her frame, and what the LMS and Klimop say to each other."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.lti.dynamic_registration import TOOL
from lti_tool.lti.keys import public_keyset
from lti_tool.lti.platform_offer import PLATFORM
from lti_tool.services.platforms.inviting import invite
from lti_tool.services.platforms.registering import add_institution
from lti_tool.settings import DEMO_SECRET, Settings
from lti_tool.storage.database import Database
from lti_tool.storage.models import Deployment, Institution, Registration
from tests.lti_tool.lti.documents import AGS, openid_configuration
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.server import serving as serving_platform
from tests.lti_tool.lti.world import platform_key
from tests.platform.serving import serving
from tests.platform.visitor import TIMEOUT


@dataclass
class Office:
    """An administrator's desk: Klimop at `tool`, her LMS at `lms`."""

    base_url: str
    database: Database
    lms: LocalServer

    def __post_init__(self) -> None:
        self.lms.answer("/openid", Reply(content=self.configuration()))
        self.lms.answer("/register", Reply(content=self.answer()))
        self.lms.answer("/mod/lti/certs.php", Reply(content=public_keyset([platform_key("platform")])))

    def configuration(self) -> dict[str, Any]:
        return openid_configuration(self.lms.url)

    def answer(self) -> dict[str, Any]:
        return {"client_id": "c1", "scope": f"{AGS}/score", TOOL: {"deployment_id": "2", "claims": ["sub"]}}

    def invitation(self, institution: str = "vives", *, lasts: timedelta = timedelta(days=7)) -> str:
        with self.database.begin() as db:
            return invite(db, institution=institution, now=clock.now() - timedelta(days=3), lasts=lasts)

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(f"{self.base_url}/lti/{path}", params=query, headers=ENGLISH, timeout=TIMEOUT)

    def post(self, path: str, **form: str) -> requests.Response:
        return requests.post(f"{self.base_url}/lti/{path}", data=form, headers=ENGLISH, timeout=TIMEOUT)

    def open(self, invitation: str, url: str = "") -> requests.Response:
        """Open the registration address as the LMS does."""
        configuration = url or f"{self.lms.url}/openid"
        return self.get(
            "register", invite=invitation, openid_configuration=configuration, registration_token="once"
        )

    def confirm(self, page: requests.Response, **form: str) -> requests.Response:
        return self.post("register", sealed=sealed(page), **form)

    def registrations(self) -> list[tuple[str, str, str, list[str]]]:
        with self.database.read() as db:
            rows = db.execute(select(Registration, Institution.slug).join(Institution)).tuples()
            return [(slug, row.client_id, row.family, row.scopes) for row, slug in rows]


ENGLISH = {"Accept-Language": "en"}


def sealed(page: requests.Response) -> str:
    return page.text.split('name="sealed" value="')[1].split('"')[0]


@pytest.fixture
def office(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Office]:
    with serving_platform() as lms:

        def make(base_url: str) -> Flask:
            return create_app(
                Settings(
                    secret_key=DEMO_SECRET,
                    base_url=base_url,
                    database_url=new_database(),
                    data_dir=tmp_path,
                    demo=True,
                    trusted_hosts=frozenset({f"127.0.0.1:{lms.port}"}),
                )
            )

        with serving(make, host="127.0.0.1") as app:
            state = app.extensions["klimop"]
            with state.database.begin() as db:
                add_institution(db, slug="vives", name="VIVES", locale="nl")
                add_institution(db, slug="luca", name="LUCA School of Arts", locale="nl")
            yield Office(state.settings.base_url, state.database, lms)
            state.database.close()


def test_an_lms_registers_with_one_address(office: Office) -> None:
    page = office.open(office.invitation())
    assert (page.status_code, "VIVES" in page.text, "Moodle 5.0" in page.text) == (200, True, True)
    assert office.registrations() == []
    done = office.confirm(page)
    assert (done.status_code, "Klimop is plugged in" in done.text) == (200, True)
    assert office.registrations() == [("vives", "c1", "moodle", [f"{AGS}/score"])]
    with office.database.read() as db:
        deployment = db.execute(select(Deployment)).scalar_one()
        assert (deployment.deployment_id, deployment.approved_at is not None) == ("2", True)


def test_the_lms_is_told_our_addresses_and_nothing_is_asked_twice(office: Office) -> None:
    office.confirm(office.open(office.invitation()))
    assert [(sent.method, sent.target) for sent in office.lms.seen] == [
        ("GET", "/openid"),
        ("POST", "/register"),
    ]
    sent = json.loads(office.lms.seen[1].body)
    assert sent["redirect_uris"] == [f"{office.base_url}/lti/launch"]
    assert sent[TOOL]["domain"] == office.base_url.removeprefix("http://")
    assert sent[TOOL]["custom_parameters"] == {"context_history": "$Context.id.history"}
    assert sent[TOOL]["description#nl"] != sent[TOOL]["description#en"]


def test_what_is_missing_is_named_with_what_to_do(office: Office) -> None:
    done = unescape(office.confirm(office.open(office.invitation())).text)
    assert "Without names teachers see numbers." in done
    assert "Switch on the Names and Role Provisioning Services" in done
    assert "Without it no mark arrives" not in done


def test_a_deployment_that_is_not_told_waits_for_the_first_launch(office: Office) -> None:
    office.lms.answer("/register", Reply(content={"client_id": "c1"}))
    done = office.confirm(office.open(office.invitation()))
    assert "The first launch tells Klimop which deployment this is." in done.text


def test_an_invitation_for_whichever_institution_asks_which(office: Office) -> None:
    page = office.open(office.invitation(""))
    assert "LUCA School of Arts" in page.text
    again = office.confirm(page)
    assert (again.status_code, 'href="#f-institution"' in again.text) == (422, True)
    assert office.confirm(page, institution="hogwarts").status_code == 422
    assert office.confirm(again, institution="luca").status_code == 200
    assert office.registrations()[0][0] == "luca"


def test_a_named_institution_is_not_changed_by_the_form(office: Office) -> None:
    office.confirm(office.open(office.invitation("vives")), institution="luca")
    assert office.registrations()[0][0] == "vives"


def test_the_result_can_be_reloaded_and_registers_nothing(office: Office) -> None:
    done = office.confirm(office.open(office.invitation()))
    assert requests.get(done.url, headers=ENGLISH, timeout=TIMEOUT).text == done.text
    assert len(office.lms.requests_to("/register")) == 1


def test_an_address_works_once(office: Office) -> None:
    invitation = office.invitation()
    page = office.open(invitation)
    office.confirm(page)
    for answer in (office.confirm(page), office.open(invitation), office.get("register", invite=invitation)):
        assert (answer.status_code, "was used already" in answer.text) == (410, True)
    assert len(office.lms.requests_to("/register")) == 1


def test_an_old_address_says_so(office: Office) -> None:
    answer = office.open(office.invitation(lasts=timedelta(days=2)))
    assert (answer.status_code, "has expired" in answer.text) == (410, True)


@pytest.mark.parametrize("invitation", ["", "made-up", "\0", "é" * 500])
def test_without_an_invitation_nothing_is_fetched(office: Office, invitation: str) -> None:
    assert office.open(invitation).status_code == 404
    assert office.lms.seen == []


def test_outside_an_lms_the_page_says_where_to_paste_it(office: Office) -> None:
    invitation = office.invitation()
    page = office.get("register", invite=invitation)
    assert page.status_code == 200
    assert f"{office.base_url}/lti/register?invite={invitation}" in unescape(page.text)


@pytest.mark.parametrize("forged", ["", "x", "é", "gAAAAAB" + "x" * 100])
def test_what_was_not_sealed_here_registers_nothing(office: Office, forged: str) -> None:
    assert office.post("register", sealed=forged).status_code == 400
    assert office.get("registered", result=forged).status_code == 400


def test_what_was_sealed_for_one_page_opens_no_other(office: Office) -> None:
    page = office.open(office.invitation())
    assert office.get("registered", result=sealed(page)).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        "https://[",
        "x",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_an_address_that_klimop_must_not_call(office: Office, url: str) -> None:
    assert office.open(office.invitation(), url).status_code in (400, 502)


def test_another_platforms_name_is_not_taken(office: Office) -> None:
    stolen = office.configuration() | {"issuer": "https://canvas.instructure.com"}
    office.lms.answer("/openid", Reply(content=stolen))
    answer = office.open(office.invitation())
    assert (answer.status_code, "belongs to another site" in answer.text) == (400, True)


@pytest.mark.parametrize("reply", [Reply(500), Reply(content=b"<html>"), Reply(content={"issuer": 5})])
def test_an_lms_that_makes_no_sense(office: Office, reply: Reply) -> None:
    office.lms.answer("/openid", reply)
    answer = office.open(office.invitation())
    assert (answer.status_code, "Plug Klimop in by hand" in answer.text) == (502, True)


def test_an_lms_that_refuses_is_quoted_and_the_address_still_works(office: Office) -> None:
    invitation = office.invitation()
    page = office.open(invitation)
    refusal = Reply(401, {"error": "token_already_used", "error_description": "<b>once</b>"})
    office.lms.answer("/register", refusal)
    answer = office.confirm(page)
    assert (answer.status_code, "token_already_used: &lt;b&gt;once" in answer.text) == (502, True)
    assert office.open(invitation).status_code == 200


def test_registering_again_updates(office: Office) -> None:
    office.confirm(office.open(office.invitation()))
    office.lms.answer("/register", Reply(content=office.answer() | {"scope": f"{AGS}/lineitem"}))
    office.confirm(office.open(office.invitation()))
    assert office.registrations() == [("vives", "c1", "moodle", [f"{AGS}/lineitem"])]


def test_another_institutions_registration_is_not_taken_over(office: Office) -> None:
    office.confirm(office.open(office.invitation("vives")))
    invitation = office.invitation("luca")
    answer = office.confirm(office.open(invitation))
    assert (answer.status_code, "registered already" in answer.text) == (409, True)
    assert office.registrations()[0][0] == "vives"
    assert office.open(invitation).status_code == 200


def test_extras_are_shown_where_they_are_offered(office: Office) -> None:
    assert "News of copied courses" not in office.open(office.invitation()).text
    everything = office.configuration() | {"scopes_supported": []}
    office.lms.answer("/openid", Reply(content=everything | {PLATFORM: {"product_family_code": "ilias"}}))
    assert "News of copied courses" in office.open(office.invitation()).text


def test_the_pages_are_kept_by_no_cache(office: Office) -> None:
    page = office.open(office.invitation())
    assert [answer.headers["Cache-Control"] for answer in (page, office.confirm(page))] == ["no-store"] * 2


@pytest.mark.parametrize("family", ["moodle", "canvas", "blackboard", "brightspace", "sakai", "other"])
def test_a_guide_gives_our_exact_addresses(office: Office, family: str) -> None:
    page = office.get(f"setup/{family}")
    values = [f'value="{office.base_url}/lti/launch"', f"{office.base_url}/lti/"]
    assert page.status_code == 200
    assert all(value in page.text for value in values)
    assert 'name="client_id"' not in page.text


def test_a_guide_to_nowhere(office: Office) -> None:
    assert office.get("setup/hogwarts").status_code == 404
    assert office.get("setup").status_code == 200


def test_canvas_fetches_its_configuration(office: Office) -> None:
    found = office.get("setup/canvas.json").json()
    assert found["target_link_uri"] == f"{office.base_url}/lti/launch"
    assert found["public_jwk_url"] == f"{office.base_url}/lti/jwks"


def test_the_icon_is_a_picture_that_stays(office: Office) -> None:
    answer = office.get("icon.png")
    assert (answer.headers["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_an_lms_is_plugged_in_by_hand(office: Office) -> None:
    invitation = office.invitation("vives")
    page = office.get("setup/moodle", invite=invitation)
    assert [f'name="{name}"' in page.text for name in ("issuer", "client_id", "token_url")] == [
        True,
        True,
        False,
    ]
    done = office.post(
        "setup/moodle", invite=invitation, issuer=office.lms.url, client_id=" c9 ", deployment_id="4"
    )
    assert (done.status_code, "shows at the first launch" in done.text) == (200, True)
    assert office.registrations() == [("vives", "c9", "moodle", [])]
    assert office.post("setup/moodle", invite=invitation).status_code == 410


def test_what_is_wrong_by_hand_is_shown_beside_its_field(office: Office) -> None:
    invitation = office.invitation("")
    wrong = {"issuer": "http://lms.example", "client_id": "", "deployment_id": "x" * 300}
    answer = office.post("setup/moodle", invite=invitation, **wrong)
    assert answer.status_code == 422
    for name in ("issuer", "client_id", "deployment_id", "institution"):
        assert f'href="#f-{name}"' in answer.text
    assert 'value="http://lms.example"' in answer.text


def test_an_lms_without_keys_is_not_plugged_in(office: Office) -> None:
    office.lms.answer("/mod/lti/certs.php", Reply(404))
    answer = office.post(
        "setup/moodle", invite=office.invitation(), issuer=office.lms.url, client_id="9", deployment_id=""
    )
    assert (answer.status_code, "finds no public keys" in answer.text) == (422, True)
    assert office.registrations() == []


def test_an_unknown_kind_of_lms_gives_all_its_addresses(office: Office) -> None:
    keys = f"{office.lms.url}/mod/lti/certs.php"
    done = office.post(
        "setup/other",
        invite=office.invitation("luca"),
        issuer="https://ilias.example",
        client_id="3",
        deployment_id="",
        auth_login_url="https://ilias.example/auth",
        token_url="https://ilias.example/token",
        jwks_url=keys,
    )
    assert done.status_code == 200
    assert office.registrations() == [("luca", "3", "other", [])]


def test_nobody_fills_the_form_in_without_an_invitation(office: Office) -> None:
    answer = office.post("setup/moodle", issuer=office.lms.url, client_id="9", deployment_id="")
    assert (answer.status_code, office.lms.seen) == (404, [])


def test_the_slash_behind_an_address_is_none_of_it(office: Office) -> None:
    invitation, typed = office.invitation(), f"{office.lms.url}/"
    office.post("setup/moodle", invite=invitation, issuer=typed, client_id="9", deployment_id="")
    with office.database.read() as db:
        assert db.execute(select(Registration.issuer)).scalar_one() == office.lms.url
