"""Links as they will be placed: what each opens, and which column it brings."""

import pytest

from lti_tool.services.launches.targets import Target, place
from lti_tool.services.placements.placing import (
    Column,
    NoPieceError,
    Piece,
    course_language,
    find_spot,
    has_marks,
    overview_link,
    pieces_of,
    plan_links,
)
from lti_tool.services.study.publishing import Published
from lti_tool.storage.database import Database
from lti_tool.storage.models import Grading, Institution, Opens, Visit
from tests.lti_tool.services.placements.courses import add_teachers, facilitation_module, management_module

MODULE, LIVE, OVERVIEW = Piece(Opens.MODULE), Piece(Opens.LIVE), Piece(Opens.PROGRAMME)
UNITS = {unit.id: has_marks(unit) for unit in management_module().units}
GRADED = next(unit for unit, is_graded in UNITS.items() if is_graded)


def _columns(grading: Grading, *pieces: Piece) -> dict[Piece, Column | None]:
    links = plan_links(
        Published(1, management_module(), {}),
        pieces,
        cohort="autumn",
        programme="him",
        grading=grading,
        maximum=20,
    )
    return {link.piece: link.column for link in links}


def test_a_blended_module_has_live_sessions_to_place_and_a_distance_module_has_none() -> None:
    blended, distance = pieces_of(management_module()), pieces_of(facilitation_module())
    assert blended[:3] == (MODULE, LIVE, OVERVIEW)
    assert distance[:2] == (MODULE, OVERVIEW)
    assert [piece.unit for piece in blended[3:]] == [unit.id for unit in management_module().units]


def test_each_link_names_its_cohort_module_and_programme() -> None:
    links = plan_links(
        Published(1, management_module(), {}),
        [MODULE, LIVE, OVERVIEW, Piece(Opens.UNIT, GRADED)],
        cohort="autumn",
        programme="him",
        grading=Grading.NOTHING,
        maximum=20,
    )
    named = {"cohort": "autumn", "module": management_module().id, "programme": "him"}
    assert [link.target for link in links] == [
        Target(opens=Opens.MODULE, **named),
        Target(opens=Opens.LIVE, **named),
        Target(opens=Opens.PROGRAMME, programme="him"),
        Target(opens=Opens.UNIT, unit=GRADED, **named),
    ]


def test_a_module_mark_comes_with_the_link_to_the_module() -> None:
    assert _columns(Grading.MODULE, MODULE, LIVE, Piece(Opens.UNIT, GRADED)) == {
        MODULE: Column("klimop.autumn.module", 20),
        LIVE: None,
        Piece(Opens.UNIT, GRADED): None,
    }


def test_unit_marks_come_with_the_links_to_units_that_earn_any() -> None:
    pieces = [Piece(Opens.UNIT, unit) for unit in UNITS]
    assert _columns(Grading.UNITS, MODULE, *pieces) == {MODULE: None} | {
        Piece(Opens.UNIT, unit): Column(f"klimop.autumn.{unit}", 20) if is_graded else None
        for unit, is_graded in UNITS.items()
    }


def test_without_marks_no_link_brings_a_column() -> None:
    assert set(_columns(Grading.NOTHING, *pieces_of(management_module())).values()) == {None}


@pytest.mark.parametrize("piece", [LIVE, Piece(Opens.UNIT, GRADED)])
def test_what_a_module_lacks_cannot_be_placed(piece: Piece) -> None:
    with pytest.raises(NoPieceError):
        plan_links(
            Published(1, facilitation_module(), {}),
            [piece],
            cohort="autumn",
            programme="hif",
            grading=Grading.MODULE,
            maximum=20,
        )


def test_an_overview_is_of_no_cohort() -> None:
    assert overview_link("him").target == Target(opens=Opens.PROGRAMME, programme="him")


@pytest.mark.parametrize(("opens", "unit"), [(Opens.UNIT, ""), (Opens.MODULE, "week-1")])
def test_a_piece_names_a_unit_where_it_is_one(opens: Opens, unit: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        Piece(opens, unit)


def test_a_spot_tells_courses_apart(database: Database) -> None:
    with database.begin() as db:
        teachers = add_teachers(db)
        spots = [find_spot(db, teacher.context_id) for teacher in teachers.values()]
    assert [spot.platform.issuer for spot in spots] == [f"https://{slug}.example" for slug in teachers]
    assert spots[0].place == place(1, "1", "2")
    assert len({spot.place for spot in spots}) == 3


@pytest.mark.parametrize(
    ("launch", "institution", "language"),
    [
        ("en-GB", "nl", "en"),
        ("NL_be", "en", "nl"),
        (None, "en", "en"),
        ("fr-BE", "en", "en"),
        ("fr", "fr", "nl"),
    ],
)
def test_titles_are_in_the_course_s_language(
    database: Database, launch: str | None, institution: str, language: str
) -> None:
    with database.begin() as db:
        teacher = add_teachers(db)["ucll"]
        db.get_one(Visit, teacher.visit_id).locale = launch
        db.get_one(Institution, 1).locale = institution
        assert course_language(db, teacher.visit_id) == language
