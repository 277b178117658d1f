"""Launches from the campus over HTTP: what opens, and what is refused without a trace."""

from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.demo.claims import launch_claims
from lti_tool.lti.login import login_cookie_name
from lti_tool.services.platforms import registering
from lti_tool.storage.models import Deployment, Person, Refusal, Visit
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


def test_an_unknown_deployment_waits_for_approval_and_then_launches(world: World) -> None:
    lms = world.lms("thomas-more")
    visitor = Visitor(lms, "11")
    world.accept_loopback_cookies(visitor)
    before = _counts(world)
    answer = _launch_from_deployment(visitor, "unheard-of")
    assert (answer.status_code, "unheard-of" in answer.text) == (400, True)
    assert _counts(world) == before
    with world.database.begin() as db:
        waiting = db.scalars(select(Deployment).where(Deployment.deployment_id == "unheard-of")).one()
        assert waiting.approved_at is None
        assert db.scalars(select(Refusal.reason)).all()[-1] == "deployment_waiting"
        registering.approve_deployment(db, waiting.id, clock.now())
    # It is welcome now, and its link opens nothing yet.
    assert _launch_from_deployment(visitor, "unheard-of").status_code == 404


def _launch_from_deployment(visitor: Visitor, deployment_id: str) -> requests.Response:
    asked = visitor.ask(MODULE)
    lms = visitor.lms
    claims = launch_claims(lms, lms.person("11"), MODULE, nonce=asked["nonce"], now=clock.now())
    claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"] = deployment_id
    claims["https://purl.imsglobal.org/spec/lti/claim/custom"] = {}
    form = {"state": asked["state"], "id_token": lms.key.sign(claims)}
    return visitor.http.post(asked["redirect_uri"], data=form, timeout=TIMEOUT)


def test_a_launch_with_the_nonce_of_another_login_is_refused(world: World) -> None:
    lms = world.lms("odisee")
    visitor = Visitor(lms, "11")
    world.accept_loopback_cookies(visitor)
    asked, other = visitor.ask(MODULE), visitor.ask(MODULE)
    before = _counts(world)
    claims = launch_claims(lms, lms.person("11"), MODULE, nonce=other["nonce"], now=clock.now())
    form = {"state": asked["state"], "id_token": lms.key.sign(claims)}
    assert visitor.http.post(asked["redirect_uri"], data=form, timeout=TIMEOUT).status_code == 400
    assert _counts(world) == before


# Browsers that keep no cookies


def test_without_cookies_one_click_begins_the_login_again_in_a_window(world: World) -> None:
    visitor = Visitor(world.lms("ucll"), "13")
    form = submitted_form(visitor.authenticate(visitor.ask(MODULE)).text)
    assert form is not None
    before = _counts(world)
    answer = requests.post(form.action, data=form.fields, timeout=TIMEOUT)
    assert answer.status_code == 200
    assert _counts(world) == before
    again = next(part for part in answer.text.split('"') if part.startswith("/lti/login?"))
    assert dict(parse_qsl(urlsplit(unescape(again)).query))["iss"] == visitor.lms.issuer


def test_a_stored_secret_counts_from_our_own_page_alone(world: World) -> None:
    visitor = Visitor(world.lms("ucll"), "13")
    world.accept_loopback_cookies(visitor)
    form = submitted_form(visitor.authenticate(visitor.ask(MODULE)).text)
    assert form is not None
    name = login_cookie_name(form.fields["state"])
    fields = form.fields | {"browser_secret": visitor.http.cookies[name]}
    for origin in ("https://evil.example", "null"):
        answer = requests.post(form.action, data=fields, headers={"Origin": origin}, timeout=TIMEOUT)
        assert "/lti/login?" in answer.text
    ours = {"Origin": world.settings.base_url}
    answer = requests.post(form.action, data=fields, headers=ours, timeout=TIMEOUT, allow_redirects=False)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (303, False)
    page = requests.get(urljoin(form.action, answer.headers["Location"]), timeout=TIMEOUT)
    assert (page.status_code, "Innovatie leiden" in page.text) == (200, True)


def test_a_visit_takes_its_secret_from_one_place_only(world: World) -> None:
    page = world.visit("ucll", "13", MODULE)
    secret = page.http.cookies.get("klimop_visit")
    assert requests.get(f"{page.home}.{secret}/", timeout=TIMEOUT).status_code == 401


def test_a_browser_that_kept_a_cookie_is_asked_no_more(world: World) -> None:
    visitor = Visitor(world.lms("ucll"), "14")
    world.accept_loopback_cookies(visitor)
    first = visitor.ask(MODULE)
    visitor.launch(MODULE)
    assert len(visitor.ask(MODULE)["state"]) < len(first["state"])


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
