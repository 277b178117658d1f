"""An operator's page of one LMS: its deployments, whose they are, and a test of its endpoints."""

from dataclasses import replace

import pytest
import requests
from sqlalchemy import select

from lti_tool import clock
from lti_tool.demo.claims import launch_claims
from lti_tool.services.launches.discriminating import list_discriminators
from lti_tool.storage.models import Deployment, Institution, Person, Registration
from tests.lti_tool.web.admin.test_admin import OPERATOR
from tests.lti_tool.web.world import MODULE, Page, World
from tests.platform.visitor import TIMEOUT, Visitor

DEPLOYMENT_ID = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"


@pytest.fixture
def operator(world: World) -> Page:
    return world.visit(*OPERATOR, MODULE)


def _registration(world: World, slug: str) -> Registration:
    with world.database.read() as db:
        return db.scalars(select(Registration).join(Institution).where(Institution.slug == slug)).one()


def _address(world: World, slug: str) -> str:
    return f"/admin/platforms/{_registration(world, slug).id}"


def _launch(world: World, slug: str, deployment_id: str, sub: str = "11") -> requests.Response:
    """Launch from a deployment of an LMS that may be new to Klimop."""
    lms = world.lms(slug)
    visitor = Visitor(lms, sub)
    world.accept_loopback_cookies(visitor)
    asked = visitor.ask(MODULE)
    claims = launch_claims(lms, lms.person(sub), MODULE, nonce=asked["nonce"], now=clock.now())
    token = lms.key.sign(claims | {DEPLOYMENT_ID: deployment_id})
    form = {"state": asked["state"], "id_token": token}
    return visitor.http.post(asked["redirect_uri"], data=form, timeout=TIMEOUT)


def _deployment(world: World, deployment_id: str) -> Deployment:
    with world.database.read() as db:
        return db.scalars(select(Deployment).where(Deployment.deployment_id == deployment_id)).one()


def test_a_new_deployment_waits_until_an_operator_approves_it(world: World, operator: Page) -> None:
    assert _launch(world, "vives", "new-1").status_code == 400
    waiting = _deployment(world, "new-1")
    address = _address(world, "vives")
    assert address in operator.get("/admin").text.split('class="card card-now"')[1].split("</section>")[0]
    approved = operator.post(f"{address}/deployments/{waiting.id}/approve", {})
    assert f"{address}?said=deployment_approved" in approved.url
    assert _launch(world, "vives", "new-1").status_code == 200


def test_where_the_setting_says_so_a_new_deployment_comes_in_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = world.tool.extensions["klimop"]
    monkeypatch.setattr(held, "settings", replace(held.settings, approve_deployments=True))
    assert _launch(world, "vives", "new-4").status_code == 200
    assert _deployment(world, "new-4").approved_at is not None


def test_a_deployment_that_is_refused_is_gone(world: World, operator: Page) -> None:
    _launch(world, "vives", "new-2")
    waiting = _deployment(world, "new-2")
    operator.post(f"{_address(world, 'vives')}/deployments/{waiting.id}/refuse", {})
    with world.database.read() as db:
        assert db.get(Deployment, waiting.id) is None
    assert _launch(world, "vives", "new-2").status_code == 400


def test_a_deployment_may_be_anothers_institutions(world: World, operator: Page) -> None:
    _launch(world, "vives", "new-3")
    waiting = _deployment(world, "new-3")
    address = f"{_address(world, 'vives')}/deployments/{waiting.id}"
    operator.post(f"{address}/approve", {})
    operator.post(f"{address}/institution", {f"institution-{waiting.id}": "luca"})
    assert '<span class="topbar-institution">LUCA School of Arts' in _launch(world, "vives", "new-3").text


@pytest.mark.parametrize("what", ["approve", "refuse", "institution"])
def test_a_deployment_that_nobody_knows_is_not_found(world: World, operator: Page, what: str) -> None:
    assert operator.post(f"{_address(world, 'vives')}/deployments/999/{what}", {}).status_code == 404


def test_a_discriminator_tells_whose_launches_are(world: World, operator: Page) -> None:
    address = _address(world, "thomas-more")
    label = launch_claims(
        world.lms("thomas-more"), world.lms("thomas-more").person("13"), MODULE, nonce="n", now=clock.now()
    )["https://purl.imsglobal.org/spec/lti/claim/context"]["label"]
    given: dict[str, object] = {
        "kind": "course",
        "name": "",
        "value": label[:3].lower(),
        "institution": "odisee",
    }
    added = operator.post(f"{address}/discriminators", given)
    assert added.url.endswith("?said=discriminator_added")
    assert '<span class="topbar-institution">Odisee' in world.visit("thomas-more", "13", MODULE).response.text
    with world.database.read() as db:
        [row] = list_discriminators(db, _registration(world, "thomas-more").id)
    operator.post(f"{address}/discriminators/{row.id}/remove", {})
    assert '<span class="topbar-institution">Thomas' in world.visit("thomas-more", "13", MODULE).response.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "moon"}, "kind"),
        ({"kind": "custom"}, "name"),
        ({"value": " "}, "value"),
        ({"value": "me@"}, "value"),
    ],
    ids=["no such kind", "a parameter without name", "nothing", "no domain"],
)
def test_a_discriminator_that_cannot_be_is_shown_again(
    world: World, operator: Page, change: dict[str, object], field: str
) -> None:
    given: dict[str, object] = {"kind": "email", "name": "", "value": "ucll.be", "institution": "ucll"}
    answer = operator.post(f"{_address(world, 'ucll')}/discriminators", given | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    with world.database.read() as db:
        assert list_discriminators(db, _registration(world, "ucll").id) == []


def test_a_registration_that_people_used_is_not_removed(world: World, operator: Page) -> None:
    world.visit("odisee", "11", MODULE)
    address = _address(world, "odisee")
    assert "platform_used" in operator.post(f"{address}/remove", {}).url
    assert operator.get(address).status_code == 200


def test_a_platform_that_nobody_knows_is_not_found(operator: Page) -> None:
    for path in ("/admin/platforms/999", f"/admin/platforms/{10**12}"):
        assert operator.get(path).status_code == 404
    for path in ("test", "remove", "discriminators"):
        answer = operator.post(
            f"/admin/platforms/999/{path}", {"kind": "email", "value": "x.be", "institution": "ucll"}
        )
        assert answer.status_code == 404


def test_a_healthy_lms_passes_its_test_and_shows_no_names(world: World, operator: Page) -> None:
    world.visit("luca", "11", MODULE)
    answer = operator.post(f"{_address(world, 'luca')}/test", {})
    assert answer.status_code == 200
    assert "circle-x" not in answer.text
    assert "circle-alert" not in answer.text
    with world.database.read() as db:
        names = db.scalars(select(Person.name)).all()
    assert [name for name in names if name and name in answer.text] == []


def test_an_lms_whose_services_are_down_is_told(world: World, operator: Page) -> None:
    world.campus.store.close_services("ucll")
    answer = operator.post(f"{_address(world, 'ucll')}/test", {})
    world.campus.store.open_services("ucll")
    assert answer.status_code == 200
    assert "status 503" in answer.text
