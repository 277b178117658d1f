"""What teachers do to their courses: copy them, change who is in them, and write marks themselves."""

from collections.abc import Iterator
from typing import Any

import pytest

from lti_tool.demo.claims import AGS_ENDPOINT, LTI
from lti_tool.demo.current import Campus
from lti_tool.demo.lms import MEMBERSHIP_READ, RESULT_READ, SCORE_WRITE
from tests.lti_tool.demo.tool import Client, Tool, verified
from tests.platform.visitor import Visitor


@pytest.fixture
def client(tool: Tool, campus: Campus) -> Iterator[Client]:
    """The tool's line to Thomas More, whose courses no other test changes."""
    client = Client(tool, campus.lms("thomas-more"))
    yield client
    client.http.close()


@pytest.fixture
def teacher(client: Client) -> Iterator[Visitor]:
    with Visitor(client.lms, "3") as visitor:
        yield visitor


def copy(teacher: Visitor, course_id: str = "2") -> str:
    """Copy a course; return the copy's id."""
    return teacher.post(f"/courses/{course_id}/copy").url.partition("?")[0].rpartition("/")[2]


def ids(teacher: Visitor, course_id: str) -> list[str]:
    page = teacher.get(f"/courses/{course_id}").text
    return [part.split('"')[0] for part in page.split('<a href="/thomas-more/links/')[1:]]


def members(client: Client, course_id: str, query: str = "") -> dict[str, str]:
    """Return everyone's status, from all pages."""
    found: dict[str, str] = {}
    url = f"{client.lms.issuer}/services/{course_id}/memberships{query}"
    while url:
        answer = client.get(url, client.token(MEMBERSHIP_READ))
        found |= {member["user_id"]: member["status"] for member in answer.json()["members"]}
        url = answer.links.get("next", {}).get("url", "")
    return found


def differences(client: Client, course_id: str) -> str:
    """Return where to ask later for what changed, as the last page of the roster says."""
    url = f"{client.lms.issuer}/services/{course_id}/memberships?limit=50"
    return client.get(url, client.token(MEMBERSHIP_READ)).links["differences"]["url"]


def test_a_copy_has_the_same_links_under_other_ids_and_tells_its_history(
    client: Client, teacher: Visitor, tool: Tool
) -> None:
    first = copy(teacher)
    second = copy(teacher, first)
    links = ids(teacher, second)
    assert len(links) == 2
    assert not set(links) & ({"1", "2"} | set(ids(teacher, first)))
    teacher.launch(links[0])
    claims = verified(client.lms, tool.launches[-1]["id_token"])
    assert claims[f"{LTI}context"]["id"] == second
    assert claims[f"{LTI}context"]["title"] == "Kopie van Kopie van Health Innovation Management"
    assert claims[f"{LTI}custom"] == {"cohort": "management-autumn"}
    assert f"/services/{second}/lineitems/" in claims[AGS_ENDPOINT]["lineitem"]
    assert f'<a href="/thomas-more/courses/{second}">' in teacher.get("/").text


def test_a_copy_has_its_teachers_and_gets_its_learners_with_one_click(
    client: Client, teacher: Visitor
) -> None:
    copied = copy(teacher)
    assert members(client, copied) == {"3": "Active"}
    with Visitor(client.lms, "11") as learner:
        assert learner.get(f"/courses/{copied}").status_code == 403
        assert "De deelnemers van het origineel" in teacher.post(f"/courses/{copied}/enrol").text
        assert learner.get(f"/courses/{copied}").status_code == 200
        assert learner.post(f"/courses/{copied}/enrol").status_code == 403
    assert members(client, copied) == dict.fromkeys(["3", "11", "12", "13", "14"], "Active")
    assert teacher.post("/courses/2/enrol").status_code == 404


def test_the_roster_tells_what_changed_since_it_was_asked(client: Client, teacher: Visitor) -> None:
    asked = differences(client, "2")
    query = "?" + asked.partition("?")[2]
    assert members(client, "2", query) == {}
    assert "Weer inschrijven" in teacher.post("/courses/2/roster", sub="12", status="Deleted").text
    assert "12" not in members(client, "2")
    assert members(client, "2", query) == {"12": "Deleted"}
    later = differences(client, "2")
    assert later != asked
    teacher.post("/courses/2/roster", sub="12", status="Active")
    assert members(client, "2", "?" + later.partition("?")[2]) == {"12": "Active"}
    assert "12" in members(client, "2")


def test_who_was_removed_gets_no_mark_and_no_page(client: Client, teacher: Visitor) -> None:
    teacher.post("/courses/2/roster", sub="14", status="Deleted")
    with Visitor(client.lms, "14") as removed:
        assert removed.get("/courses/2").status_code == 403
        assert removed.get("/links/1").status_code == 403
    assert score(client, "14", 5)[0] == 400
    teacher.post("/courses/2/roster", sub="14", status="Active")
    assert score(client, "14", 5)[0] == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"sub": "99", "status": "Deleted"}, 404),
        ({"sub": "3", "status": "Deleted"}, 400),
        ({"sub": "11", "status": "Gone"}, 400),
    ],
)
def test_only_learners_are_put_in_and_taken_out(
    teacher: Visitor, fields: dict[str, str], status: int
) -> None:
    assert teacher.post("/courses/2/roster", **fields).status_code == status


def score(client: Client, sub: str, given: float) -> tuple[int, list[dict[str, Any]]]:
    """Send a score; return the answer's status and the result that is read back."""
    url = f"{client.lms.issuer}/services/2/lineitems/1/lineitem/scores?type_id=1"
    body = {
        "userId": sub,
        "scoreGiven": given,
        "scoreMaximum": 10,
        "timestamp": f"2027-07-01T08:05:{int(given):02}Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    answer = client.post_score(url, client.token(SCORE_WRITE), body)
    return answer.status_code, results(client, sub)


def results(client: Client, sub: str) -> list[dict[str, Any]]:
    url = f"{client.lms.issuer}/services/2/lineitems/1/lineitem/results?type_id=1&user_id={sub}"
    found: list[dict[str, Any]] = client.get(url, client.token(RESULT_READ)).json()
    return [{name: result.get(name) for name in ("resultScore", "resultMaximum")} for result in found]


def test_a_teachers_mark_stays_until_she_takes_it_away(client: Client, teacher: Visitor) -> None:
    def write(mark: str) -> str:
        return teacher.post("/courses/2/gradebook", sub="11", line_item="1", mark=mark).text

    assert score(client, "11", 7) == (200, [{"resultScore": 14, "resultMaximum": 20}])
    assert "12.5 / 20" in write("12,5")
    assert score(client, "11", 8) == (200, [{"resultScore": 12.5, "resultMaximum": 20}])
    assert "Ingevuld door de docent" in teacher.get("/courses/2/gradebook").text
    assert "16 / 20" in write("")
    assert results(client, "11") == [{"resultScore": 16, "resultMaximum": 20}]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"sub": "11", "line_item": "1", "mark": "21"}, 422),
        ({"sub": "11", "line_item": "1", "mark": "veel"}, 422),
        ({"sub": "11", "line_item": "9", "mark": "5"}, 404),
        ({"sub": "3", "line_item": "1", "mark": "5"}, 400),
    ],
)
def test_a_mark_is_a_learners_and_within_the_maximum(
    teacher: Visitor, fields: dict[str, str], status: int
) -> None:
    assert teacher.post("/courses/2/gradebook", **fields).status_code == status


@pytest.mark.parametrize(("slug", "sub"), [("ku-leuven", "5"), ("ucll", "6"), ("luca", "11"), ("luca", "21")])
def test_assistants_observers_and_learners_change_nothing(campus: Campus, slug: str, sub: str) -> None:
    with Visitor(campus.lms(slug), sub) as visitor:
        answers = [
            visitor.post("/courses/2/roster", sub="11", status="Deleted"),
            visitor.post("/courses/2/gradebook", sub="11", line_item="1", mark="20"),
            visitor.post("/courses/2/copy"),
            visitor.get("/courses/2/content"),
        ]
    assert [answer.status_code for answer in answers] == [403] * 4


def test_an_observer_sees_the_marks_of_those_she_observes(campus: Campus) -> None:
    with Visitor(campus.lms("ucll"), "6") as observer:
        page = observer.get("/courses/2/gradebook").text
    assert [name in page for name in ("Ilse Degroote", "Yusuf Demir", "Marleen Coppieters")] == [
        True,
        True,
        False,
    ]


def test_one_platform_has_no_roster_and_one_tells_no_differences(tool: Tool, campus: Campus) -> None:
    without, plain = Client(tool, campus.lms("vives")), Client(tool, campus.lms("ucll"))
    refused = without.ask_token(tool.key.sign(without.claims()), MEMBERSHIP_READ)
    assert refused.json()["error"] == "invalid_scope"
    url = f"{plain.lms.issuer}/services/2/memberships"
    assert plain.get(url, plain.token(MEMBERSHIP_READ)).links == {}
    without.http.close()
    plain.http.close()
