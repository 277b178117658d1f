"""Quizzes: what a learner sees of them, and marking."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from content.activity import Quiz
from content.checked import Checked
from content.question import MultipleChoice, Numeric, Option, Question, SingleChoice, TrueFalse
from content.text import Text
from content.typed import readings

Answers = Mapping[str, tuple[str, ...]]
"""By question id what was given: ids of options, `true` or `false`, or a number as it was typed."""

TRUTHS = {"true": True, "false": False}


class UnknownQuestionError(Exception):
    """An answer is to a question that the quiz does not have."""

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


class UnknownOptionError(Exception):
    """An answer names an option that the question does not have."""

    def __init__(self, question: str, option: str) -> None:
        super().__init__(question, option)
        self.question = question
        self.option = option


class Verdict(str, Enum):
    """How an answer was judged."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, kw_only=True)
class MarkedQuestion(Checked):
    """One answer with its verdict; `feedback` is the chosen options' and then the question's."""

    id: str
    given: tuple[str, ...]
    verdict: Verdict
    points: float
    maximum: int
    feedback: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Marked(Checked):
    """One attempt at a quiz, marked."""

    points: float
    maximum: int
    passed: bool
    questions: tuple[MarkedQuestion, ...]

    @property
    def share(self) -> float:
        """Return the share of the points that was earned, 0 to 1."""
        return self.points / self.maximum


@dataclass(frozen=True)
class GivenOption:
    id: str
    text: str


@dataclass(frozen=True)
class GivenQuestion:
    """A question without its answer; the texts are inline Markdown. A true/false question has no options."""

    id: str
    type: str
    text: str
    points: int
    options: tuple[GivenOption, ...]


@dataclass(frozen=True)
class GivenQuiz:
    """A quiz as it is put to a learner, with nothing that gives an answer away."""

    id: str
    title: str
    maximum: int
    questions: tuple[GivenQuestion, ...]


def as_given(quiz: Quiz, language: str) -> GivenQuiz:
    """Return the quiz as it is put to a learner who reads `language`."""
    questions = tuple(
        GivenQuestion(
            question.id,
            question.type,
            question.text.in_(language),
            question.points,
            tuple(GivenOption(option.id, option.text.in_(language)) for option in _options(question)),
        )
        for question in quiz.questions
    )
    return GivenQuiz(quiz.id, quiz.title.in_(language), quiz.maximum, questions)


def mark(quiz: Quiz, answers: Answers) -> Marked:
    """Return the attempt, marked; a question without an answer earns nothing.

    Raises UnknownQuestionError and UnknownOptionError for ids that the quiz does not have.
    """
    known = {question.id for question in quiz.questions}
    for question_id in answers:
        if question_id not in known:
            raise UnknownQuestionError(question_id)
    given = {question.id: _given(answers.get(question.id, ())) for question in quiz.questions}
    shares = {question.id: _share(question, given[question.id]) for question in quiz.questions}
    points = sum((shares[question.id] * question.points for question in quiz.questions), Fraction(0))
    return Marked(
        points=float(points),
        maximum=quiz.maximum,
        passed=points >= quiz.maximum * Fraction(str(quiz.pass_)),
        questions=tuple(
            _marked(question, given[question.id], shares[question.id]) for question in quiz.questions
        ),
    )


def _given(answer: tuple[str, ...]) -> tuple[str, ...]:
    """Return what was given, each thing once, blanks left out."""
    return tuple(dict.fromkeys(text for text in answer if text.strip()))


def _options(question: Question) -> tuple[Option, ...]:
    return question.options if isinstance(question, SingleChoice | MultipleChoice) else ()


def _marked(question: Question, given: tuple[str, ...], share: Fraction) -> MarkedQuestion:
    chosen = [option.feedback for option in _options(question) if option.id in given]
    return MarkedQuestion(
        id=question.id,
        given=given,
        verdict=_verdict(given, share),
        points=float(share * question.points),
        maximum=question.points,
        feedback=tuple(text for text in (*chosen, question.feedback) if text),
    )


def _verdict(given: tuple[str, ...], share: Fraction) -> Verdict:
    if not given:
        return Verdict.UNANSWERED
    if share == 1:
        return Verdict.RIGHT
    return Verdict.PARTLY if share else Verdict.WRONG


def _share(question: Question, given: tuple[str, ...]) -> Fraction:
    """Return the share of the question's points that the answer earns."""
    match question:
        case SingleChoice():
            return Fraction(_known(question, given) == question.correct)
        case MultipleChoice():
            return _share_of_choices(question, _known(question, given))
        case TrueFalse():
            return Fraction(_truths(question, given) == [question.answer])
        case Numeric():
            return Fraction(len(given) == 1 and _is_near(question, given[0]))


def _share_of_choices(question: MultipleChoice, chosen: frozenset[str]) -> Fraction:
    """Return the share of the correct options that is chosen, less the share of the wrong ones; at least 0.

    So half of the knowledge earns half of the points, and choosing everything earns as little as choosing
    nothing.
    """
    wrong = len(question.options) - len(question.correct)
    earned = Fraction(len(chosen & question.correct), len(question.correct))
    lost = Fraction(len(chosen - question.correct), wrong) if wrong else Fraction(0)
    return max(Fraction(0), earned - lost)


def _known(question: SingleChoice | MultipleChoice, given: tuple[str, ...]) -> frozenset[str]:
    known = {option.id for option in question.options}
    for text in given:
        if text not in known:
            raise UnknownOptionError(question.id, text)
    return frozenset(given)


def _truths(question: TrueFalse, given: tuple[str, ...]) -> list[bool]:
    for text in given:
        if text not in TRUTHS:
            raise UnknownOptionError(question.id, text)
    return [TRUTHS[text] for text in given]


def _is_near(question: Numeric, typed: str) -> bool:
    # Decimals as written, for 0.3 - 0.1 in binary lies outside a tolerance of 0.2.
    value, tolerance = Decimal(str(question.value)), Decimal(str(question.tolerance))
    return any(abs(reading - value) <= tolerance for reading in readings(typed))
