"""Every consequence has words, and one learner is no "learners"."""

from typing import get_args

import pytest
from flask import Flask
from flask_babel import force_locale

from lti_tool.services.cohorts.consequences import (
    CatchingUp,
    Closing,
    Consequence,
    DueAdded,
    DueDropped,
    DueMoved,
    FallingBehind,
    GradingChanged,
    Invited,
    LeftOut,
    MaximumChanged,
    Opening,
    OpeningMoved,
    PassMarkChanged,
    Renamed,
    SessionsStay,
)
from lti_tool.storage.models import Grading
from lti_tool.web.i18n import init_i18n
from lti_tool.web.teacher.consequence_words import consequence_words

WORDS: list[tuple[Consequence, str]] = [
    (Renamed("B"), "The cohort is called “B”. Titles of links in your courses stay as they are."),
    (OpeningMoved((4,), (7, 7), 3), "Unit 4 opens 1 week later, for 3 learners."),
    (OpeningMoved((3, 4, 5), (-3, -3), 1), "Units 3, 4, and 5 open 3 days earlier, for 1 learner."),
    (OpeningMoved((2, 3), (-7, -14), 2), "Units 2 and 3 open 1 to 2 weeks earlier, for 2 learners."),
    (OpeningMoved((2, 3), (7, 9), 2), "Units 2 and 3 open 7 to 9 days later, for 2 learners."),
    (Closing((2,), 5, 0), "Unit 2, which is open today, closes, for 5 learners."),
    (
        Closing((1, 2), 5, 1),
        "Units 1 and 2, which are open today, close, for 5 learners. 1 of them has begun in it; that work is "
        "kept.",
    ),
    (Opening((3,), 5), "Unit 3 opens at once, for 5 learners."),
    (DueMoved((1,), (1, 1)), "Unit 1 is due 1 day later."),
    (DueAdded((1, 2)), "Units 1 and 2 get a due date."),
    (DueDropped((1,)), "Unit 1 has no due date any more."),
    (FallingBehind(1), "1 learner who is on time is behind from now on."),
    (CatchingUp(2), "2 learners who are behind are on time again."),
    (SessionsStay(1), "1 live session is planned and does not move by itself. Plan again for another time."),
    (PassMarkChanged(None, 0, 2), "There is no pass mark any more."),
    (
        PassMarkChanged(0.525, 1, 2),
        "Learners pass from 52.5 % of the points. 1 learner who did not pass so far does now. 2 learners who "
        "passed so far do not any more.",
    ),
    (
        GradingChanged(Grading.NOTHING, Grading.UNITS, 4),
        "A column for each unit is added to the gradebook of 4 courses.",
    ),
    (
        GradingChanged(Grading.UNITS, Grading.MODULE, 1),
        "One mark for the whole module goes to the gradebook of 1 course. Columns that Klimop made there "
        "before are deleted; columns that came with a link stay.",
    ),
    (
        GradingChanged(Grading.MODULE, Grading.NOTHING, 1),
        "No marks are sent any more to the gradebook of 1 course. Columns that Klimop made there before are "
        "deleted; columns that came with a link stay.",
    ),
    (
        MaximumChanged(12.5, 2),
        "Marks count out of 12.5, and are sent again to the gradebook of 2 courses.",
    ),
    (Invited(("LUCA", "UCLL")), "LUCA and UCLL take part: their teachers can place links to this cohort."),
    (LeftOut(("LUCA",), 0), "LUCA does not take part any more."),
    (
        LeftOut(("LUCA",), 2),
        "LUCA does not take part any more. 2 links in their courses open nothing from now on.",
    ),
]


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("lti_tool")
    init_i18n(app)
    return app


@pytest.mark.parametrize(("consequence", "words"), WORDS)
def test_a_consequence_is_said_in_whole_sentences(app: Flask, consequence: Consequence, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert consequence_words(consequence) == words


def test_every_kind_of_consequence_has_words() -> None:
    assert {type(consequence) for consequence, _ in WORDS} == set(get_args(Consequence))


def test_what_is_no_consequence_has_none() -> None:
    with pytest.raises(TypeError):
        consequence_words("rain")  # type: ignore[arg-type]
