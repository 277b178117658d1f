import pytest

from lti_tool.lti.connector import PlatformConnector, PlatformUnavailableError
from lti_tool.lti.groups import Group, read_groups
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.world import query_of


def test_groups_of_all_pages_are_read_with_the_names_of_their_sets(
    server: LocalServer, connector: PlatformConnector
) -> None:
    first = [{"id": 12, "name": "Evening", "set_id": "s1"}, {"id": "11", "name": "Day", "set_id": "gone"}]
    link = (("Link", "</groups?course=1&page=2>; rel=next"),)
    server.answer("/groups?course=1", Reply(content={"groups": first}, headers=link))
    server.answer("/groups?course=1&page=2", Reply(content={"groups": [{"id": "13", "name": "Free"}]}))
    server.answer("/sets", Reply(content={"sets": [{"id": "s1", "name": "Live sessions"}]}))
    found = read_groups(connector, f"{server.url}/groups?course=1", sets_url=f"{server.url}/sets")
    assert found == (Group("11", "Day"), Group("12", "Evening", "Live sessions"), Group("13", "Free"))
    [asked] = server.requests_to("/groups?course=1")
    assert asked.headers["Accept"] == "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
    [token] = server.requests_to("/token")
    scope = query_of(f"?{token.body}")["scope"]
    assert scope == "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"


def test_groups_without_an_address_for_sets_are_in_none(
    server: LocalServer, connector: PlatformConnector
) -> None:
    url = server.answer("/groups", Reply(content={"groups": [{"id": "1", "name": "Day", "set_id": 3}]}))
    assert read_groups(connector, url) == (Group("1", "Day"),)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        [],
        {"groups": {}},
        {"groups": [{"name": "Day"}]},
        {"groups": [{"id": True}]},
        {"groups": [{"id": "1", "name": 5}]},
        {"groups": [{"id": "1", "set_id": []}]},
        b'{"groups": [{"id": 1' + b"0" * 300 + b"}]}",
    ],
)
def test_groups_that_cannot_be_read_are_a_fault(
    server: LocalServer, connector: PlatformConnector, content: object
) -> None:
    url = server.answer("/groups", Reply(content=content))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        read_groups(connector, url)
    assert unavailable.value.cause == "unreadable groups"
