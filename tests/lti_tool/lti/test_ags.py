import json
from datetime import datetime, timedelta, timezone

import pytest
import requests

from lti_tool.lti.ags import (
    ActivityProgress,
    Delivery,
    GradingProgress,
    LineItem,
    Score,
    find_or_create_line_item,
    scores_url,
    send_score,
)
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.test_connector import GRANTED, connector_to
from tests.lti_tool.lti.world import query_of

SCORE = Score(
    subject="4",
    given=14,
    maximum=20,
    timestamp=datetime(2026, 11, 23, 10, 30, 5, 250_000, timezone(timedelta(hours=1))),
    comment="Passed",
)
WANTED = LineItem(label="Care", maximum=20, tag="module-care", resource_link_id="link-1")
MADE = {"label": "Care", "scoreMaximum": 20, "tag": "module-care", "resourceLinkId": "link-1"}


@pytest.fixture
def connector(server: LocalServer, session: requests.Session) -> PlatformConnector:
    server.answer("/token", GRANTED)
    return connector_to(server, session)


def scopes_asked(server: LocalServer) -> list[str]:
    return [query_of(f"?{asked.body}")["scope"].rpartition("/")[2] for asked in server.requests_to("/token")]


def test_a_score_is_sent_as_the_standard_writes_it(server: LocalServer, connector: PlatformConnector) -> None:
    server.answer("/2/lineitem/scores?type_id=1", Reply())
    assert send_score(connector, f"{server.url}/2/lineitem?type_id=1", SCORE) is Delivery.DELIVERED
    [sent] = server.requests_to("/2/lineitem/scores?type_id=1")
    assert (sent.method, sent.headers["Content-Type"]) == ("POST", "application/vnd.ims.lis.v1.score+json")
    assert json.loads(sent.body) == {
        "userId": "4",
        "scoreGiven": 14,
        "scoreMaximum": 20,
        "timestamp": "2026-11-23T09:30:05.250+00:00",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "comment": "Passed",
    }
    assert scopes_asked(server) == ["score"]


@pytest.mark.parametrize("reply", [Reply(200), Reply(201, {"id": "x"}), Reply(204), Reply(200, b"<html>")])
def test_any_kind_of_success_is_a_delivery(
    server: LocalServer, connector: PlatformConnector, reply: Reply
) -> None:
    server.answer("/1/scores", reply)
    assert send_score(connector, f"{server.url}/1", SCORE) is Delivery.DELIVERED


def test_a_score_of_the_same_second_or_later_is_there_already(
    server: LocalServer, connector: PlatformConnector
) -> None:
    server.answer("/1/scores", Reply(409))
    assert send_score(connector, f"{server.url}/1", SCORE) is Delivery.ALREADY_THERE


def test_a_score_for_someone_who_cannot_have_one_is_refused(
    server: LocalServer, connector: PlatformConnector
) -> None:
    server.answer("/1/scores", Reply(400, {"reason": "Unknown user 4"}))
    with pytest.raises(PlatformRefusedError) as refused:
        send_score(connector, f"{server.url}/1", SCORE)
    assert refused.value.status == 400
    assert "Unknown user" not in repr(refused.value)


def test_a_score_at_a_platform_in_trouble_can_be_sent_later(
    server: LocalServer, connector: PlatformConnector
) -> None:
    server.answer("/1/scores", Reply(503, headers=(("Retry-After", "30"),)), Reply(200))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        send_score(connector, f"{server.url}/1", SCORE)
    assert unavailable.value.retry_after == timedelta(seconds=30)
    assert send_score(connector, f"{server.url}/1", SCORE) is Delivery.DELIVERED


def test_scores_go_behind_the_path_and_before_the_query() -> None:
    assert scores_url("https://lms.example/1") == "https://lms.example/1/scores"
    assert scores_url("https://lms.example/1/") == "https://lms.example/1/scores"
    assert scores_url("https://lms.example/1?a=b?c&d=/") == "https://lms.example/1/scores?a=b?c&d=/"


@pytest.mark.parametrize(
    ("given", "maximum"), [(-1.0, 20.0), (1.0, 0.0), (float("nan"), 20.0), (1.0, float("inf"))]
)
def test_a_score_that_is_none_cannot_be_made(given: float, maximum: float) -> None:
    with pytest.raises(ValueError, match="a score is"):
        Score(subject="4", given=given, maximum=maximum, timestamp=SCORE.timestamp)


def test_a_score_needs_an_aware_time_and_a_person() -> None:
    with pytest.raises(ValueError, match="aware"):
        Score(subject="4", given=1, maximum=2, timestamp=SCORE.timestamp.replace(tzinfo=None))
    with pytest.raises(ValueError, match="someone"):
        Score(subject="", given=1, maximum=2, timestamp=SCORE.timestamp)


def test_progress_has_the_standards_names() -> None:
    assert (ActivityProgress.IN_PROGRESS.value, GradingProgress.PENDING_MANUAL.value) == (
        "InProgress",
        "PendingManual",
    )


def test_our_line_item_is_found_on_a_later_page(server: LocalServer, connector: PlatformConnector) -> None:
    others = [{"id": f"{server.url}/1", "tag": "other"}, {"id": f"{server.url}/2", "tag": "module-care"}]
    first = Reply(content=others, headers=(("Link", "</items?type_id=1&page=2>; rel=next"),))
    url = server.answer("/items?type_id=1", first)
    server.answer("/items?type_id=1&page=2", Reply(content=[{"id": f"{server.url}/3", **MADE}]))
    assert find_or_create_line_item(connector, url, WANTED) == f"{server.url}/3"
    [asked] = server.requests_to("/items?type_id=1")
    assert asked.headers["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert scopes_asked(server) == ["lineitem"]


def test_a_line_item_is_made_where_there_is_none(server: LocalServer, connector: PlatformConnector) -> None:
    url = server.answer("/items", Reply(content=[]), Reply(201, {"id": f"{server.url}/9", **MADE}))
    assert find_or_create_line_item(connector, url, WANTED) == f"{server.url}/9"
    _, made = server.requests_to("/items")
    assert json.loads(made.body) == MADE
    assert made.headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert made.headers["Accept"] == "application/vnd.ims.lis.v2.lineitem+json"


@pytest.mark.parametrize(
    "replies",
    [
        [Reply(content=b"<html>")],
        [Reply(content={"items": []})],
        [Reply(content=[1])],
        [Reply(content=[{"id": 3, **MADE}])],
        [Reply(content=[]), Reply(201)],
        [Reply(content=[]), Reply(201, {"label": "Care"})],
        [Reply(content=[]), Reply(201, {"id": "javascript:alert(1)"})],
    ],
)
def test_line_items_that_cannot_be_read_are_a_fault(
    server: LocalServer, connector: PlatformConnector, replies: list[Reply]
) -> None:
    url = server.answer("/items", *replies)
    with pytest.raises(PlatformUnavailableError) as unavailable:
        find_or_create_line_item(connector, url, WANTED)
    assert unavailable.value.cause == "unreadable line items"


def test_a_line_item_without_a_tag_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="tag"):
        LineItem(label="Care", maximum=20, tag="")
