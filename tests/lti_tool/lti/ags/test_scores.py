import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from lti_tool.lti.ags import ActivityProgress, Delivery, GradingProgress, Score, scores_url, send_score
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from tests.lti_tool.lti.ags.tokens import scopes_asked
from tests.lti_tool.lti.server import LocalServer, Reply

SCORE = Score(
    subject="4",
    given=14,
    maximum=20,
    timestamp=datetime(2026, 11, 23, 10, 30, 5, 250_000, timezone(timedelta(hours=1))),
    comment="Passed",
)


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


def test_a_score_tells_when_the_work_began_and_ended_and_what_a_platform_wants_besides(
    server: LocalServer, connector: PlatformConnector
) -> None:
    server.answer("/1/scores", Reply())
    canvas = "https://canvas.instructure.com/lti/submission"
    score = replace(
        SCORE,
        comment="",
        started_at=SCORE.timestamp - timedelta(hours=2),
        submitted_at=SCORE.timestamp,
        extension={canvas: {"new_submission": False}, "userId": "5"},
    )
    send_score(connector, f"{server.url}/1", score)
    [sent] = server.requests_to("/1/scores")
    assert json.loads(sent.body) == {
        "userId": "4",
        "scoreGiven": 14,
        "scoreMaximum": 20,
        "timestamp": "2026-11-23T09:30:05.250+00:00",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "submission": {
            "startedAt": "2026-11-23T07:30:05.250+00:00",
            "submittedAt": "2026-11-23T09:30:05.250+00:00",
        },
        canvas: {"new_submission": False},
    }
