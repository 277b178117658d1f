"""Operators' pages: who may open them, and what they do for the institutions."""

from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from lti_tool import clock
from lti_tool.services.platforms import inviting, operating
from lti_tool.services.platforms.registering import InstitutionRow, find_institution
from lti_tool.storage.models import Institution, Invitation, Person, Registration
from tests.lti_tool.web.world import MODULE, Page, World

OPERATOR = ("ucll", "2")  # as the demo appoints her
COLLEAGUE = ("vives", "2")  # administrates an LMS, but does not look after Klimop
TEACHER = ("ku-leuven", "3")
LEARNER = ("ku-leuven", "12")


@pytest.fixture
def operator(world: World) -> Page:
    return world.visit(*OPERATOR, MODULE)


def _person_id(world: World, who: tuple[str, str]) -> int:
    slug, sub = who
    with world.database.read() as db:
        query = select(Person.id).join(Registration).join(Institution)
        return db.scalars(query.where(Institution.slug == slug, Person.subject == sub)).one()


def _operators_pages(tool: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and address of every page and form of operators."""
    values = {"platform_id": 1, "deployment": 1, "discriminator_id": 1, "invitation_id": 1, "slug": "ucll"}
    for rule in tool.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ("admin", "platforms") and rule.endpoint != "admin.home":
            named = {name: value for name, value in values.items() if name in rule.arguments}
            _, path = rule.build({"visit_id": "x" * 22, **named}, append_unknown=False) or ("", "")
            yield ("POST" if "POST" in (rule.methods or ()) else "GET"), path.removeprefix(f"/s/{'x' * 22}")


@pytest.mark.parametrize("who", [COLLEAGUE, TEACHER, LEARNER], ids=["colleague", "teacher", "learner"])
def test_nobody_but_an_operator_opens_an_operators_page(world: World, who: tuple[str, str]) -> None:
    page = world.visit(*who, MODULE)
    before = _counts(world)
    answers = {
        (method, path): (page.get(path) if method == "GET" else page.post(path, {})).status_code
        for method, path in _operators_pages(world.tool)
    }
    assert len(answers) > 15
    assert set(answers.values()) == {403}
    assert _counts(world) == before


def _counts(world: World) -> tuple[int, int]:
    with world.database.read() as db:
        return len(db.scalars(select(Institution)).all()), len(db.scalars(select(Invitation)).all())


@pytest.mark.parametrize("path", ["/admin", "/admin/institutions/new", "/admin/invitations", "/admin/keys"])
def test_an_operator_opens_them(operator: Page, path: str) -> None:
    assert operator.get(path).status_code == 200


def test_an_administrator_who_is_no_operator_is_told_how_to_become_one(world: World) -> None:
    answer = world.visit(*COLLEAGUE, MODULE).get("/admin")
    assert answer.status_code == 403
    assert f'value="klimop admin grant {_person_id(world, COLLEAGUE)}"' in answer.text


@pytest.mark.parametrize("who", [TEACHER, LEARNER], ids=["teacher", "learner"])
def test_nobody_else_is_told(world: World, who: tuple[str, str]) -> None:
    answer = world.visit(*who, MODULE).get("/admin")
    assert answer.status_code == 403
    assert "klimop admin grant" not in answer.text


def test_who_is_revoked_is_out_at_once(world: World, operator: Page) -> None:
    person_id = _person_id(world, OPERATOR)
    with world.database.begin() as db:
        operating.revoke(db, person_id)
    assert operator.get("/admin/keys").status_code == 403
    with world.database.begin() as db:
        operating.grant(db, person_id, clock.now())
    assert operator.get("/admin/keys").status_code == 200


def test_an_operators_launch_opens_the_overview(operator: Page) -> None:
    assert operator.response.url.endswith("/admin")


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_its_token_is_refused(operator: Page, token: str) -> None:
    assert operator.post("/admin/keys/rotate", {"csrf_token": token}).status_code == 403


def test_the_overview_names_every_institution_and_no_learner(world: World, operator: Page) -> None:
    world.visit(*LEARNER, MODULE)
    shown = operator.get("/admin").text
    with world.database.read() as db:
        institutions = db.scalars(select(Institution.name)).all()
        names = db.scalars(select(Person.name)).all()
    assert [name for name in institutions if name not in shown] == []
    assert [name for name in names if name and name in shown] == []


def test_an_institution_is_added_and_changed(world: World, operator: Page) -> None:
    added = operator.post("/admin/institutions", {"slug": "pxl", "name": "PXL", "locale": "nl"})
    assert added.url.endswith("/admin?said=institution_saved")
    assert "PXL" in added.text
    operator.post("/admin/institutions/pxl", {"name": "Hogeschool PXL", "locale": "en"})
    with world.database.read() as db:
        assert find_institution(db, "pxl") == InstitutionRow("pxl", "Hogeschool PXL", "en")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/admin/institutions", {"slug": "No Slug"}),
        ("/admin/institutions", {"slug": "ucll"}),
        ("/admin/institutions", {"name": " "}),
        ("/admin/institutions", {"locale": "fr"}),
        ("/admin/institutions/ucll", {"name": ""}),
    ],
    ids=["odd short name", "short name of another", "no name", "no such language", "changed to no name"],
)
def test_an_institution_that_cannot_be_is_shown_again(
    world: World, operator: Page, path: str, change: dict[str, object]
) -> None:
    before = _counts(world)
    given: dict[str, object] = {"slug": "new", "name": "New", "locale": "nl"}
    answer = operator.post(path, given | change)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert _counts(world) == before


def test_an_institution_that_nobody_knows_is_not_found(operator: Page) -> None:
    assert operator.get("/admin/institutions/nowhere").status_code == 404
    assert operator.post("/admin/institutions/nowhere", {"name": "x", "locale": "nl"}).status_code == 404
    assert operator.post("/admin/invitations", {"institution": "nowhere"}).status_code == 404


def test_an_invitation_is_shown_once_and_works(world: World, operator: Page) -> None:
    made = operator.post("/admin/invitations", {"institution": "ucll"})
    assert made.status_code == 201
    token = made.text.split("/lti/register?invite=")[1].split('"')[0]
    with world.database.read() as db:
        assert inviting.find_invitation(db, token, clock.now()).institution == "ucll"
    assert token not in operator.get("/admin/invitations").text


def test_an_invitation_can_be_withdrawn(world: World, operator: Page) -> None:
    made = operator.post("/admin/invitations", {"institution": ""})
    token = made.text.split("/lti/register?invite=")[1].split('"')[0]
    with world.database.read() as db:
        number = max(db.scalars(select(Invitation.id)))
    assert operator.post(f"/admin/invitations/{number}/withdraw", {}).url.endswith("invitation_withdrawn")
    with world.database.read() as db, pytest.raises(inviting.InvitationError):
        inviting.find_invitation(db, token, clock.now())


def test_a_new_key_is_published_at_once_and_waits_to_sign(world: World, operator: Page) -> None:
    before = _published(world)
    answer = operator.post("/admin/keys/rotate", {})
    assert answer.url.endswith("/admin/keys?said=key_rotated")
    assert before < _published(world)
    assert len(_published(world)) == len(before) + 1


def _published(world: World) -> set[str]:
    keyset = requests.get(f"{world.settings.base_url}/lti/jwks", timeout=20).json()
    return {key["kid"] for key in keyset["keys"]}
