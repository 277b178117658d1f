"""Starting a cohort of a published version, for institutions that are there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from lti_tool.services.cohorts.running import (
    CohortRow,
    CohortTakenError,
    EndedCohort,
    NoModuleError,
    NotOfTheTeamError,
    close_cohort,
    ended_cohorts_of,
    find_version,
    list_cohorts,
    reopen_cohort,
    start_cohort,
)
from lti_tool.services.platforms.registering import NoInstitutionError, add_institution
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort, ModuleVersion, Programme
from tests.content.examples import text
from tests.lti_tool.services.gradebook import add_gradebook

PUBLISHED_AT = datetime(2027, 1, 1, tzinfo=UTC)
MONDAY = date(2027, 9, 20)


def _publish(db: Session, *versions: tuple[str, str]) -> list[int]:
    """Publish empty module versions, a day after one another."""
    db.add(Programme(id="him", document={}))
    db.flush()
    rows = [
        ModuleVersion(
            programme_id="him",
            module_id=module_id,
            version=version,
            document={},
            media={},
            digest="",
            published_at=PUBLISHED_AT + timedelta(days=day),
        )
        for day, (module_id, version) in enumerate(versions)
    ]
    db.add_all(rows)
    db.flush()
    return [row.id for row in rows]


def _start(db: Session, version_id: int, slug: str = "autumn", *institutions: str) -> int:
    return start_cohort(
        db,
        slug=slug,
        name=slug.title(),
        module_version_id=version_id,
        starts_on=MONDAY,
        institutions=institutions,
    )


def test_the_version_published_last_is_the_one_unless_another_is_named(database: Database) -> None:
    with database.begin() as db:
        new, old, _other = _publish(db, ("care", "10"), ("care", "9.1"), ("lead", "1"))
        assert find_version(db, "care") == old
        assert find_version(db, "care", "10") == new


@pytest.mark.parametrize("asked", [("heal", None), ("care", "2"), ("care", "")])
def test_a_version_that_is_not_there_tells_which_are(database: Database, asked: tuple[str, str]) -> None:
    with database.begin() as db:
        _publish(db, ("lead", "1"), ("care", "10"), ("care", "9"))
        with pytest.raises(NoModuleError) as refused:
            find_version(db, *asked)
    assert refused.value.published == (("care", "10"), ("care", "9"), ("lead", "1"))


def test_a_cohort_is_open_to_its_institutions_alone(database: Database) -> None:
    with database.begin() as db:
        for slug in ("vives", "ucll", "luca"):
            add_institution(db, slug=slug, name=slug, locale="nl")
        (version_id,) = _publish(db, ("care", "1"))
        _start(db, version_id, "autumn", "vives", "ucll", "vives")
        assert list_cohorts(db) == [
            CohortRow("autumn", "Autumn", "care", "1", MONDAY, ("ucll", "vives")),
        ]


def test_a_slug_is_used_once(database: Database) -> None:
    with database.begin() as db:
        add_institution(db, slug="ucll", name="UCLL", locale="nl")
        (version_id,) = _publish(db, ("care", "1"))
        _start(db, version_id, "autumn", "ucll")
        with pytest.raises(CohortTakenError) as refused:
            _start(db, version_id, "autumn", "ucll")
    assert refused.value.slug == "autumn"


def test_a_cohort_with_an_unknown_institution_is_not_started(database: Database) -> None:
    with database.begin() as db:
        add_institution(db, slug="ucll", name="UCLL", locale="nl")
        (version_id,) = _publish(db, ("care", "1"))
    with pytest.raises(NoInstitutionError), database.begin() as db:
        _start(db, version_id, "autumn", "ucll", "nowhere")
    with database.read() as db:
        assert list_cohorts(db) == []


@pytest.mark.parametrize(
    "change",
    [
        {"slug": ""},
        {"slug": "-autumn"},
        {"slug": "autumn\n"},
        {"slug": "a" * 65},
        {"name": "\t"},
        {"starts_on": date(2027, 9, 19)},
        {"institutions": ()},
        {"weeks": 0},
        {"weeks": 53},
    ],
)
def test_what_no_cohort_can_be_is_refused(database: Database, change: dict[str, object]) -> None:
    fine = {"slug": "autumn", "name": "Autumn", "starts_on": MONDAY, "institutions": ("ucll",)}
    with database.begin() as db, pytest.raises(ValueError, match=r"slug|name|Monday|institution|weeks"):
        start_cohort(db, module_version_id=1, **fine | change)  # type: ignore[arg-type]


def test_a_cohort_runs_for_the_weeks_that_are_given_or_as_its_module_says(database: Database) -> None:
    with database.begin() as db:
        add_institution(db, slug="ucll", name="UCLL", locale="nl")
        (version_id,) = _publish(db, ("care", "1"))
        as_the_module_says = _start(db, version_id, "autumn", "ucll")
        shorter = start_cohort(
            db,
            slug="spring",
            name="Spring",
            module_version_id=version_id,
            starts_on=MONDAY,
            weeks=6,
            institutions=("ucll",),
        )
        assert [db.get_one(Cohort, id).weeks for id in (as_the_module_says, shorter)] == [None, 6]


TEACHER, LEARNER = 1, 2


def test_its_team_finds_a_cohort_that_ended_and_opens_it_again(database: Database) -> None:
    with database.begin() as db:
        add_gradebook(db)
        close_cohort(db, 1, PUBLISHED_AT)
        close_cohort(db, 1, PUBLISHED_AT + timedelta(days=1))  # twice is as good as once
    with database.begin() as db:
        assert ended_cohorts_of(db, TEACHER) == (EndedCohort(1, "Autumn", text("Module"), PUBLISHED_AT),)
        reopen_cohort(db, 1, TEACHER)
    with database.read() as db:
        assert ended_cohorts_of(db, TEACHER) == ()
        assert db.get_one(Cohort, 1).closed_at is None


def test_who_is_not_of_the_team_neither_finds_nor_opens_it(database: Database) -> None:
    with database.begin() as db:
        add_gradebook(db)
        close_cohort(db, 1, PUBLISHED_AT)
    for stranger in (LEARNER, 99):
        with database.begin() as db:
            assert ended_cohorts_of(db, stranger) == ()
            with pytest.raises(NotOfTheTeamError):
                reopen_cohort(db, 1, stranger)
    with database.read() as db:
        assert db.get_one(Cohort, 1).closed_at == PUBLISHED_AT
