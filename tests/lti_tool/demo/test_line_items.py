from collections.abc import Iterator
from typing import Any

import pytest

from lti_tool.demo.current import Campus
from lti_tool.demo.line_items import LINE_ITEM_TYPE
from lti_tool.demo.lms import LINE_ITEM, LINE_ITEM_READ, SCORE_WRITE
from tests.lti_tool.demo.tool import Client, Tool

QUIZ = {"label": "Quiz", "scoreMaximum": 10, "tag": "quiz", "resourceId": "week-1"}


@pytest.fixture
def gradebook(tool: Tool, campus: Campus) -> Iterator[Client]:
    """The tool's line to the gradebook of LUCA's second course, in which no other test makes columns."""
    client = Client(tool, campus.lms("luca"))
    yield client
    client.http.close()


def container(client: Client) -> str:
    return f"{client.lms.issuer}/services/3/lineitems?type_id=1"


def send(client: Client, method: str, url: str, body: object = None) -> tuple[int, Any]:
    answer = client.send(method, url, client.token(LINE_ITEM), body, media_type=LINE_ITEM_TYPE)
    return answer.status_code, answer.json() if answer.text else None


def listed(client: Client, query: str = "") -> list[list[str]]:
    """Return the names of the columns, page by page."""
    pages, url, token = [], container(client) + query, client.token(LINE_ITEM_READ)
    while url:
        answer = client.get(url, token)
        pages.append([item["label"] for item in answer.json()])
        url = answer.links.get("next", {}).get("url", "")
    return pages


def test_the_tool_makes_changes_and_takes_away_a_column(gradebook: Client) -> None:
    status, made = send(gradebook, "POST", container(gradebook), QUIZ | {"resourceLinkId": "3"})
    url = made.pop("id")
    assert (status, made) == (201, QUIZ | {"resourceLinkId": "3"})
    changed = {"label": "Toets", "scoreMaximum": 12.5}
    assert send(gradebook, "PUT", url, changed) == (200, changed | {"id": url, "resourceLinkId": "3"})
    assert gradebook.get(url, gradebook.token(LINE_ITEM)).json()["label"] == "Toets"
    assert send(gradebook, "DELETE", url) == (204, None)
    assert gradebook.get(url, gradebook.token(LINE_ITEM)).status_code == 404


def test_a_column_that_came_with_a_link_is_changed_but_not_taken_away(gradebook: Client) -> None:
    url = f"{gradebook.lms.issuer}/services/3/lineitems/2/lineitem?type_id=1"
    before = gradebook.get(url, gradebook.token(LINE_ITEM_READ)).json()
    assert send(gradebook, "DELETE", url)[0] == 403
    status, changed = send(gradebook, "PUT", url, before | {"scoreMaximum": 30})
    assert (status, changed["scoreMaximum"]) == (200, 30)
    assert send(gradebook, "PUT", url, before) == (200, before)


def test_columns_are_found_by_link_resource_and_tag_in_pages(gradebook: Client) -> None:
    names = ["A", "B", "C"]
    urls = [
        send(gradebook, "POST", container(gradebook), QUIZ | {"label": name, "tag": name})[1]["id"]
        for name in names
    ]
    assert listed(gradebook, "&resource_id=week-1") == [names]
    assert listed(gradebook, "&resource_id=week-1&limit=2") == [["A", "B"], ["C"]]
    assert listed(gradebook, "&tag=B") == [["B"]]
    assert listed(gradebook, "&tag=B&resource_id=other") == [[]]
    assert listed(gradebook, "&resource_link_id=3") == [["Vertrek van de zorgvrager: samen ontwerpen"]]
    assert [send(gradebook, "DELETE", url)[0] for url in urls] == [204] * 3


@pytest.mark.parametrize(
    "body",
    [
        [],
        QUIZ | {"label": ""},
        QUIZ | {"label": 5},
        QUIZ | {"scoreMaximum": 0},
        QUIZ | {"scoreMaximum": "10"},
        QUIZ | {"scoreMaximum": True},
        QUIZ | {"scoreMaximum": 10**400},
        QUIZ | {"resourceLinkId": "1"},
        {"label": "Quiz"},
    ],
    ids=str,
)
def test_what_is_no_column_is_refused(gradebook: Client, body: object) -> None:
    before = listed(gradebook)
    assert send(gradebook, "POST", container(gradebook), body)[0] == 400
    assert listed(gradebook) == before


def test_a_column_stays_with_its_link(gradebook: Client) -> None:
    url = send(gradebook, "POST", container(gradebook), QUIZ)[1]["id"]
    assert send(gradebook, "PUT", url, QUIZ | {"resourceLinkId": "3"})[0] == 400
    assert send(gradebook, "DELETE", url)[0] == 204


def test_writing_wants_its_scope_its_media_type_and_the_whole_address(gradebook: Client) -> None:
    url = container(gradebook)
    for scope in (LINE_ITEM_READ, SCORE_WRITE):
        answer = gradebook.send("POST", url, gradebook.token(scope), QUIZ, media_type=LINE_ITEM_TYPE)
        assert answer.status_code == 403
    token = gradebook.token(LINE_ITEM)
    assert gradebook.send("POST", url, token, QUIZ, media_type="application/json").status_code == 415
    assert send(gradebook, "POST", url.partition("?")[0], QUIZ)[0] == 400
    assert send(gradebook, "DELETE", url.replace("?", "/999/lineitem?"))[0] == 404
