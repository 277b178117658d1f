"""The programmes that come with Klimop, checked as an editor would."""

from functools import cache
from pathlib import Path

import pytest

from content import loader
from content.activity import Page, Quiz, Video
from content.document import from_document, to_document
from content.loader import LIBRARY, load_programme
from content.markdown import render, render_inline
from content.module import Module
from content.programme import Delivery

PROGRAMMES = sorted(path.parent for path in LIBRARY.glob("*/programme.yml"))
MODULES = sorted(path.parent for path in LIBRARY.glob("*/*/module.yml"))
LARGEST_MEDIA = 3_000_000

load_module = cache(loader.load_module)

each_programme = pytest.mark.parametrize("folder", PROGRAMMES, ids=lambda folder: folder.name)
each_module = pytest.mark.parametrize("folder", MODULES, ids=lambda folder: folder.name)


def test_both_programmes_are_there_with_content() -> None:
    assert [folder.name for folder in PROGRAMMES] == [
        "health-innovation-facilitation",
        "health-innovation-management",
    ]
    assert {folder.parent for folder in MODULES} == set(PROGRAMMES)


@each_programme
def test_a_programme_is_sound_and_of_20_to_30_credits(folder: Path) -> None:
    programme = load_programme(folder)
    assert programme.id == folder.name
    assert 20 <= programme.ects <= 30
    assert {module.ects for module in programme.modules} <= {5, 6}
    assert all(10 <= module.weeks <= 15 for module in programme.modules)


@each_module
def test_a_module_is_what_its_programme_announces(folder: Path) -> None:
    module, programme = load_module(folder), load_programme(folder.parent)
    announced = {each.id: each for each in programme.modules}[folder.name]
    assert (module.id, module.title, module.ects, module.weeks, module.outcomes) == (
        announced.id,
        announced.title,
        announced.ects,
        announced.weeks,
        announced.outcomes,
    )
    assert (module.eqf, module.vks) == (programme.level.eqf, programme.level.vks)
    assert (module.live is None) == (programme.delivery is Delivery.DISTANCE)


@each_module
def test_a_module_has_four_units_or_more_with_every_kind_of_activity(folder: Path) -> None:
    module = load_module(folder)
    assert len(module.units) >= 4
    assert {type(activity) for activity in module.activities} == {Page, Video, Quiz}
    assert any(isinstance(activity, Quiz) and activity.graded for activity in module.activities)


@each_module
def test_every_outcome_is_studied_somewhere(folder: Path) -> None:
    module = load_module(folder)
    assert {outcome for unit in module.units for outcome in unit.outcomes} == {
        outcome.id for outcome in module.outcomes
    }


@each_module
def test_every_unit_names_its_sources(folder: Path) -> None:
    without = [
        unit.id
        for unit in load_module(folder).units
        if not any(isinstance(activity, Page) and activity.sources for activity in unit.activities)
    ]
    assert without == []


@each_module
def test_media_are_small_and_all_in_use(folder: Path) -> None:
    files = [path for path in (folder / "media").rglob("*") if path.is_file()]
    assert [path.name for path in files if path.stat().st_size > LARGEST_MEDIA] == []
    assert sorted(path.relative_to(folder).as_posix() for path in files) == list(load_module(folder).media)


@each_module
def test_a_module_comes_back_from_its_document_as_it_went(folder: Path) -> None:
    module = load_module(folder)
    assert from_document(Module, to_document(module)) == module


@each_module
def test_every_text_renders(folder: Path) -> None:
    module = load_module(folder)
    for activity in module.activities:
        for language in module.languages:
            assert activity.title.language(language) == language
            if isinstance(activity, Page):
                html = render(activity.body.in_(language), media_url=str, scope=activity.id)
                assert ":::" not in html
                assert all(render_inline(source.in_(language)) for source in activity.sources)
