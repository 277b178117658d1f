"""Whatever a platform's services answer, the worker takes it or puts its work off, whole."""

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from content.loader import load_module
from lti_tool import clock
from lti_tool.demo.seed import MANAGEMENT
from lti_tool.lti.claims import CUSTOM, GRADES, GROUPS, ROSTER
from lti_tool.storage.models import Enrolment, LineItem, Person, Roster, Score
from lti_tool.worker.jobs import JOBS
from lti_tool.worker.rests import Rests
from tests.lti_tool.lti.nonsense import JSON, PREDICTABLE
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.world import MEMBERSHIP
from tests.lti_tool.web.world import Page
from tests.platform.browser import new_browser
from tests.platform.hand import Hand
from tests.platform.klimop import MODULE, Klimop
from tests.platform.studying import graded_quiz, right_answers

SOME = settings(PREDICTABLE, max_examples=40)
MEMBERS = [
    {"user_id": "teacher", "roles": ["Instructor"], "name": "Els", "status": "Active"},
    {"user_id": "4", "roles": ["Learner"], "group_enrollments": [{"group_id": "1"}]},
    {"user_id": "new", "roles": ["Learner"], "message": [{CUSTOM: {"employer": "Ziekenhuis"}}]},
]
RESULTS = [{"id": "r", "userId": "4", "resultScore": 14, "resultMaximum": 20, "comment": "Good"}]
ITEMS = [{"id": "ITEM", "label": "Care", "scoreMaximum": 100, "tag": "klimop.autumn.module"}]
GROUP_LIST = [{"id": "1", "name": "A"}]
TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": ""}
# By service: the targets that are asked, and a whole answer.
SERVICES: dict[str, tuple[tuple[str, ...], Any]] = {
    "members": (
        ("/roster?limit=100&rlid=link-1&groups=true", "/roster?limit=100&groups=true"),
        {"members": MEMBERS},
    ),
    "groups": (("/groups",), {"groups": GROUP_LIST}),
    "results": (("/items/1/results",), RESULTS),
    "items": (("/items", "/items?tag=klimop.autumn.module", "/items/1"), ITEMS),
    "score": (("/items/1/scores",), {}),
    "token": (("/lms/token",), TOKEN),
}
# What a header can carry.
LATIN = st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")


@pytest.fixture(scope="module")
def course(klimop: Klimop, server: LocalServer, lms: Hand) -> Klimop:
    """A course with all services, in which someone teaches and someone has a mark to send."""
    with_services = {
        GRADES: {"lineitems": f"{server.url}/items", "lineitem": f"{server.url}/items/1", "scope": []},
        ROSTER: {"context_memberships_url": f"{server.url}/roster", "service_versions": ["2.0"]},
        GROUPS: {"context_groups_url": f"{server.url}/groups", "scope": []},
    }
    with new_browser() as browser:
        lms.launch(browser, sub="teacher", roles=[f"{MEMBERSHIP}Instructor"], **with_services)
        page = Page(browser, lms.launch(browser, **with_services))
        quiz = graded_quiz(load_module(MANAGEMENT / MODULE))
        page.post(f"/activities/{quiz.id}/attempts", right_answers(quiz) | {"ticket": "t"})
    return klimop


def spoilt(whole: Any, data: st.DataObject) -> Any:
    """Return an answer with nonsense in any place of it, or in place of it."""
    places = [path for path in _parts(whole) if path]
    if not places or data.draw(st.booleans(), label="all of it"):
        return data.draw(JSON | st.binary(max_size=30), label="answer")
    changed = json.loads(json.dumps(whole))
    for path in data.draw(st.lists(st.sampled_from(places), max_size=3), label="places"):
        _put(changed, path, data.draw(JSON, label="value"))
    return changed


@SOME
@given(
    data=st.data(),
    service=st.sampled_from(sorted(SERVICES)),
    status=st.sampled_from([200, 200, 200, 201, 204, 304, 400, 401, 404, 409, 429, 500]),
    link=st.text(LATIN, max_size=20),
)
def test_nonsense_in_any_answer(
    course: Klimop,
    server: LocalServer,
    caplog: pytest.LogCaptureFixture,
    data: st.DataObject,
    service: str,
    status: int,
    link: str,
) -> None:
    for targets, whole in SERVICES.values():
        for target in targets:
            server.answer(target, Reply(content=_placed(whole, server)))
    reply = Reply(
        status, spoilt(_placed(SERVICES[service][1], server), data), (("Link", f"<{link}>; rel=next"),)
    )
    for target in SERVICES[service][0]:
        server.answer(target, reply)
    caplog.clear()
    began = clock.now()
    work_anew(course)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    (roster,) = course.rows_of(Roster)
    assert roster["failure"] is not None or roster["synced_at"] >= began
    (score,) = course.rows_of(Score)
    assert score["sent_at"] is not None or score["refusal"] is not None or score["due_at"] is not None
    with course.database.read() as db:
        known, enrolled = db.scalars(select(Person.id)).all(), db.scalars(select(Enrolment.person_id)).all()
    assert sorted(known) == sorted(enrolled)


def test_the_whole_answers_are_taken(course: Klimop, server: LocalServer) -> None:
    for targets, whole in SERVICES.values():
        for target in targets:
            server.answer(target, Reply(content=_placed(whole, server)))
    work_anew(course)
    work_anew(course)
    ((roster,), (score,)) = course.rows_of(Roster), course.rows_of(Score)
    assert (roster["failure"], score["refusal"], score["result"]) == (None, None, 0.7)


@pytest.mark.parametrize("path", ["/cohort", "/gradebook", "/rosters"])
def test_the_pages_show_whatever_was_taken(course: Klimop, lms: Hand, path: str) -> None:
    with new_browser() as browser:
        page = Page(browser, lms.launch(browser, sub="teacher", roles=[f"{MEMBERSHIP}Instructor"]))
        assert page.get(path).status_code in (200, 202)


def work_anew(klimop: Klimop) -> None:
    """Let the worker do everything once more, as if nothing had failed before."""
    shop = replace(klimop.workshop, rests=Rests())
    with klimop.database.begin() as db:
        for model in (LineItem, Roster, Score):
            db.execute(update(model).values(due_at=clock.now(), leased_until=None, attempts=0))
        db.execute(update(Roster).values(differences_url=None))
    for job, _ in JOBS:
        job(shop)


def _placed(whole: Any, server: LocalServer) -> Any:
    return json.loads(json.dumps(whole).replace('"ITEM"', f'"{server.url}/items/1"'))


def _parts(value: Any) -> list[tuple[str | int, ...]]:
    """Return the path to each part of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *path) for key, part in inner for path in _parts(part))]


def _put(value: Any, path: tuple[str | int, ...], part: object) -> None:
    """Put a part in its place, if what was put in before has left it that place."""
    for key in path[:-1]:
        if not _has(value, key):
            return
        value = value[key]
    if _has(value, path[-1]):
        value[path[-1]] = part


def _has(value: Any, key: str | int) -> bool:
    if isinstance(value, dict):
        return key in value
    return isinstance(value, list) and isinstance(key, int) and key < len(value)
