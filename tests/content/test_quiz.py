from dataclasses import asdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.quiz import (
    Answers,
    GivenOption,
    GivenQuestion,
    GivenQuiz,
    Marked,
    MarkedQuestion,
    UnknownOptionError,
    UnknownQuestionError,
    Verdict,
    as_given,
    mark,
)
from content.text import Text
from content.typed import readings
from tests.content.examples import multiple, numeric, option, quiz, single, text, true_false

RIGHT = {"single": ("a",), "multiple": ("a", "b"), "true_false": ("true",), "numeric": ("4,5",)}


def verdicts(answers: Answers) -> list[tuple[Verdict, float]]:
    return [(question.verdict, question.points) for question in mark(quiz(), answers).questions]


def test_a_faultless_attempt_earns_everything() -> None:
    marked = mark(quiz(), RIGHT)
    assert (marked.points, marked.maximum, marked.passed, marked.share) == (4.0, 4, True, 1.0)
    assert {question.verdict for question in marked.questions} == {Verdict.RIGHT}


def test_an_attempt_is_told_question_by_question() -> None:
    asked = quiz(questions=(single(points=3), numeric(feedback=Text("Tel opnieuw"))))
    assert mark(asked, {"single": ("b",), "numeric": ("vijf",)}) == Marked(
        points=0.0,
        maximum=4,
        passed=False,
        questions=(
            MarkedQuestion(
                id="single",
                given=("b",),
                verdict=Verdict.WRONG,
                points=0.0,
                maximum=3,
                feedback=(text("over b"),),
            ),
            MarkedQuestion(
                id="numeric",
                given=("vijf",),
                verdict=Verdict.WRONG,
                points=0.0,
                maximum=1,
                feedback=(Text("Tel opnieuw"),),
            ),
        ),
    )


def test_what_is_not_answered_earns_nothing() -> None:
    nothing = [(Verdict.UNANSWERED, 0.0)] * 4
    assert verdicts({}) == nothing
    assert verdicts(dict.fromkeys(RIGHT, ())) == nothing
    assert verdicts(dict.fromkeys(RIGHT, ("", "  "))) == nothing


@pytest.mark.parametrize(
    ("chosen", "verdict", "points"),
    [
        (("a", "b"), Verdict.RIGHT, 1.0),
        (("a", "b", "b"), Verdict.RIGHT, 1.0),
        (("a",), Verdict.PARTLY, 0.5),
        (("a", "b", "c"), Verdict.PARTLY, 0.5),
        (("a", "c"), Verdict.WRONG, 0.0),
        (("a", "b", "c", "d"), Verdict.WRONG, 0.0),
        (("c", "d"), Verdict.WRONG, 0.0),
    ],
)
def test_a_wrong_choice_takes_back_its_share(
    chosen: tuple[str, ...], verdict: Verdict, points: float
) -> None:
    assert verdicts({"multiple": chosen})[1] == (verdict, points)


def test_all_options_may_be_correct() -> None:
    asked = quiz(questions=(multiple(options=(option("a", correct=True), option("b", correct=True))),))
    assert mark(asked, {"multiple": ("a", "b")}).points == 1.0


@pytest.mark.parametrize("given_ids", [("b",), ("a", "b")])
def test_one_option_alone_is_right_in_a_single_choice(given_ids: tuple[str, ...]) -> None:
    assert verdicts({"single": given_ids})[0] == (Verdict.WRONG, 0.0)


def test_true_is_not_false() -> None:
    assert verdicts({"true_false": ("false",)})[2] == (Verdict.WRONG, 0.0)
    assert mark(quiz(questions=(true_false(answer=False),)), {"true_false": ("false",)}).points == 1.0
    assert verdicts({"true_false": ("true", "false")})[2] == (Verdict.WRONG, 0.0)


@pytest.mark.parametrize("typed", ["4", "4.0", "5", "5,0", " 4,5 ", "+4,50", "4,5 %", "€ 4,5"])
def test_a_number_within_the_tolerance_is_right(typed: str) -> None:
    assert verdicts({"numeric": (typed,)})[3] == (Verdict.RIGHT, 1.0)


@pytest.mark.parametrize(
    "typed", ["3,99", "5.01", "-4,5", "vier", "nan", "inf", "1e999", "4,5,", "४", "9" * 4000]
)
def test_a_number_outside_it_and_what_is_no_number_are_wrong(typed: str) -> None:
    assert verdicts({"numeric": (typed,)})[3] == (Verdict.WRONG, 0.0)


def test_two_numbers_are_wrong_though_one_is_right() -> None:
    assert verdicts({"numeric": ("4,5", "9")})[3] == (Verdict.WRONG, 0.0)


def test_the_ends_of_a_tolerance_are_exact() -> None:
    asked = quiz(questions=(numeric(value=0.3, tolerance=0.2),))
    assert mark(asked, {"numeric": ("0,1",)}).points == 1.0
    assert mark(asked, {"numeric": ("0,099",)}).points == 0.0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.000", ["1000", "1.000"]),
        ("1,000", ["1.000", "1000"]),
        ("1.234,5", ["1234.5"]),
        ("1,234.5", ["1234.5"]),
        ("1 234,5", ["1234.5"]),
        (",5", ["0.5"]),
        ("−3", ["-3"]),
        ("12.34.56", []),
        ("", []),
        ("-", []),
    ],
)
def test_a_number_is_read_as_dutch_and_as_english(typed: str, meant: list[str]) -> None:
    assert readings(typed) == tuple(map(Decimal, meant))


def test_enough_points_pass_to_the_last_fraction() -> None:
    asked = quiz(pass_=0.6, questions=tuple(true_false(f"q{number}") for number in range(5)))
    assert mark(asked, {f"q{number}": ("true",) for number in range(3)}).passed
    assert not mark(asked, {f"q{number}": ("true",) for number in range(2)}).passed


@pytest.mark.parametrize("question", ["single", "multiple", "true_false"])
def test_an_unknown_option_is_refused_by_name(question: str) -> None:
    with pytest.raises(UnknownOptionError) as error:
        mark(quiz(), {question: ("zzz",)})
    assert (error.value.question, error.value.option) == (question, "zzz")


def test_an_unknown_question_is_refused_by_name() -> None:
    with pytest.raises(UnknownQuestionError) as error:
        mark(quiz(), {"zzz": ("a",)})
    assert error.value.question == "zzz"


@given(
    st.dictionaries(
        st.sampled_from([*RIGHT, "zzz"]), st.lists(st.text() | st.sampled_from("abcd")).map(tuple)
    )
)
def test_no_answer_breaks_marking(answers: dict[str, tuple[str, ...]]) -> None:
    try:
        marked = mark(quiz(), answers)
    except (UnknownQuestionError, UnknownOptionError):
        return
    assert 0 <= marked.points <= marked.maximum


def test_a_learner_sees_the_questions_and_nothing_more() -> None:
    assert as_given(quiz(), "en") == GivenQuiz(
        "quiz",
        "Toets (en)",
        4,
        (
            GivenQuestion(
                "single",
                "single",
                "Welke? (en)",
                1,
                (GivenOption("a", "a (en)"), GivenOption("b", "b (en)")),
            ),
            GivenQuestion(
                "multiple",
                "multiple",
                "Welke wel? (en)",
                1,
                tuple(GivenOption(letter, f"{letter} (en)") for letter in "abcd"),
            ),
            GivenQuestion("true_false", "true_false", "Klopt dit? (en)", 1, ()),
            GivenQuestion("numeric", "numeric", "Hoeveel? (en)", 1, ()),
        ),
    )


def test_what_a_learner_sees_is_the_same_whatever_the_answers_are() -> None:
    other = quiz(
        questions=(
            single(options=(option("a"), option("b", correct=True))),
            multiple(options=tuple(option(letter, correct=letter == "d") for letter in "abcd")),
            true_false(answer=False, feedback=Text("Niet waar")),
            numeric(value=7.0, tolerance=0.0),
        )
    )
    assert asdict(as_given(other, "nl")) == asdict(as_given(quiz(), "nl"))
