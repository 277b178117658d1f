"""Launches that someone made up, changed, stole or sent twice, beyond the list of the certification."""

import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from lti_tool import clock
from lti_tool.lti.login import LOGIN_LIFETIME, login_cookie_name
from lti_tool.services.platforms import registering
from lti_tool.storage.models import Registration, Visit
from tests.lti_tool.lti.world import ABSENT, platform_key, sign, token_of
from tests.lti_tool.web.launches.refusal import (
    PLUGGED_WRONGLY,
    Shown,
    missing,
    once_more,
    refused,
    refused_with,
    shown,
    wrong,
)
from tests.platform.browser import new_browser
from tests.platform.hand import TIMEOUT, Hand
from tests.platform.klimop import Klimop

OTHER_BROWSER = "Your browser blocked a cookie"
EVIL = "https://evil.example/module"


# Signatures


def test_an_unsigned_token(lms: Hand, browser: requests.Session) -> None:
    answer = refused(
        lms, browser, lambda asked: token_of({"alg": "none"}, json.dumps(lms.claims(asked)), lambda _: b"")
    )
    assert answer == wrong("wrong_algorithm", algorithm="none")


def test_a_token_signed_with_the_public_key_as_if_it_were_a_shared_secret(
    lms: Hand, browser: requests.Session
) -> None:
    signer = platform_key(lms.key)
    pem = signer.private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "kid": signer.kid}

    def token(asked: dict[str, str]) -> str:
        text = json.dumps(lms.claims(asked))
        return token_of(header, text, lambda signed: hmac.digest(pem, signed, "sha256"))

    assert refused(lms, browser, token) == wrong("wrong_algorithm", algorithm="HS256")


def test_a_token_signed_by_someone_else_under_the_platforms_key_id(
    lms: Hand, browser: requests.Session
) -> None:
    kid = platform_key(lms.key).kid
    answer = refused(lms, browser, lambda asked: sign(lms.claims(asked), key="attacker", kid=kid))
    assert answer == wrong("bad_signature", issuer=lms.issuer)


def test_a_token_whose_body_was_changed_after_it_was_signed(lms: Hand, browser: requests.Session) -> None:
    def token(asked: dict[str, str]) -> str:
        header, _, signature = lms.sign(lms.claims(asked)).split(".")
        _, body, _ = lms.sign(lms.claims(asked, sub="5")).split(".")
        return f"{header}.{body}.{signature}"

    assert refused(lms, browser, token) == wrong("bad_signature", issuer=lms.issuer)


def test_a_refused_token_leaves_the_login_to_the_real_one(lms: Hand, browser: requests.Session) -> None:
    asked = lms.ask(browser)
    kid = platform_key(lms.key).kid
    forged = lms.post(browser, asked, sign(lms.claims(asked), key="attacker", kid=kid))
    real = lms.post(browser, asked, lms.sign(lms.claims(asked)))
    assert (forged.status_code, real.status_code) == (400, 200)


# Times


@pytest.mark.parametrize("claim", ["exp", "iat"])
def test_a_time_that_is_missing(lms: Hand, browser: requests.Session, claim: str) -> None:
    assert refused_with(lms, browser, **{claim: ABSENT}) == missing(claim)


def test_a_token_of_ten_years_ago_that_never_runs_out(lms: Hand, browser: requests.Session) -> None:
    issued = int((clock.now() - timedelta(days=3653)).timestamp())
    assert refused_with(lms, browser, iat=issued, exp=2**31).reason == "clock_skew"


@pytest.mark.parametrize("seconds", [-50, 50])
def test_a_clock_that_differs_by_less_than_a_minute_comes_in(
    lms: Hand, browser: requests.Session, seconds: int
) -> None:
    issued = int(clock.now().timestamp()) + seconds
    assert lms.launch(browser, iat=issued, exp=issued + 60).status_code == 200


def test_a_launch_long_after_its_login(
    lms: Hand, browser: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, later = lms.ask(browser), clock.now() + LOGIN_LIFETIME
    monkeypatch.setattr(clock, "now", lambda: later)
    assert shown(lms.post(browser, asked, lms.sign(lms.claims(asked)))) == once_more("login_expired")


# For whom


def test_an_audience_of_two_in_which_we_are_meant_comes_in(lms: Hand, browser: requests.Session) -> None:
    page = lms.launch(browser, aud=[lms.client_id, "other"], azp=lms.client_id)
    assert page.status_code == 200


def test_an_audience_of_two_in_which_the_other_is_meant(lms: Hand, browser: requests.Session) -> None:
    answer = refused_with(lms, browser, aud=[lms.client_id, "other"], azp="other")
    assert answer == wrong("unknown_client", issuer=lms.issuer, client_id="other")


def test_an_authorized_party_outside_the_audience(lms: Hand, browser: requests.Session) -> None:
    answer = refused_with(lms, browser, aud=[lms.client_id, "other"], azp="third")
    assert answer == wrong("wrong_audience", issuer=lms.issuer)


def test_an_audience_of_two_that_does_not_say_which(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, aud=[lms.client_id, "other"]) == missing("azp")


def test_an_unknown_platform(lms: Hand, browser: requests.Session) -> None:
    answer = refused_with(lms, browser, iss="https://nowhere.example")
    assert answer == wrong("unknown_issuer", issuer="https://nowhere.example")


def test_an_unknown_deployment_is_kept_once_and_comes_in_when_it_is_approved(
    klimop: Klimop, lms: Hand, browser: requests.Session
) -> None:
    before = klimop.stored()
    named = {"issuer": lms.issuer, "client_id": lms.client_id, "deployment_id": "new"}
    for _twice in range(2):
        answer = shown(lms.launch(browser, deployment_id="new"))
        assert answer == Shown(PLUGGED_WRONGLY, "deployment_waiting", named)
    after = klimop.stored()
    (waiting,) = set(after.pop("deployment")) - set(before.pop("deployment"))
    assert (waiting.deployment_id, waiting.approved_at) == ("new", None)
    assert after == before
    with klimop.database.begin() as db:
        registering.approve_deployment(db, waiting.id, clock.now())
    assert lms.launch(browser, deployment_id="new").status_code == 200


def test_the_deployment_of_another_registration(
    klimop: Klimop, lms: Hand, other_lms: Hand, browser: requests.Session
) -> None:
    with klimop.database.begin() as db:
        theirs = db.scalars(select(Registration.id).where(Registration.issuer == other_lms.issuer)).one()
        registering.note_deployment(db, theirs, "theirs", clock.now(), approve=True)
    assert other_lms.launch(browser, deployment_id="theirs").status_code == 200
    assert shown(lms.launch(browser, deployment_id="theirs")).reason == "deployment_waiting"


# Replays and mix-ups


def test_the_same_token_twice(lms: Hand, browser: requests.Session) -> None:
    asked = lms.ask(browser)
    token = lms.sign(lms.claims(asked))
    assert lms.post(browser, asked, token).status_code == 200
    assert refused_again(lms, browser, asked, token) == once_more("used_before")


def test_the_same_token_twice_from_a_browser_that_kept_its_cookie(
    lms: Hand, browser: requests.Session
) -> None:
    asked = lms.ask(browser)
    kept, token = browser.cookies.copy(), lms.sign(lms.claims(asked))
    assert lms.post(browser, asked, token).status_code == 200
    browser.cookies = kept
    assert refused_again(lms, browser, asked, token) == once_more("used_before")


def test_a_second_token_for_a_login_that_was_answered(lms: Hand, browser: requests.Session) -> None:
    asked = lms.ask(browser)
    kept = browser.cookies.copy()
    assert lms.post(browser, asked, lms.sign(lms.claims(asked))).status_code == 200
    browser.cookies = kept
    token = lms.sign(lms.claims(asked, sub="someone-else"))
    assert refused_again(lms, browser, asked, token) == once_more("used_before")


def test_the_same_token_many_times_at_once_opens_one_visit(klimop: Klimop, lms: Hand) -> None:
    with new_browser() as browser:
        asked = lms.ask(browser)
        form = {"state": asked["state"], "id_token": lms.sign(lms.claims(asked))}
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    before = len(klimop.rows_of(Visit))

    def send(_turn: int) -> int:
        headers = {"Cookie": cookies}
        return requests.post(
            klimop.launch_url, data=form, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(send, range(6)))
    assert statuses == [303, 400, 400, 400, 400, 400]
    assert len(klimop.rows_of(Visit)) == before + 1


def test_the_nonce_of_another_login(lms: Hand, browser: requests.Session) -> None:
    other = lms.ask(browser)
    answer = refused_with(lms, browser, nonce=other["nonce"])
    assert answer == once_more("wrong_nonce")


def test_no_nonce(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, nonce=ABSENT) == missing("nonce")


@pytest.mark.parametrize("state", ["made-up", "state-made-up.x.y", ""])
def test_a_state_that_was_never_ours(lms: Hand, browser: requests.Session, state: str) -> None:
    answer = refused(lms, browser, lambda asked: lms.sign(lms.claims(asked)), state=state)
    expected = once_more("unknown_state") if state else wrong("missing_parameter", parameter="state")
    assert answer == expected


def test_a_login_at_one_platform_and_a_token_of_another(
    lms: Hand, other_lms: Hand, browser: requests.Session
) -> None:
    answer = refused(lms, browser, lambda asked: other_lms.sign(other_lms.claims(asked)))
    assert answer == wrong("wrong_platform")


def test_a_login_in_one_browser_and_a_launch_in_another(lms: Hand, browser: requests.Session) -> None:
    with new_browser() as victim:
        mine, theirs = lms.ask(browser), lms.ask(victim)
        # As if the secret of her own login answered for the one that was slipped to her.
        secret = victim.cookies[login_cookie_name(theirs["state"])]
        victim.cookies.set(login_cookie_name(mine["state"]), secret)
        before = lms.klimop.stored()
        page = lms.post(victim, mine, lms.sign(lms.claims(mine)))
    assert shown(page) == Shown(OTHER_BROWSER, "wrong_browser")
    assert lms.klimop.stored() == before


# Where to


def test_a_login_for_a_page_that_is_not_ours(lms: Hand, browser: requests.Session) -> None:
    page = lms.begin(browser, target_link_uri=EVIL)
    assert shown(page) == wrong("target_not_ours", target_link_uri=EVIL)


def test_a_launch_of_a_page_that_is_not_ours(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, target_link_uri=EVIL) == wrong("target_not_ours", target_link_uri=EVIL)


def refused_again(lms: Hand, browser: requests.Session, asked: dict[str, str], token: str) -> Shown:
    before = lms.klimop.stored()
    page = lms.post(browser, asked, token)
    assert lms.klimop.stored() == before
    return shown(page)
