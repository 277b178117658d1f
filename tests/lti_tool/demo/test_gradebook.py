from collections.abc import Iterator
from typing import Any

import pytest

from lti_tool.demo.current import Campus
from lti_tool.demo.lms import LINE_ITEM_READ, RESULT_READ, SCORE_WRITE
from tests.lti_tool.demo.tool import Client, Tool

TITLE = "Innovatie leiden in zorg en welzijn"
SCORE: dict[str, Any] = {
    "userId": "11",
    "scoreGiven": 8,
    "scoreMaximum": 10,
    "comment": "Quiz 1",
    "timestamp": "2027-03-01T10:00:00.000000+00:00",
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
}


@pytest.fixture
def gradebook(tool: Tool, campus: Campus) -> Iterator[Client]:
    """The tool's line to the platform of UCLL, whose gradebook no other test writes in."""
    client = Client(tool, campus.lms("ucll"))
    yield client
    client.http.close()


def at(client: Client, path: str) -> str:
    return f"{client.lms.issuer}/services/2/lineitems{path}?type_id=1"


def send(client: Client, **changed: Any) -> tuple[int, str]:
    """Post a score, some of it changed (None leaves a field out); return the status and the body."""
    score = {name: value for name, value in (SCORE | changed).items() if value is not None}
    answer = client.post_score(at(client, "/1/lineitem/scores"), client.token(SCORE_WRITE), score)
    return answer.status_code, answer.text


def results(client: Client, sub: str) -> list[dict[str, Any]]:
    url = at(client, "/1/lineitem/results")
    found: list[dict[str, Any]] = client.get(f"{url}&user_id={sub}", client.token(RESULT_READ)).json()
    return found


def test_line_items_show_their_link_and_their_maximum(client: Client) -> None:
    url = at(client, "/1/lineitem")
    item = {"id": url, "label": TITLE, "scoreMaximum": 20, "resourceLinkId": "1"}
    token = client.token(LINE_ITEM_READ)
    assert client.get(at(client, ""), token).json() == [item]
    assert client.get(url, token).json() == item
    assert client.get(at(client, "") + "&resource_link_id=1", token).json() == [item]
    assert client.get(at(client, "") + "&resource_link_id=2", token).json() == []


def test_each_service_wants_its_own_scope(client: Client) -> None:
    urls = {
        LINE_ITEM_READ: at(client, ""),
        RESULT_READ: at(client, "/1/lineitem/results"),
    }
    for scope, url in urls.items():
        assert client.get(url, client.token(scope)).status_code == 200
        assert client.get(url, client.token(SCORE_WRITE)).status_code == 403
    url = at(client, "/1/lineitem/scores")
    assert client.post_score(url, client.token(LINE_ITEM_READ), SCORE).status_code == 403


def test_plain_json_is_not_what_a_line_item_is(client: Client) -> None:
    token = client.token(LINE_ITEM_READ)
    kind = "application/vnd.ims.lis.v2.lineitem+json"
    url = at(client, "/1/lineitem")
    assert client.get(url, token, accept="application/json").status_code == 406
    answer = client.get(url, token, accept=kind)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


def test_the_address_of_a_line_item_is_used_with_its_query(client: Client) -> None:
    url = at(client, "/1/lineitem").removesuffix("?type_id=1")
    assert client.get(url, client.token(LINE_ITEM_READ)).status_code == 400


@pytest.mark.parametrize("path", ["/9/lineitem", "/2/lineitem"])
def test_a_line_item_of_no_course_or_another_course_does_not_exist(client: Client, path: str) -> None:
    assert client.get(at(client, path), client.token(LINE_ITEM_READ)).status_code == 404


def test_a_score_becomes_a_result_out_of_the_line_items_maximum(gradebook: Client) -> None:
    assert send(gradebook) == (200, "")
    assert results(gradebook, "11") == [
        {
            "id": at(gradebook, "/1/lineitem/results/11"),
            "scoreOf": at(gradebook, "/1/lineitem"),
            "userId": "11",
            "resultScore": 16.0,
            "resultMaximum": 20,
            "comment": "Quiz 1",
        }
    ]


def test_only_a_score_of_a_later_second_takes_the_place_of_one(gradebook: Client) -> None:
    def given(second: str, score: int) -> tuple[int, float]:
        status, _ = send(
            gradebook, userId="12", scoreGiven=score, timestamp=f"2027-03-01T11:00:{second}+01:00"
        )
        return status, results(gradebook, "12")[0]["resultScore"]

    assert [given("10", 5), given("10.9", 6), given("09", 7), given("11", 8)] == [
        (200, 10),
        (409, 10),
        (409, 10),
        (200, 16),
    ]


def test_what_is_not_fully_graded_clears_the_mark_and_the_comment(gradebook: Client) -> None:
    send(gradebook, userId="13")
    later = {"timestamp": "2027-03-02T10:00:00Z", "gradingProgress": "Pending", "comment": None}
    assert send(gradebook, userId="13", **later) == (200, "")
    assert results(gradebook, "13") == [
        {
            "id": at(gradebook, "/1/lineitem/results/13"),
            "scoreOf": at(gradebook, "/1/lineitem"),
            "userId": "13",
            "resultMaximum": 20,
        }
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("userId", None),
        ("userId", "999"),
        ("userId", "3"),
        ("userId", "21"),
        ("scoreMaximum", None),
        ("scoreMaximum", 0),
        ("scoreGiven", -1),
        ("scoreGiven", "8"),
        ("scoreGiven", 10**400),
        ("timestamp", None),
        ("timestamp", "yesterday"),
        ("timestamp", "2027-03-01T10:00:00"),
        ("timestamp", "0001-01-01T00:00:00+23:00"),
        ("activityProgress", None),
        ("activityProgress", "Done"),
        ("gradingProgress", None),
        ("gradingProgress", "Graded"),
        ("comment", 5),
    ],
)
def test_a_score_with_a_wrong_field_is_refused_by_name(gradebook: Client, field: str, value: object) -> None:
    status, body = send(gradebook, **{"userId": "14", field: value})
    assert (status, body.strip()) == (400, f'{{"reason":"{field} is missing or wrong"}}')
    assert results(gradebook, "14") == []


def test_a_score_in_plain_json_is_refused(gradebook: Client) -> None:
    url, token = at(gradebook, "/1/lineitem/scores"), gradebook.token(SCORE_WRITE)
    assert gradebook.post_score(url, token, SCORE, media_type="application/json").status_code == 415


@pytest.mark.parametrize("body", [[], "score", None])
def test_a_score_is_an_object(gradebook: Client, body: object) -> None:
    url, token = at(gradebook, "/1/lineitem/scores"), gradebook.token(SCORE_WRITE)
    assert gradebook.post_score(url, token, body).status_code == 400


def test_results_come_in_pages_when_asked(tool: Tool, campus: Campus) -> None:
    client = Client(tool, campus.lms("vives"))
    for sub in ("11", "12", "13"):
        send(client, userId=sub)
    token, url = client.token(RESULT_READ), at(client, "/1/lineitem/results") + "&limit=2"
    first = client.get(url, token)
    second = client.get(first.links["next"]["url"], token)
    assert [[one["userId"] for one in page.json()] for page in (first, second)] == [["11", "12"], ["13"]]
    assert second.links == {}
    client.http.close()
