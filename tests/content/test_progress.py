import pytest

from content.module import Offset
from content.progress import (
    Finished,
    NoScore,
    Score,
    Tally,
    is_complete,
    is_open,
    next_activity,
    score,
    tally,
)
from content.state import Stage, State
from tests.content.examples import module, page, quiz, single, true_false, unit, video

DONE = State(stage=Stage.DONE)
STARTED = State(stage=Stage.STARTED)

FIRST = unit(
    "first",
    activities=(page("read"), video("look", essential=False), quiz("check", graded=True, attempts=2)),
)
SECOND = unit(
    "second",
    release=Offset(7),
    due=Offset(21),
    activities=(page("more"), quiz("exam", graded=True, questions=(single(points=3), true_false(points=3)))),
)
MODULE = module(units=(FIRST, SECOND))
ESSENTIAL = {"read": DONE, "check": DONE, "more": DONE, "exam": DONE}


def following(states: dict[str, State], *, last: str = "") -> str:
    activity = next_activity(MODULE.activities, states, last=last)
    return activity.value if isinstance(activity, Finished) else activity.id


def test_a_unit_is_complete_without_its_optional_activities() -> None:
    states = {"read": DONE, "look": STARTED, "check": DONE}
    assert [is_complete(part, states) for part in (FIRST, SECOND, MODULE)] == [True, False, False]
    assert is_complete(MODULE, ESSENTIAL)


def test_a_started_activity_is_not_done() -> None:
    assert not is_complete(FIRST, {"read": STARTED, "check": DONE})


def test_the_tally_counts_what_is_essential() -> None:
    assert tally(MODULE, {}) == Tally(done=0, essential=4, minutes_left=60)
    assert tally(MODULE, {"read": DONE, "look": DONE}) == Tally(done=1, essential=4, minutes_left=40)
    assert tally(FIRST, ESSENTIAL) == Tally(done=2, essential=2, minutes_left=0)
    assert tally(MODULE, {"read": DONE}).share == 0.25


def test_a_quiz_without_attempts_left_takes_no_more_minutes_and_is_not_proposed() -> None:
    spent = {"read": DONE, "check": State(stage=Stage.STARTED, attempts=2, best=0.4)}
    assert tally(FIRST, spent) == Tally(done=1, essential=2, minutes_left=0)
    assert not is_open(FIRST.activities[2], spent)
    assert following(spent) == "more"


@pytest.mark.parametrize(
    ("states", "last", "expected"),
    [
        ({}, "", "read"),
        ({"read": STARTED}, "read", "read"),
        ({"read": DONE}, "read", "check"),
        ({"more": STARTED}, "more", "more"),
        ({"more": DONE}, "more", "exam"),
        ({"exam": DONE}, "exam", "read"),
        (ESSENTIAL, "exam", "look"),
        (ESSENTIAL | {"look": DONE}, "look", "finished"),
        ({"read": DONE}, "gone-in-this-version", "check"),
    ],
)
def test_a_learner_continues_where_they_left_off(states: dict[str, State], last: str, expected: str) -> None:
    assert following(states, last=last) == expected


def test_there_is_no_score_before_the_first_graded_quiz_was_attempted() -> None:
    assert score(MODULE, {"read": DONE, "check": STARTED}) is NoScore.WAITING


def test_a_quiz_that_is_still_to_come_does_not_pull_the_score_down() -> None:
    states = {"check": State(stage=Stage.DONE, attempts=1, best=0.75)}
    assert score(MODULE, states) == Score(given=3.0, maximum=4, attempted=1, quizzes=2)


def test_the_score_weighs_the_best_attempts_by_points() -> None:
    states = {
        "check": State(stage=Stage.DONE, attempts=2, best=0.75),
        "exam": State(stage=Stage.STARTED, attempts=1, best=0.5),
    }
    assert score(MODULE, states) == Score(given=6.0, maximum=10, attempted=2, quizzes=2)


def test_a_unit_has_a_score_of_its_own() -> None:
    states = {
        "check": State(stage=Stage.DONE, attempts=2, best=0.75),
        "exam": State(stage=Stage.STARTED, attempts=1, best=0.5),
    }
    reached = score(FIRST, states)
    assert reached == Score(given=3.0, maximum=4, attempted=1, quizzes=1)
    assert isinstance(reached, Score)
    assert (reached.share, reached.is_complete) == (0.75, True)


def test_an_attempt_that_earned_nothing_is_a_score_too() -> None:
    failed = State(stage=Stage.STARTED, attempts=1)
    states = {"check": failed, "exam": failed}
    assert score(MODULE, states) == Score(given=0.0, maximum=10, attempted=2, quizzes=2)


def test_a_module_without_graded_quizzes_never_has_a_score() -> None:
    assert score(module(), {"quiz": State(stage=Stage.DONE, attempts=1, best=1.0)}) is NoScore.UNGRADED
