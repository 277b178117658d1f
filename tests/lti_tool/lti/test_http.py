import pytest
import requests

from lti_tool.lti.connector import PlatformConnector, PlatformUnavailableError
from lti_tool.lti.http import exchange, with_query
from tests.lti_tool.lti.server import LocalServer, Reply


def test_what_is_asked_for_joins_what_an_address_asks_already() -> None:
    assert with_query("https://lms.example/a", {"b": "c d&e"}) == "https://lms.example/a?b=c+d%26e"
    assert (
        with_query("https://lms.example/a?x=%C3%A9;y", {"b": "1"}) == "https://lms.example/a?x=%C3%A9;y&b=1"
    )
    assert with_query("https://lms.example/a?b=", {"b": "1", "c": ""}) == "https://lms.example/a?b="


def test_links_are_found_by_their_relation(server: LocalServer, session: requests.Session) -> None:
    header = '</p?page=2>; rel="next", <https://lms.example/since?t=1>; rel=differences'
    url = server.answer("/p", Reply(headers=(("Link", header),)))
    answer = exchange(session, "GET", url, seconds=5, most_bytes=10)
    assert answer.links == {
        "next": f"{server.url}/p?page=2",
        "differences": "https://lms.example/since?t=1",
    }


def test_a_link_that_is_no_address_is_a_fault_for_whoever_follows_it(
    server: LocalServer, connector: PlatformConnector
) -> None:
    url = server.answer("/p", Reply(content=b"1", headers=(("Link", "<http://[>; rel=next"),)))
    pages = connector.pages(url, scopes=["read"], accept="text/plain")
    assert next(pages) == b"1"
    with pytest.raises(PlatformUnavailableError) as unavailable:
        next(pages)
    assert unavailable.value.cause == "no connection"
