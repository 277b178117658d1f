import pytest

from lti_tool.demo.current import Campus
from lti_tool.demo.groups import GROUPS_TYPE
from lti_tool.demo.lms import GROUP_READ, MEMBERSHIP_READ
from tests.lti_tool.demo.tool import Client, Tool


def groups_url(client: Client, course_id: str = "2") -> str:
    return f"{client.lms.issuer}/services/{course_id}/groups"


def test_a_course_of_managers_has_two_groups_in_pages_if_asked(client: Client) -> None:
    url, token = groups_url(client), client.token(GROUP_READ)
    answer = client.get(url, token, accept=GROUPS_TYPE)
    groups = [{"id": "1", "name": "Groep A"}, {"id": "2", "name": "Groep B"}]
    assert answer.headers["Content-Type"] == GROUPS_TYPE
    assert answer.json() == {"id": url, "groups": groups}
    first = client.get(f"{url}?limit=1", token)
    second = client.get(first.links["next"]["url"], token)
    assert first.json()["groups"] + second.json()["groups"] == groups
    assert "next" not in second.links


def test_a_course_of_others_has_none(client: Client) -> None:
    assert client.get(groups_url(client, "3"), client.token(GROUP_READ)).json()["groups"] == []


@pytest.mark.parametrize(("sub", "groups"), [("11", ["2"]), ("12", ["1"]), ("3", []), ("99", [])])
def test_groups_can_be_asked_for_one_person(client: Client, sub: str, groups: list[str]) -> None:
    answer = client.get(f"{groups_url(client)}?user_id={sub}", client.token(GROUP_READ))
    assert [group["id"] for group in answer.json()["groups"]] == groups


def test_a_roster_tells_the_groups_of_its_members_if_asked(client: Client) -> None:
    url = f"{client.lms.issuer}/services/2/memberships?limit=9"
    token = client.token(MEMBERSHIP_READ)
    asked = client.get(f"{url}&groups=true", token).json()["members"]
    assert {member["user_id"]: member["group_enrollments"] for member in asked} == {
        "3": [],
        "4": [],
        "5": [],
        "11": [{"group_id": "2"}],
        "12": [{"group_id": "1"}],
        "13": [{"group_id": "2"}],
        "14": [{"group_id": "1"}],
    }
    assert all("group_enrollments" not in member for member in client.get(url, token).json()["members"])


def test_groups_want_their_scope_their_media_type_and_a_platform_that_has_them(
    tool: Tool, campus: Campus, client: Client
) -> None:
    assert client.get(groups_url(client), client.token(MEMBERSHIP_READ)).status_code == 403
    answer = client.get(groups_url(client), client.token(GROUP_READ), accept="application/json")
    assert answer.status_code == 406
    without = Client(tool, campus.lms("ucll"))
    refused = without.ask_token(tool.key.sign(without.claims()), GROUP_READ)
    assert refused.json()["error"] == "invalid_scope"
    without.http.close()
