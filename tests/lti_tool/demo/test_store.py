from datetime import timedelta
from pathlib import Path

import pytest

from lti_tool.clock import now
from lti_tool.demo.campus import create_campus
from lti_tool.demo.config import CampusConfig, ToolUrls
from lti_tool.demo.current import Campus
from lti_tool.demo.scores import Score
from lti_tool.demo.store import Store
from tests.platform.campus import AGENDA_START


def campus_of(file: Path) -> Campus:
    tool = ToolUrls.under("http://127.0.0.1:8000")
    return create_campus(CampusConfig("http://localhost:8100", tool, file, AGENDA_START))


def test_a_campus_that_starts_again_goes_on_with_what_it_had(tmp_path: Path) -> None:
    score = Score(sub="11", given=7.0, maximum=10.0, comment="Goed", moment=now().replace(microsecond=0))
    before = campus_of(tmp_path / "campus.sqlite3")
    before.store.keep_score("vives", "1", score)
    before.store.close_services("vives")
    before.store.keep_token("vives", "token", scopes=frozenset({"scope"}), expires=now() + timedelta(hours=1))
    before.store.use_assertion("vives", "jti", expires=now() + timedelta(hours=1), now=now())

    after = campus_of(tmp_path / "campus.sqlite3")
    assert after.secret_key == before.secret_key
    assert [lms.key.jwk() for lms in after.lmses] == [lms.key.jwk() for lms in before.lmses]
    assert after.store.scores("vives", "1") == {"11": score}
    assert (after.store.is_closed("vives"), after.store.is_closed("ucll")) == (True, False)
    assert after.store.token_scopes("vives", "token", now=now()) == {"scope"}
    assert not after.store.use_assertion("vives", "jti", expires=now() + timedelta(hours=1), now=now())


def test_two_campuses_share_no_key(campus: Campus, tmp_path: Path) -> None:
    kids = {lms.key.kid for lms in (*campus.lmses, *campus_of(tmp_path / "another.sqlite3").lmses)}
    assert len(kids) == 12


def test_an_assertion_is_forgotten_once_it_has_expired(tmp_path: Path) -> None:
    store = Store(tmp_path / "campus.sqlite3")
    moment = now()
    later = moment + timedelta(minutes=2)
    assert store.use_assertion("vives", "jti", expires=moment + timedelta(minutes=1), now=moment)
    assert store.use_assertion("vives", "jti", expires=later, now=later)


def test_what_a_registration_needs(campus: Campus) -> None:
    lms, issuer = campus.lms("luca"), f"{campus.settings.base_url}/luca"
    assert (lms.issuer, lms.client_id, lms.deployment_id) == (issuer, "r8YvBe5HuSc3IpF", "1")
    assert lms.auth_login_url == f"{issuer}/lti/auth"
    assert lms.token_url == f"{issuer}/lti/token"
    assert lms.jwks_url == f"{issuer}/lti/jwks"


@pytest.mark.parametrize("base_url", ["http://localhost:8100/", "localhost"])
def test_a_campus_needs_an_absolute_address(tmp_path: Path, base_url: str) -> None:
    with pytest.raises(ValueError, match="absolute address"):
        CampusConfig(base_url, ToolUrls.under("http://127.0.0.1:8000"), tmp_path / "file", AGENDA_START)
