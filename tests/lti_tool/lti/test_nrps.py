import pytest

from lti_tool.lti.claims import PersonClaims
from lti_tool.lti.connector import PlatformConnector, PlatformUnavailableError
from lti_tool.lti.nrps import Member, MemberStatus, Roster, read_differences, read_roster
from lti_tool.lti.roles import Role
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.world import CLAIM, query_of
from tests.platform.moodle import moodle

NOBODY = PersonClaims("", "", "", "")


def learner(subject: str, given_name: str, family_name: str, email: str) -> Member:
    person = PersonClaims(f"{given_name} {family_name}", given_name, family_name, f"{email}@example.test")
    return Member(subject, person, Role.LEARNER, MemberStatus.ACTIVE)


def test_a_roster_from_moodle_is_read_whole_and_in_order(
    server: LocalServer, connector: PlatformConnector
) -> None:
    server.answer("/members?limit=100", Reply(content=moodle("nrps-members")))
    members = (
        learner("22", "Fatima", "Al-Zahra", "fatima.alzahra"),
        learner("30", "Hannah", "Cohen", "hannah.cohen"),
        learner("33", "Samuel", "Adeyemi", "samuel.adeyemi"),
        learner("6", "Sofia", "Bianchi", "sofia.bianchi"),
    )
    assert read_roster(connector, f"{server.url}/members") == Roster(members)
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
    members = (
        Member("1", NOBODY, Role.OBSERVER, MemberStatus.ACTIVE),
        Member("2", NOBODY, Role.TEACHER, MemberStatus.INACTIVE),
    )
    assert read_roster(connector, f"{server.url}/members?a=b") == Roster(members)


def test_a_page_size_that_the_platform_chose_is_kept(
    server: LocalServer, connector: PlatformConnector
) -> None:
    url = server.answer("/members?limit=5", Reply(content={"members": []}))
    assert read_roster(connector, url) == Roster(())


def test_a_roster_for_a_link_tells_what_each_launch_would_carry_and_who_is_in_which_group(
    server: LocalServer, connector: PlatformConnector
) -> None:
    launch = {f"{CLAIM}message_type": "LtiResourceLinkRequest", f"{CLAIM}custom": {"employer": "Ziekenhuis"}}
    other = {f"{CLAIM}message_type": "LtiOtherRequest", f"{CLAIM}custom": {"employer": "none"}}
    member = {
        "user_id": "1",
        "roles": ["Learner"],
        "message": [launch, other],
        "group_enrollments": [{"group_id": "b"}, {"group_id": 7}, {"group_id": "b"}],
    }
    page = Reply(content={"members": [member]})
    server.answer("/members?a=b&limit=100&rlid=link+1&groups=true", page)
    roster = read_roster(connector, f"{server.url}/members?a=b", resource_link_id="link 1", with_groups=True)
    active = MemberStatus.ACTIVE
    expected = Member("1", NOBODY, Role.LEARNER, active, ("7", "b"), {"employer": "Ziekenhuis"})
    assert roster == Roster((expected,))


def test_differences_are_asked_for_where_the_last_page_said(
    server: LocalServer, connector: PlatformConnector
) -> None:
    more = (("Link", '</members?p=2>; rel="next"'),)
    last = (("Link", '</since?t=1&x=y>; rel="differences", </members>; rel="first"'),)
    server.answer("/members?limit=100", Reply(content={"members": [{"user_id": "1"}]}, headers=more))
    server.answer("/members?p=2", Reply(content={"members": []}, headers=last))
    roster = read_roster(connector, f"{server.url}/members")
    assert roster.differences_url == f"{server.url}/since?t=1&x=y"
    changed = {"members": [{"user_id": "1", "roles": ["Learner"], "status": "Deleted"}]}
    again = (("Link", '</since?t=2>; rel="differences"'),)
    server.answer("/since?t=1&x=y", Reply(content=changed, headers=again))
    gone = Member("1", NOBODY, Role.LEARNER, MemberStatus.DELETED)
    assert read_differences(connector, roster.differences_url) == Roster((gone,), f"{server.url}/since?t=2")


def test_a_roster_of_twelve_thousand_is_read_whole(server: LocalServer, connector: PlatformConnector) -> None:
    for page in range(120):
        members = [{"user_id": f"{page * 100 + number:05}", "roles": ["Learner"]} for number in range(100)]
        link = (("Link", f"</members?p={page + 1}>; rel=next"),) if page < 119 else ()
        reply = Reply(content={"members": members}, headers=link)
        server.answer(f"/members?p={page}" if page else "/members?limit=100", reply)
    roster = read_roster(connector, f"{server.url}/members")
    assert [member.subject for member in roster.members] == [f"{number:05}" for number in range(12_000)]


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
        {"members": [{"user_id": "4", "message": "none"}]},
        {"members": [{"user_id": "4", "message": [{f"{CLAIM}custom": [1]}]}]},
        {"members": [{"user_id": "4", "group_enrollments": [{"group_id": 1.5}]}]},
    ],
)
def test_a_roster_that_cannot_be_read_is_a_fault(
    server: LocalServer, connector: PlatformConnector, content: object
) -> None:
    server.answer("/members?limit=100", Reply(content=content))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        read_roster(connector, f"{server.url}/members")
    assert unavailable.value.cause == "unreadable roster"
