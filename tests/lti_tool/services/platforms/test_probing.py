"""A test of a platform's endpoints, against a server that answers as it is told."""

from collections.abc import Iterator

import pytest
import requests

from lti_tool.lti.ags import SCORE_SCOPE
from lti_tool.lti.http import new_session
from lti_tool.lti.keys import public_keyset
from lti_tool.lti.nrps import ROSTER_SCOPE
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.services.platforms.probing import Check, Finding, Outcome, Probe, prepare_probe, probe
from lti_tool.services.platforms.registering import NoRegistrationError
from lti_tool.storage.database import Database
from lti_tool.storage.models import Context, Deployment, Roster
from tests.lti_tool.lti.memory import Memory
from tests.lti_tool.lti.server import LocalServer, Reply, serving
from tests.lti_tool.lti.world import platform_key
from tests.lti_tool.services.cohort import NOW, add_cohort, registration

GOOD, REFUSED, SILENT, SKIPPED = Outcome.GOOD, Outcome.REFUSED, Outcome.SILENT, Outcome.SKIPPED
TOKEN = Reply(content={"access_token": "t", "expires_in": 3600})
MEMBERS = [{"user_id": name, "name": "An Maes", "roles": ["Learner"]} for name in ("1", "2")]


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A platform whose endpoints all answer as they should."""
    with serving() as server:
        server.answer("/jwks", Reply(content=public_keyset([platform_key("platform")])))
        server.answer("/token", TOKEN)
        server.answer("/roster?limit=100", Reply(content={"members": MEMBERS}))
        yield server


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with new_session() as session:
        yield session


def _probe(
    server: LocalServer, session: requests.Session, *scopes: str, roster: str = "/roster"
) -> tuple[Finding, ...]:
    platform = PlatformRegistration(
        id=1,
        issuer="https://lms.example",
        client_id="klimop",
        auth_login_url="https://lms.example/auth",
        token_url=f"{server.url}/token",
        jwks_url=f"{server.url}/jwks",
    )
    subject = Probe(platform, frozenset(scopes), server.url + roster if roster else "")
    keys = Memory(tool_keys=[platform_key("tool")])
    return probe(subject, keys=keys, session=session, now=NOW)


def test_a_healthy_platform_passes_every_check(server: LocalServer, session: requests.Session) -> None:
    assert _probe(server, session) == (
        Finding(Check.KEYS, GOOD, count=1),
        Finding(Check.GRADES, GOOD),
        Finding(Check.ROSTER, GOOD),
        Finding(Check.MEMBERS, GOOD, count=2),
    )


def test_only_what_was_agreed_is_asked_for(server: LocalServer, session: requests.Session) -> None:
    found = _probe(server, session, SCORE_SCOPE)
    assert [finding.check for finding in found] == [Check.KEYS, Check.GRADES, Check.MEMBERS]
    assert found[-1] == Finding(Check.MEMBERS, SKIPPED)
    [asked] = server.requests_to("/token")
    assert "lti-ags%2Fscope%2Fscore&" in f"{asked.body}&"
    assert "lineitem" not in asked.body


def test_without_a_course_no_list_is_read(server: LocalServer, session: requests.Session) -> None:
    assert _probe(server, session, ROSTER_SCOPE, roster="")[-1] == Finding(Check.MEMBERS, SKIPPED)


@pytest.mark.parametrize(
    ("reply", "finding"),
    [
        (Reply(404), Finding(Check.KEYS, REFUSED, cause="status 404")),
        (Reply(content={"keys": []}), Finding(Check.KEYS, REFUSED)),
        (Reply(content=b"x" * 300_000), Finding(Check.KEYS, SILENT, cause="too large")),
    ],
    ids=["none there", "no key in it", "far too much"],
)
def test_keys_that_cannot_be_used_are_told(
    server: LocalServer, session: requests.Session, reply: Reply, finding: Finding
) -> None:
    server.answer("/jwks", reply)
    assert _probe(server, session)[0] == finding


def test_a_service_that_is_refused_does_not_hide_the_others(
    server: LocalServer, session: requests.Session
) -> None:
    server.answer("/token", Reply(400, {"error": "invalid_scope"}), TOKEN)
    assert _probe(server, session)[1:] == (
        Finding(Check.GRADES, REFUSED, cause="status 400 invalid_scope"),
        Finding(Check.ROSTER, GOOD),
        Finding(Check.MEMBERS, GOOD, count=2),
    )


def test_a_platform_that_is_silent_is_asked_once(server: LocalServer, session: requests.Session) -> None:
    server.answer("/token", Reply(503))
    assert _probe(server, session)[1:] == (
        Finding(Check.GRADES, SILENT, cause="status 503"),
        Finding(Check.ROSTER, SKIPPED),
        Finding(Check.MEMBERS, SKIPPED),
    )
    assert len(server.requests_to("/token")) == 1


@pytest.mark.parametrize(
    ("reply", "finding"),
    [
        (Reply(403), Finding(Check.MEMBERS, REFUSED, cause="status 403")),
        (Reply(content=b"<html>"), Finding(Check.MEMBERS, SILENT, cause="unreadable roster")),
    ],
)
def test_a_list_that_cannot_be_read_is_told(
    server: LocalServer, session: requests.Session, reply: Reply, finding: Finding
) -> None:
    server.answer("/roster?limit=100", reply)
    assert _probe(server, session)[-1] == finding


def test_the_list_is_that_of_the_course_seen_last(database: Database) -> None:
    with database.begin() as db:
        add_cohort(db, learners=0)
        other = registration()
        other.id, other.issuer = 2, "https://other.example"
        db.add(other)
        db.flush()
        for registration_id, name in ((1, "old"), (1, "new"), (2, "other")):
            deployment = Deployment(
                registration_id=registration_id,
                deployment_id=name,
                institution_id=1,
                seen_at=NOW,
                approved_at=NOW,
            )
            db.add(deployment)
            db.flush()
            context = Context(deployment_id=deployment.id, context_id=name, title="")
            db.add(context)
            db.flush()
            url = f"https://lms.example/{name}"
            db.add(Roster(context_id=context.id, cohort_id=1, url=url, link_id="1"))
            db.flush()
        assert prepare_probe(db, 1).roster_url == "https://lms.example/new"


def test_a_platform_that_nobody_knows_is_not_tested(database: Database) -> None:
    with database.begin() as db, pytest.raises(NoRegistrationError):
        prepare_probe(db, 404)
