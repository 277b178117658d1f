"""A learner studies: what she does is kept, once, and her mark reaches the gradebook."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from content.activity import Page as ReadingPage
from content.activity import Quiz, Video
from content.module import Module
from content.question import MultipleChoice, SingleChoice, TrueFalse
from lti_tool.demo.courses import MANAGEMENT
from lti_tool.services.study.learning import find_course
from lti_tool.storage.models import Cohort, Enrolment, Person, Progress, QuizAttempt, Score
from lti_tool.worker.platforms import send_scores
from lti_tool.worker.rests import Rests
from tests.lti_tool.web.world import MODULE, Page, World

LINE_ITEM = MANAGEMENT.line_items[0].id


@pytest.fixture(scope="module")
def module(world: World) -> Module:
    with world.database.read() as db:
        cohort_id = db.scalar(select(Cohort.id).where(Cohort.slug == "management-autumn"))
        return find_course(db, cohort_id).module


@pytest.fixture(scope="module")
def quiz(module: Module) -> Quiz:
    return next(activity for activity in module.activities if isinstance(activity, Quiz) and activity.graded)


def _answers(quiz: Quiz, *, right: bool) -> dict[str, object]:
    given: dict[str, object] = {}
    for question in quiz.questions:
        match question:
            case SingleChoice() | MultipleChoice():
                given[f"answer-{question.id}"] = [
                    option.id for option in question.options if option.correct is right
                ][: None if right else 1]
            case TrueFalse():
                given[f"answer-{question.id}"] = "true" if question.answer is right else "false"
            case _:
                given[f"answer-{question.id}"] = str(question.value if right else question.value + 1000)
    return given


def _hand_in(page: Page, quiz: Quiz, *, right: bool, ticket: str) -> str:
    answers = _answers(quiz, right=right)
    answer = page.post(f"/activities/{quiz.id}/attempts", answers | {"ticket": ticket})
    assert answer.status_code == 200
    return answer.text


def test_the_module_shows_each_unit_with_its_minutes(world: World, module: Module) -> None:
    page = world.visit("ku-leuven", "13", MODULE)
    for unit in module.units:
        assert unit.title.nl in page.response.text
    assert f"/activities/{module.activities[0].id}" in page.response.text


def test_a_page_marked_as_read_is_done_and_leads_on(world: World, module: Module) -> None:
    page = world.visit("ku-leuven", "14", MODULE)
    first = module.activities[0]
    assert isinstance(first, ReadingPage)
    onward = page.post(f"/activities/{first.id}/read", {})
    assert onward.url.endswith(f"/activities/{module.activities[1].id}")
    again = page.post(f"/activities/{first.id}/read", {})
    assert again.status_code == 200
    with world.database.read() as db:
        rows = db.scalars(select(Progress).where(Progress.activity_id == first.id)).all()
    assert [row.completed_at is not None for row in rows] == [True]


def test_a_video_resumes_where_it_stopped_and_skipping_is_not_watching(world: World, module: Module) -> None:
    page = world.visit("ucll", "11", MODULE)
    video = next(activity for activity in module.activities if isinstance(activity, Video))
    report = {"position": 50, "duration": 60, "played": [[0, 5], [45, 50]]}
    headers = {"X-CSRF-Token": page.token}
    sent = page.http.post(
        f"{page.home}/activities/{video.id}/watched", json=report, headers=headers, timeout=20
    )
    assert sent.status_code == 204
    assert 'data-resume="50"' in page.get(f"/activities/{video.id}").text
    whole = {"position": 60, "duration": 60, "played": [[0, 60]]}
    sent = page.http.post(
        f"{page.home}/activities/{video.id}/watched", json=whole, headers=headers, timeout=20
    )
    assert sent.status_code == 200


@pytest.mark.parametrize(
    "report",
    [
        None,
        [],
        {"position": "x", "duration": 60, "played": []},
        {"position": 1, "duration": -5, "played": [[0, 1]]},
        {"position": 1, "duration": 60, "played": [[0, "NaN"]]},
        {"position": 1, "duration": 60, "played": [[0]]},
        {"position": 1e300, "duration": 60, "played": [[0, 1]]},
        {"position": 1, "duration": 60, "played": [[0, 1]] * 501},
    ],
)
def test_a_nonsense_report_of_watching_is_refused(world: World, module: Module, report: object) -> None:
    page = world.visit("ucll", "12", MODULE)
    video = next(activity for activity in module.activities if isinstance(activity, Video))
    headers = {"X-CSRF-Token": page.token}
    sent = page.http.post(
        f"{page.home}/activities/{video.id}/watched", json=report, headers=headers, timeout=20
    )
    assert sent.status_code == 400


def test_the_quiz_page_gives_no_answer_away(world: World, quiz: Quiz) -> None:
    page = world.visit("ucll", "13", MODULE)
    text = page.get(f"/activities/{quiz.id}").text
    for question in quiz.questions:
        if isinstance(question, SingleChoice | MultipleChoice):
            for option in question.options:
                assert f'value="{option.id}"' in text
                assert option.feedback is None or option.feedback.nl not in text
    assert "correct" not in text


def test_a_double_click_is_one_attempt(world: World, quiz: Quiz) -> None:
    page = world.visit("odisee", "11", MODULE)
    for _ in range(2):
        _hand_in(page, quiz, right=True, ticket="the-same")
    with world.database.read() as db:
        count = db.scalar(
            select(func.count()).select_from(QuizAttempt).where(QuizAttempt.ticket == "the-same")
        )
    assert count == 1


def test_when_the_attempts_are_used_up_the_best_one_stays(world: World, quiz: Quiz) -> None:
    page = world.visit("odisee", "12", MODULE)
    assert quiz.attempts is not None
    _hand_in(page, quiz, right=True, ticket="0")
    for number in range(1, quiz.attempts + 2):
        _hand_in(page, quiz, right=False, ticket=str(number))
    with world.database.read() as db:
        row = db.scalars(
            select(Progress)
            .join(Enrolment, Progress.enrolment_id == Enrolment.id)
            .join(Person, Enrolment.person_id == Person.id)
            .where(Progress.activity_id == quiz.id, Person.name == "Koen Ver Elst")
        ).one()
        attempts = db.scalar(
            select(func.count()).where(
                QuizAttempt.enrolment_id == row.enrolment_id, QuizAttempt.activity_id == quiz.id
            )
        )
    assert (row.best_share, attempts) == (1.0, quiz.attempts)


@pytest.mark.parametrize("answers", [{"answer-unheard-of": "a"}, {"answer-q1": "unheard-of"}])
def test_an_answer_to_nothing_is_refused_and_no_attempt(
    world: World, quiz: Quiz, answers: dict[str, object]
) -> None:
    page = world.visit("odisee", "13", MODULE)
    sent = page.post(f"/activities/{quiz.id}/attempts", answers | {"ticket": "nonsense"})
    assert sent.status_code == 400
    with world.database.read() as db:
        assert db.scalar(select(func.count()).where(QuizAttempt.ticket == "nonsense")) == 0


def test_the_mark_arrives_in_the_gradebook(world: World, quiz: Quiz) -> None:
    page = world.visit("vives", "11", MODULE)
    text = _hand_in(page, quiz, right=True, ticket="mark")
    assert "aria-busy" in text
    assert page.get("/mark").status_code == 202
    world.work()
    assert world.campus.store.scores("vives", LINE_ITEM)["11"].given == 100
    assert page.get("/mark").status_code == 200


def test_with_the_platform_down_the_mark_waits_and_arrives_once(world: World, quiz: Quiz) -> None:
    page = world.visit("thomas-more", "11", MODULE)
    world.campus.store.close_services("thomas-more")
    _hand_in(page, quiz, right=True, ticket="down")
    world.work()
    assert "11" not in world.campus.store.scores("thomas-more", LINE_ITEM)
    assert page.get("/mark").status_code == 202
    world.campus.store.open_services("thomas-more")
    with world.database.begin() as db:
        for score in db.scalars(select(Score).where(Score.sent_at.is_(None))):
            score.due_at = score.changed_at
    send_scores(replace(world.workshop, rests=Rests()))  # a worker that starts only now
    assert world.campus.store.scores("thomas-more", LINE_ITEM)["11"].given == 100
    assert page.get("/mark").status_code == 200


def test_a_learner_without_a_name_studies_too(world: World) -> None:
    page = world.visit("odisee", "22", "3")
    assert page.response.status_code == 200


def test_the_learners_choice_of_language_outranks_the_lms(world: World) -> None:
    page = world.visit("ku-leuven", "11", MODULE)
    assert '<html lang="nl"' in page.response.text
    english = page.post("/language", {"lang": "en"})
    assert '<html lang="en"' in english.text
    assert '<html lang="en"' in world.visit("ku-leuven", "11", MODULE).response.text
