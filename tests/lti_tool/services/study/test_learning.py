"""Handing in: the module's mark counts every quiz, also those handed in at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from time import sleep

import pytest
from sqlalchemy import select

from content.activity import Quiz
from content.progress import Score as ModuleScore
from content.progress import Tally, score
from content.question import MultipleChoice, SingleChoice, TrueFalse
from content.quiz import Answers
from content.schedule import Chosen
from lti_tool.services.study.learning import (
    CohortEndedError,
    NotOpenYetError,
    NotPlacedError,
    PassMark,
    Taken,
    find_any_course,
    find_course,
    hand_in_quiz,
    require_open,
    study_of,
    taken_by,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, Score
from tests.lti_tool.services import classes
from tests.lti_tool.services.classes import add_class
from tests.lti_tool.services.gradebook import CHECK, EXAM, LEARNER, MODULE, add_column, add_gradebook

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def gradebook(database: Database) -> Database:
    with database.begin() as db:
        add_gradebook(db)
        add_column(db)
    return database


@pytest.fixture
def cohort(database: Database) -> Database:
    with database.begin() as db:
        add_class(db)
    return database


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


def test_two_quizzes_handed_in_at_once_both_count(gradebook: Database) -> None:
    def hand_in_nothing() -> None:
        with gradebook.begin() as db:
            hand_in_quiz(db, LEARNER, EXAM, {}, ticket="second", now=NOW)

    with ThreadPoolExecutor(1) as other_tab:
        with gradebook.begin() as db:
            hand_in_quiz(db, LEARNER, CHECK, _right(CHECK), ticket="first", now=NOW)
            handed_in = other_tab.submit(hand_in_nothing)
            sleep(0.3)
        handed_in.result(10)
    with gradebook.read() as db:
        reached = score(MODULE, study_of(db, LEARNER).states)
        share = db.scalar(select(Score.share).where(Score.enrolment_id == LEARNER))
    assert reached == ModuleScore(CHECK.maximum, CHECK.maximum + EXAM.maximum, attempted=2, quizzes=2)
    assert share == reached.share


def test_a_cohort_has_the_dates_and_the_pass_mark_of_its_settings(cohort: Database) -> None:
    with cohort.begin() as db:
        row = db.get_one(Cohort, 1)
        row.weeks, row.unlocks_weekly, row.has_due_dates = 6, False, False
        row.dates = {"unit2": {"opens": "2027-04-01"}}
        row.pass_share, row.maximum = 0.5, 20
    with cohort.read() as db:
        course = find_course(db, 1)
    rules = course.schedule
    assert (rules.starts_on, rules.weeks) == (classes.START, 6)
    assert (rules.unlocks_weekly, rules.has_due_dates) == (False, False)
    assert rules.chosen == {"unit2": Chosen(opens=date(2027, 4, 1))}
    assert (course.pass_mark, course.pass_mark and course.pass_mark.points) == (PassMark(0.5, 20), 10)


def test_a_cohort_that_ended_opens_nothing_and_keeps_everything(cohort: Database) -> None:
    with cohort.begin() as db:
        db.get_one(Cohort, 1).closed_at = NOW
    with cohort.read() as db:
        with pytest.raises(CohortEndedError):
            find_course(db, 1)
        assert find_any_course(db, 1).name == "Autumn"


@pytest.mark.parametrize("cohort_id", [None, 2])
def test_where_there_is_no_cohort_nothing_is_placed(cohort: Database, cohort_id: int | None) -> None:
    for find in (find_course, find_any_course):
        with cohort.read() as db, pytest.raises(NotPlacedError):
            find(db, cohort_id)


def test_an_activity_is_open_from_the_day_of_its_unit_on(cohort: Database) -> None:
    with cohort.read() as db:
        course = find_course(db, 1)
    second = course.activity("read2")
    require_open(course, second, date(2027, 3, 8))
    with pytest.raises(NotOpenYetError) as refused:
        require_open(course, second, date(2027, 3, 7))
    assert (refused.value.unit.id, refused.value.opens) == ("unit2", date(2027, 3, 8))


def test_of_a_programme_one_finds_what_one_studies_in_it(cohort: Database) -> None:
    with cohort.begin() as db:
        classes.do(db, 2, "read1")
    with cohort.read() as db:
        assert taken_by(db, 2, "him") == (Taken("module", "Autumn", "Zorg", Tally(1, 6, 70)),)
        assert taken_by(db, 2, "hif") == taken_by(db, 1, "him") == ()  # the teacher studies nothing
    with cohort.begin() as db:
        db.get_one(Cohort, 1).closed_at = NOW
        assert taken_by(db, 2, "him") == ()
