"""The learners of a cohort: who needs someone first, who has not come, who has left, whose they are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from content.progress import Tally
from lti_tool.services.cohorts.following import Followed, FollowedLearner, Need, Wanted, follow
from lti_tool.services.study.learning import find_course
from lti_tool.storage.database import Database
from lti_tool.storage.models import Enrolment
from tests.lti_tool.services.classes import NOW, UCLL, VIVES, add_class, do

TODAY = date(2027, 3, 8)
HERE = FollowedLearner(
    name="learner 2",
    institution="UCLL",
    employer=None,
    groups=(),
    tally=Tally(done=0, essential=6, minutes_left=90),
    behind=1,
    has_launched=True,
    has_left=False,
    last_seen=None,
    mark=None,
)


@pytest.fixture
def cohort(database: Database) -> Database:
    with database.begin() as db:
        add_class(db)
    return database


def _follow(db: Session, institution_id: int | None = None) -> Followed:
    return follow(db, find_course(db, 1), TODAY, institution_id=institution_id)


def _names(followed: Followed) -> tuple[list[str | None], list[str | None]]:
    return [one.name for one in followed.learners], [one.name for one in followed.left]


def test_a_learner_is_shown_with_what_she_did_and_earned(cohort: Database) -> None:
    with cohort.begin() as db:
        enrolment = db.get_one(Enrolment, 2)
        enrolment.employer, enrolment.groups = "Zorgpunt", ["B", "A"]
        do(db, 2, "read1")
        do(db, 2, "check1", share=0.5)
        followed = _follow(db)
    assert followed.learners[-1] == replace(
        HERE,
        employer="Zorgpunt",
        groups=("A", "B"),
        tally=Tally(done=2, essential=6, minutes_left=60),
        behind=0,
        last_seen=NOW - timedelta(hours=1),
        mark=0.5,
    )


def test_who_is_behind_comes_first_and_then_who_did_least(cohort: Database) -> None:
    with cohort.begin() as db:
        do(db, 2, "read1", "check1")
        do(db, 3, "read1")
        assert _names(_follow(db)) == (["learner 4", "learner 3", "learner 2"], [])


def test_who_is_known_from_the_lms_only_has_not_started(cohort: Database) -> None:
    with cohort.begin() as db:
        db.get_one(Enrolment, 3).launched_at = None
        followed = _follow(db)
    assert [(one.name, one.has_launched) for one in followed.learners] == [
        ("learner 2", True),
        ("learner 3", False),
        ("learner 4", True),
    ]
    assert (followed.count(Need.NOT_STARTED), followed.count(Need.BEHIND)) == (1, 3)


def test_who_left_is_apart_keeps_her_work_and_does_not_count(cohort: Database) -> None:
    with cohort.begin() as db:
        do(db, 3, "read1")
        db.get_one(Enrolment, 3).left_at = NOW
        followed = _follow(db)
    assert _names(followed) == (["learner 2", "learner 4"], ["learner 3"])
    assert followed.left[0].tally.done == 1
    assert followed.count(Need.BEHIND) == 2


def test_an_institution_is_that_of_the_enrolment(cohort: Database) -> None:
    with cohort.begin() as db:
        assert _names(_follow(db, UCLL)) == (["learner 2", "learner 3"], [])
        assert _names(_follow(db, VIVES)) == (["learner 4"], [])
        assert _follow(db).institutions == ("UCLL", "VIVES")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["Ann", "Bo", None]),
        (Wanted(words="ANN"), ["Ann"]),
        (Wanted(words="zorg ann"), ["Ann"]),
        (Wanted(words="ann bo"), []),
        (Wanted(group="Nacht"), ["Bo"]),
        (Wanted(institution="VIVES"), [None]),
        (Wanted(need=Need.BEHIND), ["Ann", "Bo"]),
        (Wanted(need=Need.NOT_STARTED), [None]),
        (Wanted(group="Nacht", institution="VIVES"), []),
    ],
)
def test_learners_are_found_by_all_that_is_asked(wanted: Wanted, found: list[str | None]) -> None:
    learners = (
        replace(HERE, name="Ann", employer="Zorgpunt"),
        replace(HERE, name="Bo", groups=("Nacht",)),
        replace(HERE, name=None, institution="VIVES", behind=0, has_launched=False),
    )
    assert [learner.name for learner in wanted.among(learners)] == found
    assert wanted.narrows is (wanted != Wanted())
