import pytest

from lti_tool.demo.claims import LTI, MEMBERSHIP
from lti_tool.demo.current import Campus
from lti_tool.demo.lms import MEMBERSHIP_READ, SCORE_WRITE
from tests.lti_tool.demo.tool import Client, Tool

ROSTER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def roster_url(client: Client, course_id: str = "2") -> str:
    return f"{client.lms.issuer}/services/{course_id}/memberships"


def members(client: Client, url: str) -> list[list[str]]:
    """Return the user ids of each page, following the Link headers."""
    pages, token = [], client.token(MEMBERSHIP_READ)
    while url:
        answer = client.get(url, token, accept=ROSTER_TYPE)
        pages.append([member["user_id"] for member in answer.json()["members"]])
        url = answer.links.get("next", {}).get("url", "")
    return pages


@pytest.fixture
def odisee(tool: Tool, campus: Campus) -> Client:
    return Client(tool, campus.lms("odisee"))


def test_a_roster_names_its_course_and_its_people(odisee: Client) -> None:
    answer = odisee.get(roster_url(odisee, "3"), odisee.token(MEMBERSHIP_READ), accept=ROSTER_TYPE)
    assert answer.headers["Content-Type"] == ROSTER_TYPE
    body = answer.json()
    noor = {
        "user_id": "21",
        "status": "Active",
        "roles": [f"{MEMBERSHIP}Learner"],
        "name": "Noor Vermeiren",
        "given_name": "Noor",
        "family_name": "Vermeiren",
        "email": "noor-vermeiren@example.test",
    }
    nameless = {"user_id": "22", "status": "Active", "roles": [f"{MEMBERSHIP}Learner"]}
    assert body["id"] == roster_url(odisee, "3")
    assert body["context"]["title"] == "Health Innovation Facilitation"
    assert [member["user_id"] for member in body["members"]] == ["3", "4", "21", "22"]
    assert body["members"][2:] == [noor, nameless]


def test_some_platforms_write_roles_short(tool: Tool, campus: Campus) -> None:
    client = Client(tool, campus.lms("ucll"))
    body = client.get(roster_url(client), client.token(MEMBERSHIP_READ)).json()
    assert [member["roles"] for member in body["members"]] == [
        ["Instructor"],
        ["Mentor"],
        *[["Learner"]] * 4,
    ]


def test_a_roster_comes_whole_or_in_pages_of_the_limit(odisee: Client) -> None:
    url = roster_url(odisee)
    assert members(odisee, url) == [["3", "4", "11", "12", "13", "14"]]
    assert members(odisee, f"{url}?limit=4") == [["3", "4", "11", "12"], ["13", "14"]]
    assert members(odisee, f"{url}?limit=3") == [["3", "4", "11"], ["12", "13", "14"]]


def test_some_platforms_always_send_pages(tool: Tool, campus: Campus) -> None:
    client = Client(tool, campus.lms("thomas-more"))
    assert members(client, roster_url(client)) == [["3", "11", "12"], ["13", "14"]]


@pytest.mark.parametrize("role", ["Instructor", f"{MEMBERSHIP}Instructor"])
def test_a_roster_can_be_asked_for_one_role(odisee: Client, role: str) -> None:
    url = roster_url(odisee) + "?role=" + role.replace("#", "%23")
    assert members(odisee, url) == [["3", "4"]]
    assert members(odisee, url + "&limit=1") == [["3"], ["4"]]


def test_with_a_link_each_member_comes_with_its_custom_parameters(odisee: Client) -> None:
    url = roster_url(odisee) + "?rlid=2&role=Learner&limit=1"
    member = odisee.get(url, odisee.token(MEMBERSHIP_READ)).json()["members"][0]
    assert member["message"] == [
        {
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}custom": {
                "cohort": "management-autumn",
                "view": "live",
                "employer": "Thuisverpleging Nabij",
            },
        }
    ]


@pytest.mark.parametrize(
    ("query", "status"), [("?rlid=3", 404), ("?limit=many", 400), ("?limit=-1", 400), ("?offset=x", 400)]
)
def test_a_roster_refuses_what_it_does_not_know(odisee: Client, query: str, status: int) -> None:
    assert odisee.get(roster_url(odisee) + query, odisee.token(MEMBERSHIP_READ)).status_code == status


def test_a_roster_wants_its_scope_and_its_media_type(odisee: Client) -> None:
    url = roster_url(odisee)
    assert odisee.get(url, odisee.token(SCORE_WRITE)).status_code == 403
    assert odisee.get(url, odisee.token(MEMBERSHIP_READ), accept="application/json").status_code == 406
    assert odisee.get(roster_url(odisee, "9"), odisee.token(MEMBERSHIP_READ)).status_code == 404
