"""What stands beside a mark in the gradebook, in the module's own language: there is no reader to ask."""

from content.progress import Score
from content.text import Text

SO_FAR = Text("Voorlopig: {attempted} van {quizzes} quizzen", "So far: {attempted} of {quizzes} quizzes")
WHOLE = Text("Alle {quizzes} quizzen gemaakt", "All {quizzes} quizzes done")
ONLY_ONE = Text("Quiz gemaakt", "Quiz done")


def comment(score: Score, language: str) -> str:
    """Return how much of what counts is in a mark."""
    whole = ONLY_ONE if score.quizzes == 1 else WHOLE
    said = whole if score.is_complete else SO_FAR
    return said.in_(language).format(attempted=score.attempted, quizzes=score.quizzes)
