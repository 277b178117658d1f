"""The weeks of a plan as they are drawn, and how many can take part as it is said."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from lti_tool.services.live.proposal import Proposal, ProposedGroup, ProposedSession, Turnout
from lti_tool.web.season import Season, season
from lti_tool.web.words import attendance_words
from lti_tool.zone import ZONE
from scheduling.demand import Request

REQUEST = Request(
    sessions=2,
    minutes=120,
    first_day=date(2027, 1, 27),
    last_day=date(2027, 2, 9),
    weekdays=frozenset({1, 3}),
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


def test_each_session_stands_in_its_week_and_on_its_weekday() -> None:
    proposal = _proposal(_group(date(2027, 1, 28)), _group(date(2027, 2, 9)))
    assert season(proposal, REQUEST) == Season(
        weekdays=("Tue", "Thu"),
        weeks=(("", (None, "1")), ("Feb", ("", "")), ("", ("2", None))),
    )


def test_how_many_can_take_part_is_said_from_the_fewest_to_the_most() -> None:
    proposal = _proposal(_group(date(2027, 1, 28), seats=(1, 2)), _group(date(2027, 2, 9), seats=(1, 2, 3)))
    assert attendance_words(proposal) == "2 to 3 of 3 can take part in each session"


def test_how_many_can_take_part_is_one_number_where_it_is_always_the_same() -> None:
    assert attendance_words(_proposal(_group(date(2027, 1, 28), seats=(1, 2)))) == (
        "2 of 3 can take part in each session"
    )


def _proposal(*groups: ProposedGroup) -> Proposal:
    return Proposal(
        sessions=tuple(ProposedSession((group,)) for group in groups),
        steps=(),
        learners=3,
        without_agenda=0,
    )


def _group(day: date, *, seats: tuple[int, ...] = (1, 2, 3)) -> ProposedGroup:
    start = datetime(day.year, day.month, day.day, 14, tzinfo=ZONE)
    turnout = Turnout(can=len(seats), tentative=0, unknown=0, cannot=3 - len(seats))
    return ProposedGroup(start=start, turnout=turnout, alternatives=(), seats=seats)
