import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.activity import Page, Quiz
from content.checked import Fault, Finding, Refused
from content.document import from_document, to_document
from content.module import Module
from content.question import MultipleChoice, Numeric, Option, Question, SingleChoice, TrueFalse
from content.quiz import Marked, mark
from content.spans import Span
from content.state import Stage, State
from content.text import Text
from tests.content.examples import module, multiple, page, quiz, single, unit, video

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,9}", fullmatch=True)
words = st.text(min_size=1).filter(str.strip)
texts = st.builds(Text, words, st.text())
points = st.integers(1, 100)


def options(flags: list[bool]) -> st.SearchStrategy[tuple[Option, ...]]:
    return st.tuples(
        *(
            st.builds(
                Option, id=st.just(f"o{i}"), text=texts, correct=st.just(flag), feedback=st.none() | texts
            )
            for i, flag in enumerate(flags)
        )
    )


def asked(kind: type[Question], **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Question]:
    return st.builds(kind, id=ids, text=texts, points=points, feedback=st.none() | texts, **parts)


finite = st.floats(allow_nan=False, allow_infinity=False)
questions = st.one_of(
    asked(SingleChoice, options=options([False, True, False])),
    asked(MultipleChoice, options=options([True, False, True])),
    asked(TrueFalse, answer=st.booleans()),
    asked(Numeric, value=finite, tolerance=st.floats(0, 1e9)),
)
quizzes = st.builds(
    Quiz,
    id=ids,
    title=texts,
    minutes=st.integers(1, 90),
    essential=st.booleans(),
    graded=st.booleans(),
    pass_=st.floats(0, 1),
    attempts=st.none() | st.integers(1, 9),
    questions=st.lists(questions, min_size=1, max_size=3, unique_by=lambda question: question.id).map(tuple),
)
pages = st.builds(
    Page, id=ids, title=texts, minutes=points, body=texts, sources=st.lists(texts, max_size=2).map(tuple)
)


def through_json(document: dict[str, Any]) -> Any:
    return json.loads(json.dumps(document))


@given(st.one_of(quizzes, pages))
def test_an_activity_comes_back_from_its_document_as_it_went(activity: Quiz | Page) -> None:
    assert from_document(type(activity), through_json(to_document(activity))) == activity


def test_a_module_comes_back_from_its_document_as_it_went() -> None:
    whole = module(units=(unit(activities=(page(), video(), quiz(attempts=3, graded=True))),))
    assert from_document(Module, through_json(to_document(whole))) == whole


def test_states_and_marked_attempts_come_back_too() -> None:
    state = State(stage=Stage.STARTED, position=12.5, watched=(Span(0, 12.5),), attempts=1, best=0.5)
    assert from_document(State, through_json(to_document(state))) == state
    marked = mark(quiz(), {"single": ("a",)})
    assert from_document(Marked, through_json(to_document(marked))) == marked


def test_a_document_is_what_an_author_writes() -> None:
    assert to_document(unit(activities=(quiz(questions=(single(options=multiple().options[1:3]),)),))) == {
        "id": "unit",
        "title": {"nl": "Week", "en": "Week (en)"},
        "study_minutes": 120,
        "outcomes": ["LO1"],
        "release": "+0w",
        "due": "+1w",
        "activities": [
            {
                "type": "quiz",
                "id": "quiz",
                "title": {"nl": "Toets", "en": "Toets (en)"},
                "minutes": 10,
                "essential": True,
                "graded": False,
                "pass": 0.6,
                "questions": [
                    {
                        "type": "single",
                        "id": "single",
                        "text": {"nl": "Welke?", "en": "Welke? (en)"},
                        "points": 1,
                        "options": [
                            {
                                "id": "b",
                                "text": {"nl": "b", "en": "b (en)"},
                                "correct": True,
                                "feedback": {"nl": "over b", "en": "over b (en)"},
                            },
                            {
                                "id": "c",
                                "text": {"nl": "c", "en": "c (en)"},
                                "correct": False,
                                "feedback": {"nl": "over c", "en": "over c (en)"},
                            },
                        ],
                    }
                ],
            }
        ],
    }


def refusals(document: object) -> list[Finding]:
    with pytest.raises(Refused) as refused:
        from_document(Module, document)
    return list(refused.value.findings)


def test_a_document_is_refused_with_everything_that_is_wrong() -> None:
    document = to_document(module())
    document["colour"] = "green"
    document["ects"] = "six"
    document["live"]["mode"] = "at home"
    document["contributors"] = "me"
    document["units"][0]["due"] = "soon"
    document["units"][0]["activities"][0]["type"] = "game"
    del document["units"][0]["activities"][1]["src"]
    document["units"][0]["activities"][2]["graded"] = 1
    del document["title"]["nl"]
    activities = ("units", 0, "activities")
    assert refusals(document) == [
        Finding(("colour",), Fault.UNKNOWN_KEY, "colour"),
        Finding(("title",), Fault.MISSING_KEY, "nl"),
        Finding(("ects",), Fault.WRONG_TYPE, "a whole number"),
        Finding(("live", "mode"), Fault.WRONG_TYPE, "online | campus"),
        Finding(("contributors",), Fault.WRONG_TYPE, "a list"),
        Finding(("units", 0, "due"), Fault.BAD_OFFSET, "soon"),
        Finding((*activities, 0), Fault.WRONG_TYPE, "type: page | video | quiz"),
        Finding((*activities, 1), Fault.MISSING_KEY, "src"),
        Finding((*activities, 2, "graded"), Fault.WRONG_TYPE, "true or false"),
    ]


@pytest.mark.parametrize("document", [None, [], "module", 7])
def test_what_is_no_mapping_is_no_module(document: object) -> None:
    assert refusals(document) == [Finding((), Fault.WRONG_TYPE, "keys with values")]


def test_nonsense_deep_inside_hides_no_nonsense_outside_it() -> None:
    document = to_document(module())
    document["units"][0]["activities"][2]["pass"] = 7
    document["units"][0]["study_minutes"] = 1
    document["weeks"] = 0
    assert refusals(document) == [
        Finding(("units", 0, "activities", 2, "pass"), Fault.OUT_OF_RANGE, "0 to 1"),
        Finding(("units", 0, "study_minutes"), Fault.MINUTES_DO_NOT_ADD_UP, "35"),
        Finding(("weeks",), Fault.OUT_OF_RANGE, "1 to 52"),
        Finding(("units", 0, "due"), Fault.OUT_OF_RANGE, "at most +0w"),
    ]
