"""Klimop plugged into a platform by `lti1p3platform`: from the picker to the mark that is read back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from content.loader import load_module
from lti_tool.demo.seed import MANAGEMENT
from lti_tool.services.platforms.registering import NewRegistration
from lti_tool.storage.models import Enrolment, LineItem, Person, Roster, Score
from tests.foreign.lti1p3 import CLIENT_ID, DEEP_LINKING, DEPLOYMENT_ID, Platform, ToolAddresses
from tests.foreign.lti1p3_course import ABSENTEE, LEARNER, LINK, TEACHER, Account
from tests.lti_tool.web.placing import send_on
from tests.lti_tool.web.world import Page
from tests.platform.browser import new_browser
from tests.platform.hand import TIMEOUT
from tests.platform.klimop import COHORT, INSTITUTION, MODULE, Klimop, running_klimop
from tests.platform.serving import serving
from tests.platform.studying import graded_quiz, right_answers


@dataclass(frozen=True)
class Plugged:
    """The platform, and the tool that is plugged into it."""

    platform: Platform
    klimop: Klimop

    def launch(self, who: Account, hint: str = LINK) -> Page:
        """Go through a launch as the browser of `who`."""
        browser = new_browser()
        form = browser.get(f"{self.platform.url}/start/{who.id}/{hint}", timeout=TIMEOUT).json()
        return Page(browser, browser.post(form.pop("launch_url"), data=form, timeout=TIMEOUT))

    def place_module(self) -> dict[str, Any]:
        """Let the teacher place the cohort's module; return the item that the platform took."""
        picker = self.launch(TEACHER, DEEP_LINKING)
        (version,) = set(re.findall(r'href="[^"]*/place/(\d+)"', picker.response.text))
        chosen: dict[str, object] = {"what": ["module"], "cohort": COHORT, "titles": "nl", "ticket": "t"}
        send_on(picker, picker.post(f"/place/{version}", chosen))
        (item,) = self.platform.course.returned
        self.platform.course.custom = item["custom"]
        return item

    def earn_a_mark(self) -> None:
        """Let the learner do the first quiz that counts without a fault."""
        quiz = graded_quiz(load_module(MANAGEMENT / MODULE))
        answer = self.launch(LEARNER).post(
            f"/activities/{quiz.id}/attempts", right_answers(quiz) | {"ticket": "t"}
        )
        assert answer.status_code == 200

    def send_marks(self) -> None:
        """Let the worker find or make the column, and send what waits for it."""
        self.klimop.work()
        self.klimop.make_due(Score)
        self.klimop.work()

    def read_back(self) -> Any:
        """Let the worker read the column, and return what is known of the one score now."""
        self.klimop.make_due(LineItem)
        self.klimop.work()
        (row,) = self.klimop.rows_of(Score)
        return row


@pytest.fixture
def plugged(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugged]:
    with running_klimop(new_database(), tmp_path_factory.mktemp("klimop")) as klimop:
        tool = ToolAddresses(klimop.login_url, klimop.launch_url, klimop.keyset_url)
        with serving(lambda url: Platform(url, tool), host="localhost") as platform:
            klimop.plug_in(
                NewRegistration(
                    institution=INSTITUTION,
                    issuer=platform.url,
                    client_id=CLIENT_ID,
                    auth_login_url=f"{platform.url}/auth",
                    token_url=f"{platform.url}/token",
                    jwks_url=f"{platform.url}/jwks",
                    deployment_id=DEPLOYMENT_ID,
                )
            )
            yield Plugged(platform, klimop)


def test_a_teacher_places_a_module_and_everyone_lands_where_they_should(plugged: Plugged) -> None:
    item = plugged.place_module()
    assert (item["type"], item["url"]) == ("ltiResourceLink", plugged.klimop.launch_url)
    assert item["title"] == "Innovatie leiden in zorg en welzijn"
    assert item["lineItem"]["label"] == item["title"]
    pages = [plugged.launch(who) for who in (TEACHER, LEARNER)]
    assert [page.response.status_code for page in pages] == [200, 200]
    assert [page.response.url.removeprefix(page.home) for page in pages] == ["/cohort", "/"]


def test_cancelling_places_nothing_and_says_so(plugged: Plugged) -> None:
    picker = plugged.launch(TEACHER, DEEP_LINKING)
    assert send_on(picker, picker.post("/place/cancel", {})).text == "taken"
    assert plugged.platform.course.returned == []


@pytest.mark.parametrize("per_page", [1, 100])
def test_those_on_the_roster_appear_before_they_launch(plugged: Plugged, per_page: int) -> None:
    plugged.place_module()
    plugged.platform.course.per_page = per_page
    plugged.launch(TEACHER)
    plugged.klimop.work()
    (roster,) = plugged.klimop.rows_of(Roster)
    assert (roster["failure"], roster["synced_at"] is not None) == (None, True)
    with plugged.klimop.database.read() as db:
        query = select(Person.subject, Person.name, Enrolment.role, Enrolment.launched_at.is_not(None))
        enrolled = db.execute(query.join(Enrolment, Enrolment.person_id == Person.id)).tuples().all()
    assert sorted(enrolled) == [
        (LEARNER.id, LEARNER.name, "learner", False),
        (ABSENTEE.id, ABSENTEE.name, "learner", False),
        (TEACHER.id, TEACHER.name, "teacher", True),
    ]


def test_a_column_is_made_the_mark_arrives_in_it_and_is_read_back(plugged: Plugged) -> None:
    wanted = plugged.place_module()["lineItem"]
    plugged.earn_a_mark()
    plugged.send_marks()
    course = plugged.platform.course
    ((url, column),) = course.line_items.items()
    said = ("label", "scoreMaximum", "tag")
    assert [column[name] for name in said] == [wanted[name] for name in said]  # type: ignore[literal-required]
    ((key, sent),) = course.scores.items()
    assert key == (url, LEARNER.id)
    assert (sent["scoreMaximum"], 0 < sent["scoreGiven"] <= sent["scoreMaximum"]) == (100, True)
    assert [str(sent[name]) for name in ("activityProgress", "gradingProgress")] == [
        "InProgress",
        "FullyGraded",
    ]
    row = plugged.read_back()
    assert (row["refusal"], round(row["result"] * 100, 2)) == (None, sent["scoreGiven"])


def test_a_mark_that_a_teacher_changes_in_the_gradebook_is_seen(plugged: Plugged) -> None:
    plugged.place_module()
    plugged.earn_a_mark()
    plugged.send_marks()
    (held,) = plugged.platform.course.scores.values()
    held["scoreGiven"] = 1
    assert plugged.read_back()["result"] == pytest.approx(0.01)


def test_a_column_that_the_platform_made_for_the_link_is_not_made_twice(plugged: Plugged) -> None:
    wanted = plugged.place_module()["lineItem"]
    course, url = plugged.platform.course, f"{plugged.platform.url}/lineitems/of-the-link"
    course.line_items[url] = {**wanted, "id": url, "resourceLinkId": LINK}  # type: ignore[typeddict-item]
    plugged.earn_a_mark()
    plugged.send_marks()
    assert list(course.line_items) == [url]
    assert list(course.scores) == [(url, LEARNER.id)]


def test_a_mark_that_was_overwritten_is_sent_again_with_a_later_time(plugged: Plugged) -> None:
    plugged.place_module()
    plugged.earn_a_mark()
    plugged.send_marks()
    course = plugged.platform.course
    ((key, first),) = course.scores.items()
    course.scores[key] = {**first, "scoreGiven": 1}
    plugged.read_back()
    answer = plugged.launch(TEACHER).post("/gradebook/send-again", {})
    assert answer.status_code == 200
    plugged.send_marks()
    again = course.scores[key]
    assert again["scoreGiven"] == first["scoreGiven"]
    assert str(again["timestamp"]) > str(first["timestamp"])
    assert plugged.read_back()["refusal"] is None
