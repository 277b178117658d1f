"""Operators, and the refusals kept for them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from lti_tool.services.platforms.operating import (
    MOST_A_MINUTE,
    MOST_DETAIL,
    NoPersonError,
    NotAnOperatorError,
    OperatorRow,
    RefusalRow,
    forget_old_refusals,
    grant,
    list_operators,
    list_refusals,
    note_refusal,
    revoke,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import Person
from tests.lti_tool.services.platform import NOW, add_platform

MINUTE = timedelta(minutes=1)
EVER = NOW - timedelta(days=999)


def _person(db: Session, person_id: int, registration_id: int, name: str | None) -> None:
    db.add(Person(id=person_id, registration_id=registration_id, subject=str(person_id), name=name))
    db.flush()


def test_operators_are_listed_in_the_order_in_which_they_became_one(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db)
        _person(db, 41, registration_id, None)
        _person(db, 42, registration_id, "An Maes")
        second = grant(db, 41, NOW + MINUTE)
        first = grant(db, 42, NOW)
        assert list_operators(db) == [first, second]
        assert first == OperatorRow(42, "An Maes", "ucll", "https://ucll.example", NOW)
        assert second.name == ""


def test_to_grant_twice_changes_nothing(database: Database) -> None:
    with database.begin() as db:
        _person(db, 42, add_platform(db), "An Maes")
        assert grant(db, 42, NOW) == grant(db, 42, NOW + MINUTE)


def test_who_is_revoked_is_no_operator_any_more(database: Database) -> None:
    with database.begin() as db:
        _person(db, 42, add_platform(db), "An Maes")
        grant(db, 42, NOW)
        revoke(db, 42)
        assert list_operators(db) == []
        with pytest.raises(NotAnOperatorError):
            revoke(db, 42)


def test_nobody_unknown_becomes_an_operator(database: Database) -> None:
    with database.begin() as db, pytest.raises(NoPersonError):
        grant(db, 42, NOW)


def test_refusals_are_listed_the_latest_first(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db)
        note_refusal(db, "unknown_issuer", {"issuer": "https://a.example"}, None, NOW)
        note_refusal(db, "clock_skew", {"seconds": 90}, registration_id, NOW)
        note_refusal(db, "unknown_key", {}, registration_id, NOW + MINUTE)
        skewed = RefusalRow(NOW, "clock_skew", {"seconds": 90})
        unsigned = RefusalRow(NOW + MINUTE, "unknown_key", {})
        assert _list(db, registration_id) == [unsigned, skewed]
        assert _list(db, registration_id, most=1) == [unsigned]
        assert _list(db, registration_id, since=NOW) == [unsigned]
        assert _list(db, None) == [RefusalRow(NOW, "unknown_issuer", {"issuer": "https://a.example"})]


def test_a_flood_of_refusals_is_noted_for_a_part_and_only_of_its_own_registration(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db)
        for _ in range(MOST_A_MINUTE + 5):
            note_refusal(db, "unknown_issuer", {}, None, NOW)
        note_refusal(db, "unknown_key", {}, registration_id, NOW)
        assert (len(_list(db, None)), len(_list(db, registration_id))) == (MOST_A_MINUTE, 1)
        note_refusal(db, "unknown_issuer", {}, None, NOW + MINUTE)
        assert len(_list(db, None)) == MOST_A_MINUTE + 1


def test_long_details_are_cut(database: Database) -> None:
    with database.begin() as db:
        note_refusal(db, "unknown_issuer", {"issuer": "x" * 9999}, None, NOW)
        [row] = _list(db, None)
    assert row.details == {"issuer": "x" * MOST_DETAIL}


def test_refusals_are_forgotten_after_a_month(database: Database) -> None:
    with database.begin() as db:
        for days in (31, 30, 29):
            note_refusal(db, str(days), {}, None, NOW - timedelta(days=days))
        forget_old_refusals(db, NOW)
        assert [row.reason for row in _list(db, None)] == ["29"]


def _list(
    db: Session, registration_id: int | None, *, since: datetime = EVER, most: int = 99
) -> list[RefusalRow]:
    return list_refusals(db, registration_id=registration_id, since=since, most=most)
