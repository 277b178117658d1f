"""Handing in: the module's mark counts every quiz, also those handed in at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import select

from content.activity import Quiz
from content.document import to_document
from content.loader import load_module
from content.progress import Score as ModuleScore
from content.progress import score
from content.question import MultipleChoice, SingleChoice, TrueFalse
from content.quiz import Answers
from lti_tool.services.learning import Course, find_course, hand_in_quiz, study_of
from lti_tool.storage.database import Database
from lti_tool.storage.models import ModuleVersion, Score
from tests.lti_tool.services.cohorts import add_cohort

LIBRARY = Path(__file__).parents[3] / "content" / "library"
MODULE = LIBRARY / "health-innovation-management" / "leading-care-innovation"
LEARNER = 2
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def course(database: Database) -> Course:
    with database.begin() as db:
        add_cohort(db, learners=1)
        version = db.get_one(ModuleVersion, 1)
        version.document, version.digest = to_document(load_module(MODULE)), "leading care innovation"
        db.flush()
        return find_course(db, 1)


def _right(quiz: Quiz) -> Answers:
    given = {}
    for question in quiz.questions:
        match question:
            case SingleChoice() | MultipleChoice():
                given[question.id] = tuple(option.id for option in question.options if option.correct)
            case TrueFalse():
                given[question.id] = ("true" if question.answer else "false",)
            case _:
                given[question.id] = (str(question.value),)
    return given


def test_two_quizzes_handed_in_at_once_both_count(database: Database, course: Course) -> None:
    first, second, *_ = [each for each in course.module.activities if isinstance(each, Quiz) and each.graded]

    def hand_in_nothing() -> None:
        with database.begin() as db:
            hand_in_quiz(db, course, LEARNER, second, {}, ticket="second", now=NOW)

    with ThreadPoolExecutor(1) as other_tab:
        with database.begin() as db:
            hand_in_quiz(db, course, LEARNER, first, _right(first), ticket="first", now=NOW)
            handed_in = other_tab.submit(hand_in_nothing)
            sleep(0.3)
        handed_in.result(10)
    with database.read() as db:
        reached = score(course.module, study_of(db, LEARNER).states)
        share = db.scalar(select(Score.share).where(Score.enrolment_id == LEARNER))
    assert reached == ModuleScore(first.maximum, first.maximum + second.maximum, is_complete=False)
    assert share == reached.given / reached.maximum
