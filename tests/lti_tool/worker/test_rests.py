"""A platform that does not answer is left alone, longer each time, until it answers."""

from datetime import UTC, datetime, timedelta

from lti_tool.worker.rests import Rests

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
MOODLE, CANVAS = 1, 2
NOTHING = timedelta(0)


def _left_after(failures: int) -> float:
    rests = Rests()
    for _ in range(failures):
        rests.begin(MOODLE, NOW, at_least=NOTHING)
    return rests.left(MOODLE, NOW).total_seconds()


def test_each_failure_in_a_row_makes_the_rest_longer_up_to_five_minutes() -> None:
    assert [_left_after(failures) for failures in range(9)] == [0, 5, 10, 20, 40, 80, 160, 300, 300]


def test_a_rest_passes_and_is_no_other_platforms() -> None:
    rests = Rests()
    rests.begin(MOODLE, NOW, at_least=NOTHING)
    ahead = [rests.left(MOODLE, NOW + timedelta(seconds=seconds)).total_seconds() for seconds in (3, 5, 60)]
    assert (ahead, rests.left(CANVAS, NOW)) == ([2, 0, 0], NOTHING)


def test_a_platform_that_asks_for_more_time_gets_it() -> None:
    rests = Rests()
    rests.begin(MOODLE, NOW, at_least=timedelta(hours=2))
    assert rests.left(MOODLE, NOW) == timedelta(hours=2)


def test_an_answer_ends_the_rest_and_forgets_the_failures() -> None:
    rests = Rests()
    for _ in range(5):
        rests.begin(MOODLE, NOW, at_least=NOTHING)
    rests.end(MOODLE)
    assert rests.left(MOODLE, NOW) == NOTHING
    rests.begin(MOODLE, NOW, at_least=NOTHING)
    assert rests.left(MOODLE, NOW) == timedelta(seconds=5)
