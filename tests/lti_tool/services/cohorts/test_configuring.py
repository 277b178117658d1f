"""Arranging a cohort: everything of it is changed together, by one colleague at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from content.schedule import Chosen
from lti_tool.services.cohorts.configuring import (
    ArrangedMeanwhileError,
    Arrangement,
    InstitutionTakesPartError,
    PossiblePartner,
    arrange,
    find_arrangement,
    possible_partners,
)
from lti_tool.services.study.learning import NotPlacedError
from lti_tool.storage.database import Database
from lti_tool.storage.models import Context, Enrolment, Grading, LineItem
from tests.lti_tool.services.classes import NOW, UCLL, add_class


@pytest.fixture
def cohort(database: Database) -> Database:
    with database.begin() as db:
        add_class(db)
    return database


def _current(cohort: Database) -> Arrangement:
    with cohort.read() as db:
        return find_arrangement(db, 1)


def _arrange(cohort: Database, wanted: Arrangement, *, seen: Arrangement | None = None) -> None:
    shown = seen or _current(cohort)
    with cohort.begin() as db:
        arrange(db, 1, wanted, seen=shown.fingerprint, now=NOW)


def _changed(arrangement: Arrangement) -> Arrangement:
    return replace(
        arrangement,
        name="Voorjaar",
        schedule=replace(
            arrangement.schedule,
            starts_on=date(2027, 3, 8),
            weeks=9,
            unlocks_weekly=False,
            has_due_dates=False,
            chosen={"unit3": Chosen(opens=date(2027, 5, 3), due=date(2027, 5, 9))},
        ),
        pass_share=0.5,
        grading=Grading.UNITS,
        maximum=20.0,
        institutions=frozenset({"ucll", "vives", "luca"}),
    )


def test_what_is_arranged_is_what_is_found(cohort: Database) -> None:
    wanted = _changed(_current(cohort))
    _arrange(cohort, wanted)
    assert _current(cohort) == wanted


def test_what_is_the_same_leaves_the_same_fingerprint_and_every_change_another(cohort: Database) -> None:
    current = _current(cohort)
    changed = _changed(current)
    parts = [{name: getattr(changed, name)} for name in vars(current)]
    variants = [replace(current, **part) for part in parts]
    assert _current(cohort).fingerprint == current.fingerprint
    assert len({current.fingerprint, *(one.fingerprint for one in variants)}) == len(variants) + 1


def test_a_change_by_a_colleague_meanwhile_is_not_overwritten(cohort: Database) -> None:
    before = _current(cohort)
    _arrange(cohort, replace(before, name="Najaar B"))
    with pytest.raises(ArrangedMeanwhileError):
        _arrange(cohort, _changed(before), seen=before)
    assert _current(cohort) == replace(before, name="Najaar B")


def test_an_institution_with_learners_stays_even_when_they_left(cohort: Database) -> None:
    with cohort.begin() as db:
        db.get_one(Enrolment, 4).left_at = NOW
    current = _current(cohort)
    with pytest.raises(InstitutionTakesPartError) as refused:
        _arrange(cohort, replace(current, name="Voorjaar", institutions=frozenset({"ucll"})))
    assert refused.value.slugs == {"vives"}
    assert _current(cohort) == current


def test_an_institution_without_learners_can_be_left_out(cohort: Database) -> None:
    with cohort.begin() as db:
        db.get_one(Enrolment, 4).institution_id = UCLL
        assert possible_partners(db, 1) == (
            PossiblePartner("luca", "LUCA", 0),
            PossiblePartner("ucll", "UCLL", 3),
            PossiblePartner("vives", "VIVES", 0),
        )
    _arrange(cohort, replace(_current(cohort), institutions=frozenset({"ucll"})))
    assert _current(cohort).institutions == {"ucll"}


def test_other_marks_for_the_gradebook_change_its_columns_at_once(cohort: Database) -> None:
    with cohort.begin() as db:
        db.get_one(Context, 1).line_items_url = "https://lms.example/items"
    _arrange(cohort, replace(_current(cohort), grading=Grading.UNITS))
    with cohort.read() as db:
        columns = db.execute(select(LineItem.unit_id, LineItem.is_ours, LineItem.due_at)).all()
    assert sorted(columns) == [("unit1", True, NOW), ("unit2", True, NOW), ("unit3", True, NOW)]


def test_without_a_cohort_there_is_nothing_to_arrange(cohort: Database) -> None:
    for cohort_id in (None, 2):
        with cohort.read() as db, pytest.raises(NotPlacedError):
            find_arrangement(db, cohort_id)


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"name": "a" * 101},
        {"pass_share": 0},
        {"pass_share": 1.1},
        {"maximum": 0},
        {"maximum": 1001},
        {"institutions": frozenset()},
    ],
)
def test_what_no_arrangement_can_be_is_refused(cohort: Database, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"name|pass mark|maximum|institution"):
        replace(_current(cohort), **change)
