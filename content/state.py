"""A learner's state in one activity, and what moves it on. Done stays done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from content.activity import Quiz, Video
from content.checked import Checked, Finding, outside
from content.quiz import Marked
from content.spans import LONGEST, Span, merged, share_of


class Stage(str, Enum):
    """How far a learner is with an activity."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class State(Checked):
    """A learner's state in an activity: for a video also the spans watched, for a quiz its attempts.

    `position` is in seconds; `best` is the best attempt's share of the points, 0 to 1.
    """

    stage: Stage = Stage.NOT_STARTED
    position: float = 0.0
    watched: tuple[Span, ...] = ()
    attempts: int = 0
    best: float = 0.0

    def findings(self) -> Iterator[Finding]:
        yield from outside("position", self.position, 0, LONGEST)
        yield from outside("attempts", self.attempts, 0, float("inf"))
        yield from outside("best", self.best, 0, 1)


UNTOUCHED = State()


class NoAttemptsLeftError(Exception):
    """A quiz has been attempted as often as it allows."""

    def __init__(self, quiz: str, attempts: int) -> None:
        super().__init__(quiz, attempts)
        self.quiz = quiz
        self.attempts = attempts


def opened(state: State) -> State:
    """Return the state of an activity that has been opened."""
    return replace(state, stage=Stage.STARTED) if state.stage is Stage.NOT_STARTED else state


def read(state: State) -> State:
    """Return the state of a page that was viewed to its end or marked as read."""
    return replace(state, stage=Stage.DONE)


def watched(video: Video, state: State, spans: Iterable[Span], *, position: float, duration: float) -> State:
    """Return the state of a video of `duration` seconds when `spans` of it have been watched as well.

    What was skipped does not count, nor does what was watched twice.
    """
    together = merged((*state.watched, *spans))
    enough = share_of(together, duration) >= video.completion.watched
    done = enough or state.stage is Stage.DONE
    stage = Stage.DONE if done else Stage.STARTED
    return replace(state, stage=stage, watched=together, position=position)


def has_attempts_left(quiz: Quiz, state: State) -> bool:
    """Return whether the quiz may be attempted (again)."""
    return quiz.attempts is None or state.attempts < quiz.attempts


def attempted(quiz: Quiz, state: State, marked: Marked) -> State:
    """Return the state of a quiz after one more attempt, or raise NoAttemptsLeftError."""
    if quiz.attempts is not None and not has_attempts_left(quiz, state):
        raise NoAttemptsLeftError(quiz.id, quiz.attempts)
    done = state.stage is Stage.DONE or marked.passed
    return replace(
        state,
        stage=Stage.DONE if done else Stage.STARTED,
        attempts=state.attempts + 1,
        best=max(state.best, marked.share),
    )
