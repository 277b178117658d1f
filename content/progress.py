"""Progress: what is done, what comes next, and the module's score.

States are held by activity id; an activity without one has not been started.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from content.activity import Activity, Quiz
from content.checked import Checked, Finding, outside
from content.module import Module, Unit
from content.state import UNTOUCHED, Stage, State, has_attempts_left

States = Mapping[str, State]


class Finished(Enum):
    """Stands for the next activity where nothing is left to do."""

    FINISHED = "finished"


class NoScore(Enum):
    """Stands for a score that there is not yet, or will never be."""

    WAITING = "waiting"
    UNGRADED = "ungraded"


@dataclass(frozen=True)
class Score(Checked):
    """What a learner earned of the points of the graded quizzes that she attempted, of how many quizzes."""

    given: float
    maximum: int
    attempted: int
    quizzes: int

    def findings(self) -> Iterator[Finding]:
        yield from outside("given", self.given, 0, self.maximum)
        yield from outside("attempted", self.attempted, 1, self.quizzes)

    @property
    def share(self) -> float:
        """Return the share of the points that was earned, 0 to 1."""
        return self.given / self.maximum

    @property
    def is_complete(self) -> bool:
        """Return whether no graded quiz is left to attempt."""
        return self.attempted == self.quizzes


@dataclass(frozen=True)
class Tally:
    """How many essential activities are done, and the minutes that the others take."""

    done: int
    essential: int
    minutes_left: int

    @property
    def share(self) -> float:
        """Return the share that is done, 0 to 1; nothing to do is done."""
        return self.done / self.essential if self.essential else 1.0


def is_done(activity: Activity, states: States) -> bool:
    return states.get(activity.id, UNTOUCHED).stage is Stage.DONE


def is_open(activity: Activity, states: States) -> bool:
    """Return whether something is left to do: not for what is done, nor for a quiz without attempts left."""
    state = states.get(activity.id, UNTOUCHED)
    spent = isinstance(activity, Quiz) and not has_attempts_left(activity, state)
    return not spent and state.stage is not Stage.DONE


def is_complete(part: Unit | Module, states: States) -> bool:
    """Return whether every essential activity of the unit or module is done."""
    return all(is_done(activity, states) for activity in part.activities if activity.essential)


def tally(part: Unit | Module, states: States) -> Tally:
    """Return how far the essential activities of the unit or module are."""
    essential = [activity for activity in part.activities if activity.essential]
    return Tally(
        done=sum(is_done(activity, states) for activity in essential),
        essential=len(essential),
        minutes_left=sum(activity.minutes for activity in essential if is_open(activity, states)),
    )


def next_activity(activities: Sequence[Activity], states: States, *, last: str = "") -> Activity | Finished:
    """Return where to continue: from `last`, the activity opened last, on, and then from the beginning.

    Essential activities come before optional ones.
    """
    here = next((index for index, activity in enumerate(activities) if activity.id == last), 0)
    onward = (*activities[here:], *activities[:here])
    ahead = [activity for activity in onward if is_open(activity, states)]
    return min(ahead, key=lambda activity: not activity.essential, default=Finished.FINISHED)


def graded_quizzes(part: Unit | Module) -> tuple[Quiz, ...]:
    """Return the quizzes of a unit or module that count for the gradebook."""
    return tuple(activity for activity in part.activities if isinstance(activity, Quiz) and activity.graded)


def score(part: Unit | Module, states: States) -> Score | NoScore:
    """Return the score so far: the best attempts at the graded quizzes that were attempted, by their points.

    Quizzes that are still to come do not pull it down, as they would in a gradebook.
    """
    graded = graded_quizzes(part)
    if not graded:
        return NoScore.UNGRADED
    reached = {quiz: states.get(quiz.id, UNTOUCHED) for quiz in graded}
    attempted = [quiz for quiz in graded if reached[quiz].attempts]
    if not attempted:
        return NoScore.WAITING
    given = sum(reached[quiz].best * quiz.maximum for quiz in attempted)
    maximum = sum(quiz.maximum for quiz in attempted)
    return Score(round(given, 4), maximum, attempted=len(attempted), quizzes=len(graded))
