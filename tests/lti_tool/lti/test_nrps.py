import pytest
import requests

from lti_tool.lti.claims import PersonClaims
from lti_tool.lti.connector import PlatformConnector, PlatformUnavailableError
from lti_tool.lti.nrps import Member, MemberStatus, read_roster
from lti_tool.lti.roles import Role
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.test_connector import GRANTED, connector_to
from tests.lti_tool.lti.world import moodle, query_of


@pytest.fixture
def connector(server: LocalServer, session: requests.Session) -> PlatformConnector:
    server.answer("/token", GRANTED)
    return connector_to(server, session)


def learner(subject: str, given_name: str, family_name: str, email: str) -> Member:
    person = PersonClaims(f"{given_name} {family_name}", given_name, family_name, f"{email}@example.test")
    return Member(subject, person, Role.LEARNER, MemberStatus.ACTIVE)


def test_a_roster_from_moodle_is_read_whole_and_in_order(
    server: LocalServer, connector: PlatformConnector
) -> None:
    server.answer("/members?limit=100", Reply(content=moodle("nrps-members")))
    assert read_roster(connector, f"{server.url}/members") == (
        learner("22", "Fatima", "Al-Zahra", "fatima.alzahra"),
        learner("30", "Hannah", "Cohen", "hannah.cohen"),
        learner("33", "Samuel", "Adeyemi", "samuel.adeyemi"),
        learner("6", "Sofia", "Bianchi", "sofia.bianchi"),
    )
    [asked] = server.requests_to("/members?limit=100")
    assert asked.headers["Accept"] == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    form = query_of(f"?{server.requests_to('/token')[0].body}")
    assert form["scope"] == "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def test_a_roster_of_two_pages_counts_everyone_once(
    server: LocalServer, connector: PlatformConnector
) -> None:
    link = (("Link", f'<{server.url}/members?From=2>; rel="next"'),)
    server.answer("/members?a=b&limit=100", Reply(content={"members": [{"user_id": "1"}]}, headers=link))
    more = [
        {"user_id": "2", "roles": ["Instructor"], "status": "Inactive", "name": None},
        {"user_id": "1", "roles": ["Mentor"]},
    ]
    server.answer("/members?From=2", Reply(content={"members": more}))
    nobody = PersonClaims("", "", "", "")
    assert read_roster(connector, f"{server.url}/members?a=b") == (
        Member("1", nobody, Role.OBSERVER, MemberStatus.ACTIVE),
        Member("2", nobody, Role.TEACHER, MemberStatus.INACTIVE),
    )


def test_a_page_size_that_the_platform_chose_is_kept(
    server: LocalServer, connector: PlatformConnector
) -> None:
    url = server.answer("/members?limit=5", Reply(content={"members": []}))
    assert read_roster(connector, url) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        [],
        {"members": {}},
        {"members": [None]},
        {"members": [{"name": "An"}]},
        {"members": [{"user_id": 4}]},
        {"members": [{"user_id": "4", "roles": [5]}]},
        {"members": [{"user_id": "4", "status": "Away"}]},
    ],
)
def test_a_roster_that_cannot_be_read_is_a_fault(
    server: LocalServer, connector: PlatformConnector, content: object
) -> None:
    server.answer("/members?limit=100", Reply(content=content))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        read_roster(connector, f"{server.url}/members")
    assert unavailable.value.cause == "unreadable roster"
