"""Launches from the campus over HTTP: what opens, and what is refused without a trace."""

from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.demo.claims import launch_claims
from lti_tool.storage.models import Login, Person, Visit
from tests.lti_tool.web.world import LIVE, MODULE, World
from tests.platform.visitor import TIMEOUT, Visitor, submitted_form


def _counts(world: World) -> tuple[int, int]:
    with world.database.read() as db:
        return (
            db.scalar(select(func.count()).select_from(Visit)) or 0,
            db.scalar(select(func.count()).select_from(Person)) or 0,
        )


@pytest.mark.parametrize(
    ("slug", "sub", "link", "title"),
    [
        ("ku-leuven", "11", MODULE, "Innovatie leiden in zorg en welzijn"),
        ("odisee", "12", LIVE, "Live sessies"),
        ("ucll", "3", MODULE, "Innovatie leiden in zorg en welzijn"),
        ("vives", "2", MODULE, "Innovatie leiden in zorg en welzijn"),
    ],
    ids=["manager", "manager to the live sessions, login by GET", "teacher", "administrator"],
)
def test_a_launch_opens_the_page_of_its_link(
    world: World, slug: str, sub: str, link: str, title: str
) -> None:
    page = world.visit(slug, sub, link)
    assert page.response.status_code == 200
    assert f"<title>{title} – Klimop</title>" in page.response.text
    assert urlsplit(page.response.url).path.startswith("/s/")


def test_reloading_the_launched_page_works(world: World) -> None:
    page = world.visit("ku-leuven", "12", MODULE)
    again = page.http.get(page.response.url, timeout=TIMEOUT)
    assert again.status_code == 200


def test_two_launches_in_one_browser_do_not_disturb_each_other(world: World) -> None:
    first = world.visit("ucll", "11", MODULE)
    visitor = Visitor(world.lms("ucll"), "3")
    first.http.cookies.update(visitor.http.cookies)
    visitor.http = first.http
    second = visitor.launch(MODULE)
    assert "/cohort" in second.url
    assert first.http.get(first.response.url, timeout=TIMEOUT).status_code == 200


def test_without_its_cookie_a_visit_shows_nothing(world: World) -> None:
    page = world.visit("ucll", "12", MODULE)
    stranger = requests.get(page.response.url, timeout=TIMEOUT)
    assert stranger.status_code == 401
    assert "csrf-token" not in stranger.text or page.token not in stranger.text


def test_the_same_token_does_not_launch_twice(world: World) -> None:
    visitor = Visitor(world.lms("luca"), "11")
    world.accept_loopback_cookies(visitor)
    asked = visitor.ask(MODULE)
    form = submitted_form(visitor.authenticate(asked).text)
    assert form is not None
    assert visitor.submit(form).status_code == 200
    before = _counts(world)
    replay = visitor.submit(form)
    assert replay.status_code == 400
    assert _counts(world) == before


def test_the_cookies_are_partitioned_secure_and_bound_to_their_path(world: World) -> None:
    visitor = Visitor(world.lms("luca"), "12")
    world.accept_loopback_cookies(visitor)
    form = submitted_form(visitor.authenticate(visitor.ask(MODULE)).text)
    assert form is not None
    answer = visitor.http.post(form.action, data=form.fields, timeout=TIMEOUT, allow_redirects=False)
    assert answer.status_code == 303
    cookies = answer.raw.headers.getlist("Set-Cookie")
    visit = next(cookie for cookie in cookies if cookie.startswith("klimop_visit="))
    path = urlsplit(answer.headers["Location"]).path.rstrip("/")
    assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", f"Path={path}"} <= set(visit.split("; "))


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "iss"),
        ({"iss": "https://nowhere.example", "login_hint": "1", "target_link_uri": "OURS"}, "nowhere.example"),
        ({"iss": "ISSUER", "login_hint": "1", "target_link_uri": "OURS", "client_id": "other"}, "other"),
        ({"iss": "ISSUER", "login_hint": "1", "target_link_uri": "https://evil.example/"}, "evil.example"),
    ],
    ids=["nothing", "unknown issuer", "unknown client", "another site's page"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_that_cannot_be_says_what_is_missing(
    world: World, parameters: dict[str, str], words: str, method: str
) -> None:
    ours = f"{world.settings.base_url}/lti/launch"
    given = {
        name: value.replace("OURS", ours).replace("ISSUER", world.lms("ucll").issuer)
        for name, value in parameters.items()
    }
    in_address, in_body = (given, None) if method == "GET" else (None, given)
    answer = requests.request(
        method, f"{world.settings.base_url}/lti/login", timeout=TIMEOUT, params=in_address, data=in_body
    )
    assert answer.status_code == 400
    assert words in answer.text


def test_an_unknown_deployment_is_named_to_the_administrator(world: World) -> None:
    lms = world.lms("thomas-more")
    visitor = Visitor(lms, "11")
    world.accept_loopback_cookies(visitor)
    asked = visitor.ask(MODULE)
    claims = launch_claims(lms, lms.person("11"), MODULE, nonce=asked["nonce"], now=clock.now())
    claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"] = "unheard-of"
    before = _counts(world)
    answer = visitor.http.post(
        asked["redirect_uri"],
        data={"state": asked["state"], "id_token": lms.key.sign(claims)},
        timeout=TIMEOUT,
    )
    assert answer.status_code == 400
    assert "unheard-of" in answer.text
    assert _counts(world) == before


def test_a_launch_with_the_nonce_of_another_login_uses_its_own_login_up(world: World) -> None:
    lms = world.lms("odisee")
    visitor = Visitor(lms, "11")
    world.accept_loopback_cookies(visitor)
    asked, other = visitor.ask(MODULE), visitor.ask(MODULE)
    before = _counts(world)
    for nonce in (other["nonce"], asked["nonce"]):
        claims = launch_claims(lms, lms.person("11"), MODULE, nonce=nonce, now=clock.now())
        answer = visitor.http.post(
            asked["redirect_uri"],
            data={"state": asked["state"], "id_token": lms.key.sign(claims)},
            timeout=TIMEOUT,
        )
        assert answer.status_code == 400
    with world.database.read() as db:
        assert db.get(Login, asked["state"]) is None
        assert db.get(Login, other["state"]) is not None
    assert _counts(world) == before


def test_whatever_is_posted_to_the_launch_gets_a_page(world: World) -> None:
    for form in (
        {},
        {"state": "x"},
        {"id_token": "a.b.c", "state": "x"},
        {"error": "access_denied", "state": "x"},
    ):
        answer = requests.post(f"{world.settings.base_url}/lti/launch", data=form, timeout=TIMEOUT)
        assert answer.status_code == 400
        assert "<h1" in answer.text


def test_the_public_keyset_holds_no_private_part(world: World) -> None:
    keyset = requests.get(f"{world.settings.base_url}/lti/jwks", timeout=TIMEOUT).json()
    assert [sorted(key) for key in keyset["keys"]] == [["alg", "e", "kid", "kty", "n", "use"]]


def test_a_login_that_nobody_finished_is_forgotten(world: World) -> None:
    Visitor(world.lms("ucll"), "13").ask(MODULE)
    with world.database.begin() as db:
        for login in db.scalars(select(Login)):
            login.expires_at = login.expires_at.replace(year=2020)
    world.work()
    with world.database.read() as db:
        assert db.scalar(select(func.count()).select_from(Login)) == 0
