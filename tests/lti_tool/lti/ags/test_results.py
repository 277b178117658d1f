import pytest

from lti_tool.lti.ags import Result, read_results
from lti_tool.lti.connector import PlatformConnector, PlatformUnavailableError
from tests.lti_tool.lti.ags.tokens import scopes_asked
from tests.lti_tool.lti.server import LocalServer, Reply


def test_results_of_all_pages_are_read_and_ordered(server: LocalServer, connector: PlatformConnector) -> None:
    link = (("Link", "</1/results?type_id=1&page=2>; rel=next"),)
    first = [
        {"id": "r7", "userId": "7", "resultScore": 14.5, "resultMaximum": 20, "comment": "Good"},
        {"id": "r4", "userId": "4", "resultScore": None},
    ]
    server.answer("/1/results?type_id=1", Reply(content=first, headers=link))
    server.answer("/1/results?type_id=1&page=2", Reply(content=[{"userId": "5", "resultScore": -0.5}]))
    assert read_results(connector, f"{server.url}/1?type_id=1") == (
        Result(subject="4", score=None, maximum=1.0),
        Result(subject="5", score=-0.5, maximum=1.0),
        Result(subject="7", score=14.5, maximum=20.0, comment="Good"),
    )
    asked = server.requests_to("/1/results?type_id=1")[0]
    assert asked.headers["Accept"] == "application/vnd.ims.lis.v2.resultcontainer+json"
    assert scopes_asked(server) == ["result.readonly"]


def test_the_result_of_one_person_is_that_persons_also_where_the_platform_gives_all(
    server: LocalServer, connector: PlatformConnector
) -> None:
    everyone = [{"userId": "4", "resultScore": 1}, {"userId": "5", "resultScore": 0}]
    server.answer("/1/results?a=b&user_id=5", Reply(content=everyone))
    found = read_results(connector, f"{server.url}/1?a=b", subject="5")
    assert found == (Result(subject="5", score=0.0, maximum=1.0),)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        {"results": []},
        [{"resultScore": 1}],
        [{"userId": "4", "resultScore": "14"}],
        [{"userId": "4", "resultScore": True}],
        b'[{"userId": "4", "resultScore": NaN}]',
        b'[{"userId": "4", "resultScore": 1e400}]',
    ],
)
def test_results_that_cannot_be_read_are_a_fault(
    server: LocalServer, connector: PlatformConnector, content: object
) -> None:
    server.answer("/1/results", Reply(content=content))
    with pytest.raises(PlatformUnavailableError) as unavailable:
        read_results(connector, f"{server.url}/1")
    assert unavailable.value.cause == "unreadable results"
