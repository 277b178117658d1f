"""What can be placed: the newest version of each module, found by what it is about."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lti_tool.services.placements.catalogue import (
    NoProgrammeError,
    NoVersionError,
    Offer,
    catalogue,
    find_programme,
    find_version,
    search,
)
from lti_tool.services.study import publishing
from lti_tool.storage.database import Database
from tests.lti_tool.services.placements.courses import (
    FACILITATION,
    MANAGEMENT,
    NOW,
    management_module,
    publish_library,
)

HIM, HIF = MANAGEMENT.name, FACILITATION.name


def _titles(offers: tuple[Offer, ...]) -> dict[str, list[str]]:
    return {offer.programme.id: [one.module.id for one in offer.modules] for offer in offers}


@pytest.fixture
def offers(database: Database) -> tuple[Offer, ...]:
    with database.begin() as db:
        publish_library(db)
        return catalogue(db)


def test_the_catalogue_has_each_programme_with_its_published_modules(offers: tuple[Offer, ...]) -> None:
    assert _titles(offers) == {HIF: ["start-with-the-user"], HIM: ["leading-care-innovation"]}


def test_the_version_published_last_is_offered(database: Database) -> None:
    with database.begin() as db:
        publish_library(db)
        newer = replace(management_module(), version="99")
        later = NOW + timedelta(days=1)
        version_id = publishing.publish_module(db, newer, {}, programme_id=HIM, now=later)
        assert [
            one.version_id for offer in catalogue(db) if offer.programme.id == HIM for one in offer.modules
        ] == [version_id]


@pytest.mark.parametrize(
    "wanted",
    [
        management_module().title.nl,
        management_module().title.en.upper(),
        "pdsa",  # in an outcome
        "  Nasss   cfir ",
        management_module().units[2].title.nl,
    ],
)
def test_a_module_is_found_by_its_words_in_either_language(offers: tuple[Offer, ...], wanted: str) -> None:
    assert _titles(search(offers, wanted)) == {HIM: ["leading-care-innovation"]}


def test_accents_make_no_difference(offers: tuple[Offer, ...]) -> None:
    assert search(offers, "ínnovätie") == search(offers, "innovatie") != ()


def test_a_programme_found_by_its_own_name_shows_its_modules(offers: tuple[Offer, ...]) -> None:
    assert _titles(search(offers, "health innovation facilitation")) == {HIF: ["start-with-the-user"]}


def test_no_words_find_everything_and_strange_ones_nothing(offers: tuple[Offer, ...]) -> None:
    assert search(offers, " ") == offers
    assert search(offers, "innovatie zeppelin") == ()


def test_what_is_there_is_found_and_what_is_not_is_told(database: Database) -> None:
    with database.begin() as db:
        management, _facilitation = publish_library(db)
        assert find_version(db, management).module == management_module()
        assert find_programme(db, HIM).id == HIM
        with pytest.raises(NoVersionError):
            find_version(db, 99)
        with pytest.raises(NoProgrammeError):
            find_programme(db, "nowhere")
