"""Answers to the questions of a quiz."""

from content.activity import Quiz
from content.module import Module
from content.question import MultipleChoice, SingleChoice, TrueFalse


def graded_quiz(module: Module) -> Quiz:
    """Return the first quiz of a module that counts."""
    return next(one for one in module.activities if isinstance(one, Quiz) and one.graded)


def right_answers(quiz: Quiz) -> dict[str, object]:
    """Return the form of a learner who knows everything."""
    given: dict[str, object] = {}
    for question in quiz.questions:
        match question:
            case SingleChoice() | MultipleChoice():
                right: object = [option.id for option in question.options if option.correct]
            case TrueFalse():
                right = "true" if question.answer else "false"
            case _:
                right = str(question.value)
        given[f"answer-{question.id}"] = right
    return given
