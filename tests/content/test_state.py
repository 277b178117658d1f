from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.checked import Refused
from content.quiz import mark
from content.spans import Span, merged, share_of
from content.state import UNTOUCHED, NoAttemptsLeftError, Stage, State, attempted, opened, read, watched
from tests.content.examples import quiz, single, true_false, video

ASKED = quiz(attempts=2, questions=(single(), true_false()))
ALL = mark(ASKED, {"single": ("a",), "true_false": ("true",)})
HALF = mark(ASKED, {"single": ("a",)})

spans = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 60)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
)


def test_opening_starts_and_undoes_nothing() -> None:
    assert opened(UNTOUCHED) == State(stage=Stage.STARTED)
    assert opened(State(stage=Stage.DONE)) == State(stage=Stage.DONE)


def test_a_page_is_done_once_read() -> None:
    assert read(opened(UNTOUCHED)) == State(stage=Stage.DONE)


def test_a_video_is_done_when_enough_of_it_was_watched() -> None:
    first = watched(video(), UNTOUCHED, [Span(0, 50)], position=50, duration=100)
    assert first == State(stage=Stage.STARTED, position=50, watched=(Span(0, 50),))
    second = watched(video(), first, [Span(50.25, 80)], position=80, duration=100)
    assert second == State(stage=Stage.DONE, position=80, watched=(Span(0, 80),))


def test_skipping_to_the_end_of_a_video_does_not_count() -> None:
    state = watched(video(), UNTOUCHED, [Span(0, 5), Span(95, 100)], position=100, duration=100)
    assert state == State(stage=Stage.STARTED, position=100, watched=(Span(0, 5), Span(95, 100)))


def test_watching_the_same_part_twice_counts_once() -> None:
    state = watched(video(), UNTOUCHED, [Span(0, 50), Span(0, 50)], position=50, duration=100)
    assert state.stage is Stage.STARTED


def test_a_video_stays_done_when_its_beginning_is_watched_again() -> None:
    done = State(stage=Stage.DONE, position=90, watched=(Span(0, 90),))
    assert watched(video(), done, [Span(0, 3)], position=3, duration=100) == State(
        stage=Stage.DONE, position=3, watched=(Span(0, 90),)
    )


@pytest.mark.parametrize("duration", [0, -1, float("nan"), float("inf")])
def test_a_video_without_a_duration_is_refused(duration: float) -> None:
    with pytest.raises(Refused):
        watched(video(), UNTOUCHED, [Span(0, 5)], position=5, duration=duration)


@pytest.mark.parametrize("position", [-1, float("nan"), float("inf")])
def test_a_position_outside_a_video_is_refused(position: float) -> None:
    with pytest.raises(Refused):
        watched(video(), UNTOUCHED, [], position=position, duration=100)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 5), (0, float("nan")), (0, float("inf"))])
def test_a_span_that_is_none_is_refused(start: float, end: float) -> None:
    with pytest.raises(Refused):
        Span(start, end)


@given(spans)
def test_merged_spans_lie_apart_and_cover_the_same_seconds(pieces: list[Span]) -> None:
    result = merged(pieces)
    assert all(left.end < right.start for left, right in pairwise(result))
    seconds = {second for piece in pieces for second in range(int(piece.start), int(piece.end))}
    assert share_of(pieces, 360) == pytest.approx(len(seconds) / 360)


def test_what_lies_past_the_end_of_a_video_is_not_watched() -> None:
    assert share_of([Span(0, 10), Span(90, 200), Span(300, 400)], 100) == 0.2


def test_the_best_attempt_counts_and_a_pass_stays() -> None:
    first = attempted(ASKED, UNTOUCHED, ALL)
    assert first == State(stage=Stage.DONE, attempts=1, best=1.0)
    assert attempted(ASKED, first, HALF) == State(stage=Stage.DONE, attempts=2, best=1.0)


def test_an_attempt_that_fails_starts_a_quiz() -> None:
    assert attempted(ASKED, UNTOUCHED, HALF) == State(stage=Stage.STARTED, attempts=1, best=0.5)


def test_there_are_no_more_attempts_than_allowed() -> None:
    with pytest.raises(NoAttemptsLeftError) as error:
        attempted(ASKED, State(stage=Stage.STARTED, attempts=2), ALL)
    assert (error.value.quiz, error.value.attempts) == ("quiz", 2)


def test_attempts_are_endless_without_a_limit() -> None:
    state = attempted(quiz(), State(stage=Stage.STARTED, attempts=99), ALL)
    assert state == State(stage=Stage.DONE, attempts=100, best=1.0)
