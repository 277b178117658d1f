"""Klimop plugged into a platform by `lti1p3platform`: from the picker to the mark that is read back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from content.loader import load_module
from content.progress import graded_quizzes
from lti_tool import clock
from lti_tool.demo.seed import MANAGEMENT
from lti_tool.services.gradebooks import column_service, tending
from lti_tool.services.gradebooks.columns import keep_claimed, plan_columns
from lti_tool.services.platforms.registering import NewRegistration
from lti_tool.storage.models import (
    Cohort,
    Context,
    Enrolment,
    Grading,
    LineItem,
    Opens,
    Person,
    ResourceLink,
    Roster,
    Score,
)
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

    def place_with_column(self, **told: str) -> str:
        """Let the platform make the placed link's column, of which no launch tells; return its address."""
        wanted, url = self.place_module()["lineItem"], f"{self.platform.url}/lineitems/of-the-link"
        self.platform.course.line_items[url] = {**wanted, "id": url, **told}  # type: ignore[typeddict-item]
        return url

    def choose(self, grading: Grading, *, maximum: float = 100) -> None:
        """Let the cohort send other marks, and leave the rest to the worker."""
        with self.klimop.database.begin() as db:
            cohort = db.scalars(select(Cohort)).one()
            cohort.grading, cohort.maximum = grading, maximum
            plan_columns(db, cohort.id, clock.now())

    def claim(self, url: str) -> None:
        """Let a launch tell that this is the link's column."""
        with self.klimop.database.begin() as db:
            link, context = db.scalars(select(ResourceLink)).one(), db.scalars(select(Context)).one()
            keep_claimed(db, link, context, url, clock.now())

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
    course, url = plugged.platform.course, plugged.place_with_column(resourceLinkId=LINK)
    plugged.earn_a_mark()
    plugged.send_marks()
    assert list(course.line_items) == [url]
    assert list(course.scores) == [(url, LEARNER.id)]


# Some platforms tell which link a column belongs to, others do not.
@pytest.mark.parametrize("told", [{"resourceLinkId": LINK}, {}, {"resourceId": ""}])
def test_a_column_that_came_with_a_link_stays_when_it_is_no_longer_wanted(
    plugged: Plugged, told: dict[str, str]
) -> None:
    url = plugged.place_with_column(**told)
    plugged.earn_a_mark()
    plugged.send_marks()
    plugged.choose(Grading.NOTHING)
    plugged.klimop.work()
    course = plugged.platform.course
    assert (list(course.line_items), list(course.scores)) == ([url], [(url, LEARNER.id)])
    assert plugged.klimop.rows_of(LineItem) == []


@pytest.mark.parametrize("told", [{"resourceLinkId": LINK}, {}, {"resourceId": ""}])
def test_a_column_that_a_launch_claims_before_ours_is_made_stays_and_is_the_only_one(
    plugged: Plugged, told: dict[str, str]
) -> None:
    url = plugged.place_with_column(**told)
    plugged.launch(TEACHER)
    plugged.claim(url)
    plugged.klimop.work()
    assert list(plugged.platform.course.line_items) == [url]
    assert [(row["url"], bool(row["is_ours"])) for row in plugged.klimop.rows_of(LineItem)] == [(url, False)]


def test_a_column_of_ours_goes_unless_a_link_claims_it(plugged: Plugged) -> None:
    plugged.place_module()
    plugged.launch(TEACHER)
    plugged.klimop.work()
    (url,) = plugged.platform.course.line_items
    with plugged.klimop.database.begin() as db:
        db.scalars(select(ResourceLink)).one().line_item_url = url
    plugged.choose(Grading.NOTHING)
    plugged.klimop.work()
    assert list(plugged.platform.course.line_items) == [url]
    with plugged.klimop.database.begin() as db:
        db.scalars(select(ResourceLink)).one().line_item_url = None
    for grading in (Grading.MODULE, Grading.NOTHING):
        plugged.choose(grading)
        plugged.klimop.work()
    assert list(plugged.platform.course.line_items) == []


def test_a_column_that_is_gone_already_needs_no_deleting(plugged: Plugged) -> None:
    plugged.place_module()
    plugged.launch(TEACHER)
    plugged.klimop.work()
    plugged.platform.course.line_items.clear()
    plugged.choose(Grading.NOTHING)
    plugged.klimop.work()
    assert plugged.klimop.rows_of(LineItem) == []


def test_the_column_of_a_link_that_opens_something_else_now_is_not_taken_for_ours(plugged: Plugged) -> None:
    url = plugged.place_with_column()
    plugged.launch(TEACHER)
    unit = next(unit.id for unit in load_module(MANAGEMENT / MODULE).units if graded_quizzes(unit))
    with plugged.klimop.database.begin() as db:
        link = db.scalars(select(ResourceLink)).one()
        link.opens, link.unit_id = Opens.UNIT, unit
    plugged.claim(url)
    plugged.klimop.work()
    made = [(row["unit_id"], row["url"] == url) for row in plugged.klimop.rows_of(LineItem)]
    assert sorted(made) == [("", False), (unit, True)]
    assert len(plugged.platform.course.line_items) == 2


def test_marks_count_out_of_the_new_maximum_although_a_worker_dies_once_the_column_does(
    plugged: Plugged,
) -> None:
    plugged.place_module()
    plugged.earn_a_mark()
    plugged.send_marks()
    plugged.choose(Grading.MODULE, maximum=20)
    course, shop, now = plugged.platform.course, plugged.klimop.workshop, clock.now()
    for outcome_is_lost in (False, True):
        with plugged.klimop.database.begin() as db:
            column_id = tending.claim_column(db, now)
            assert column_id is not None
            task = tending.read_task(db, column_id, now)
        outcome = column_service.tend(task, shop.caller.connector(task.platform, now))
        if not outcome_is_lost:
            with plugged.klimop.database.begin() as db:
                tending.record_tending(db, task, outcome, now)
    assert [item["scoreMaximum"] for item in course.line_items.values()] == [20]
    assert [score["scoreMaximum"] for score in course.scores.values()] == [100]
    with plugged.klimop.database.begin() as db:
        db.scalars(select(LineItem)).one().leased_until = None
    plugged.send_marks()
    assert [score["scoreMaximum"] for score in course.scores.values()] == [20]
    assert [bool(row["is_outgrown"]) for row in plugged.klimop.rows_of(LineItem)] == [False]


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
