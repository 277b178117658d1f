import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lti_tool.lti.ags import (
    LineItem,
    WantedLineItem,
    delete_line_item,
    find_or_create_line_item,
    read_line_item,
    read_line_items,
    update_line_item,
)
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from tests.lti_tool.lti.ags.tokens import scopes_asked
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.test_connector import GRANTED

WANTED = WantedLineItem(label="Care", maximum=20, tag="module-care", resource_link_id="link-1")
MADE = {"label": "Care", "scoreMaximum": 20, "tag": "module-care", "resourceLinkId": "link-1"}


def made(url: str) -> LineItem:
    """Return the line item that was wanted, at `url`."""
    return LineItem(url=url, label="Care", maximum=20, tag="module-care", resource_link_id="link-1")


def test_line_items_are_read_as_the_platform_tells_them(
    server: LocalServer, connector: PlatformConnector
) -> None:
    told = {
        "id": f"{server.url}/1",
        "label": "Care",
        "scoreMaximum": 20,
        "tag": "module-care",
        "resourceId": "care",
        "resourceLinkId": "link-1",
        "startDateTime": "2026-09-21T08:00:00Z",
        "endDateTime": "soon",
    }
    link = (("Link", "</items?type_id=1&page=2>; rel=next"),)
    url = server.answer("/items?type_id=1", Reply(content=[told], headers=link))
    server.answer("/items?type_id=1&page=2", Reply(content=[{"id": f"{server.url}/2", "tag": None}]))
    assert read_line_items(connector, url) == (
        LineItem(
            url=f"{server.url}/1",
            label="Care",
            maximum=20,
            tag="module-care",
            resource_id="care",
            resource_link_id="link-1",
            starts_at=datetime(2026, 9, 21, 8, tzinfo=UTC),
        ),
        LineItem(url=f"{server.url}/2"),
    )
    [asked] = server.requests_to("/items?type_id=1")
    assert asked.headers["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert scopes_asked(server) == ["lineitem.readonly"]


def test_only_line_items_that_match_are_returned_also_where_filters_are_left_aside(
    server: LocalServer, connector: PlatformConnector
) -> None:
    ours = {"tag": "t", "resourceLinkId": "l", "resourceId": "r"}
    others = [ours | {name: "other"} for name in ours]
    entries = [{"id": f"{server.url}/{number}", **entry} for number, entry in enumerate([ours, *others])]
    server.answer("/items?type_id=1&tag=t&resource_link_id=l&resource_id=r", Reply(content=entries))
    url = f"{server.url}/items?type_id=1"
    found = read_line_items(connector, url, tag="t", resource_link_id="l", resource_id="r")
    assert [item.url for item in found] == [f"{server.url}/0"]


@pytest.mark.parametrize(
    "refusal", [Reply(400, {"error": "invalid_scope"}), Reply(401, {"error": "x"}), Reply(403)]
)
def test_where_only_writing_is_granted_that_is_enough_to_read(
    server: LocalServer, connector: PlatformConnector, refusal: Reply
) -> None:
    server.answer("/token", refusal, GRANTED)
    url = server.answer("/items", Reply(content=[]))
    assert read_line_items(connector, url) == ()
    assert scopes_asked(server) == ["lineitem.readonly", "lineitem"]


def test_a_refusal_of_another_kind_is_not_asked_twice(
    server: LocalServer, connector: PlatformConnector
) -> None:
    with pytest.raises(PlatformRefusedError) as refused:
        read_line_item(connector, f"{server.url}/gone")
    assert refused.value.status == 404
    assert scopes_asked(server) == ["lineitem.readonly"]


def test_one_line_item_is_read_by_its_address(server: LocalServer, connector: PlatformConnector) -> None:
    url = server.answer("/1?type_id=1", Reply(content={"id": f"{server.url}/1?type_id=1", **MADE}))
    assert read_line_item(connector, url) == made(url)
    [asked] = server.requests_to("/1?type_id=1")
    assert asked.headers["Accept"] == "application/vnd.ims.lis.v2.lineitem+json"


def test_our_line_item_is_found_on_a_later_page(server: LocalServer, connector: PlatformConnector) -> None:
    others = [{"id": f"{server.url}/1", "tag": "other"}, {"id": f"{server.url}/2", "tag": "module-care"}]
    first = Reply(content=others, headers=(("Link", "</items?type_id=1&page=2>; rel=next"),))
    server.answer("/items?type_id=1&tag=module-care&resource_link_id=link-1", first)
    server.answer("/items?type_id=1&page=2", Reply(content=[{"id": f"{server.url}/3", **MADE}]))
    found = find_or_create_line_item(connector, f"{server.url}/items?type_id=1", WANTED)
    assert found == made(f"{server.url}/3")


def test_a_column_of_its_own_is_preferred_to_one_of_a_link_and_that_to_a_second(
    server: LocalServer, connector: PlatformConnector
) -> None:
    wanted = replace(WANTED, resource_link_id="")
    linked = {"id": f"{server.url}/1", **MADE}
    own = {"id": f"{server.url}/2", **MADE, "resourceLinkId": None}
    server.answer("/items?tag=module-care", Reply(content=[linked, own]), Reply(content=[linked]))
    url = f"{server.url}/items"
    assert find_or_create_line_item(connector, url, wanted).url == f"{server.url}/2"
    assert find_or_create_line_item(connector, url, wanted) == made(f"{server.url}/1")


def test_a_line_item_is_made_where_there_is_none(server: LocalServer, connector: PlatformConnector) -> None:
    server.answer("/items?tag=module-care&resource_link_id=link-1", Reply(content=[]))
    url = server.answer("/items", Reply(201, {"id": f"{server.url}/9"}))
    assert find_or_create_line_item(connector, url, WANTED) == made(f"{server.url}/9")
    [sent] = server.requests_to("/items")
    assert (sent.method, json.loads(sent.body)) == ("POST", MADE)
    assert sent.headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert sent.headers["Accept"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert scopes_asked(server) == ["lineitem.readonly", "lineitem"]


@pytest.mark.parametrize(
    "replies",
    [
        [Reply(content=b"<html>")],
        [Reply(content={"items": []})],
        [Reply(content=[1])],
        [Reply(content=[{"id": 3, **MADE}])],
        [Reply(content=[{"id": "https://lms.example/3", "scoreMaximum": "20"}])],
        [Reply(content=[]), Reply(201)],
        [Reply(content=[]), Reply(201, {"label": "Care"})],
        [Reply(content=[]), Reply(201, {"id": "javascript:alert(1)"})],
    ],
)
def test_line_items_that_cannot_be_read_are_a_fault(
    server: LocalServer, connector: PlatformConnector, replies: list[Reply]
) -> None:
    server.answer("/items?tag=module-care&resource_link_id=link-1", replies[0])
    url = server.answer("/items", replies[-1])
    with pytest.raises(PlatformUnavailableError) as unavailable:
        find_or_create_line_item(connector, url, WANTED)
    assert unavailable.value.cause == "unreadable line items"


def test_an_update_changes_what_is_wanted_and_keeps_the_rest(
    server: LocalServer, connector: PlatformConnector
) -> None:
    there = {"id": f"{server.url}/1", **MADE, "resourceId": "care", "endDateTime": "2026-12-24T12:00:00Z"}
    url = server.answer("/1", Reply(content=there), Reply(200))
    update_line_item(connector, url, WantedLineItem(label="Zorg", maximum=10, tag="module-care"))
    _, sent = server.requests_to("/1")
    assert sent.method == "PUT"
    assert sent.headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert json.loads(sent.body) == {
        **MADE,
        "label": "Zorg",
        "scoreMaximum": 10,
        "resourceId": "care",
        "endDateTime": "2026-12-24T12:00:00.000+00:00",
    }
    assert scopes_asked(server) == ["lineitem"]


def test_an_update_that_changes_nothing_is_not_sent(
    server: LocalServer, connector: PlatformConnector
) -> None:
    url = server.answer("/1", Reply(content={"id": f"{server.url}/1", **MADE}))
    update_line_item(connector, url, WANTED)
    assert [request.method for request in server.requests_to("/1")] == ["GET"]


@pytest.mark.parametrize("reply", [Reply(204), Reply(404), Reply(410)])
def test_a_deleted_line_item_is_gone_or_was(
    server: LocalServer, connector: PlatformConnector, reply: Reply
) -> None:
    delete_line_item(connector, server.answer("/1?type_id=1", reply))
    [sent] = server.requests_to("/1?type_id=1")
    assert sent.method == "DELETE"
    assert scopes_asked(server) == ["lineitem"]


def test_a_line_item_that_may_not_be_deleted_is_a_refusal(
    server: LocalServer, connector: PlatformConnector
) -> None:
    with pytest.raises(PlatformRefusedError) as refused:
        delete_line_item(connector, server.answer("/1", Reply(403)))
    assert refused.value.status == 403


def test_a_line_item_without_a_tag_or_with_a_vague_time_cannot_be_wanted() -> None:
    with pytest.raises(ValueError, match="tag"):
        WantedLineItem(label="Care", maximum=20, tag="")
    with pytest.raises(ValueError, match="aware"):
        WantedLineItem(label="Care", maximum=20, tag="care", ends_at=datetime(2026, 12, 24))  # noqa: DTZ001
