"""A programme's or a module's folder to values, with every problem by file and line.

    <programme-id>/programme.yml
    <programme-id>/<module-id>/module.yml
    <programme-id>/<module-id>/media/...
    <programme-id>/<module-id>/units/01-slug/unit.yml
                                             10-slug.nl.md  10-slug.en.md
                                             20-slug.video.yml
                                             30-slug.quiz.yml

Units sort by the name of their folder, activities by the name of their file.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from content import proof
from content.activity import Page
from content.captions import CaptionsError, read_captions
from content.checked import MEDIA_NAME, At, Fault, Finding
from content.document import Unread
from content.module import Module
from content.programme import Programme
from content.reading import ModuleError, Problem, Reading
from content.text import LANGUAGES
from content.twins import read_twins

__all__ = ["LIBRARY", "ModuleError", "Problem", "load_module", "load_programme"]

LIBRARY = Path(__file__).parent / "library"
"""The programmes that come with Klimop, a folder each."""

_UNIT_NAME = re.compile(r"[0-9]+-[a-z0-9-]+")
_ACTIVITY_NAME = re.compile(
    rf"(?P<stem>[0-9]+-[a-z0-9-]+)\.(?:(?P<language>{'|'.join(LANGUAGES)})\.md|(?P<type>video|quiz)\.yml)"
)


def load_programme(folder: Path) -> Programme:
    """Return the programme in `folder`, or raise `ModuleError` with every problem in its own file."""
    reading = Reading(folder)
    programme = reading.examine(Programme, reading.mapping(folder / "programme.yml", ()))
    if isinstance(programme, Programme):
        listed = {module.id for module in programme.modules}
        for path in sorted(folder.glob("*/module.yml")):
            if path.parent.name not in listed:
                reading.complain(path, 1, Fault.UNLISTED_MODULE, path.parent.name)
    return reading.finish(programme)


def load_module(folder: Path) -> Module:
    """Return the module in `folder`, or raise `ModuleError` with every problem in its files."""
    reading = Reading(folder)
    document = reading.mapping(folder / "module.yml", (), added=("units",))
    languages = _languages(document)
    document["units"] = [
        _unit(reading, path, ("units", index), languages)
        for index, (path, _) in enumerate(_entries(reading, folder / "units", _UNIT_NAME))
    ]
    module = reading.examine(Module, document)
    if not isinstance(module, Unread):
        reading.report(_page_findings(module))
        reading.report(_media_findings(module, reading))
    return reading.finish(module)


def _languages(document: dict[str, Any]) -> tuple[str, ...]:
    wanted = document.get("languages")
    return tuple(language for language in LANGUAGES if isinstance(wanted, list) and language in wanted)


def _entries(
    reading: Reading, folder: Path, wanted: re.Pattern[str], *, besides: str = ""
) -> Iterator[tuple[Path, re.Match[str]]]:
    """Yield what `folder` holds by order of name, and complain of names that have no meaning there."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if match := wanted.fullmatch(path.name):
            yield path, match
        elif not path.name.startswith(".") and path.name != besides:
            reading.complain(path, 1, Fault.UNKNOWN_FILE, path.name)


def _unit(reading: Reading, folder: Path, at: At, languages: tuple[str, ...]) -> dict[str, Any]:
    document = reading.mapping(folder / "unit.yml", at, added=("activities",))
    files: dict[tuple[str, str], dict[str, Path]] = {}
    for path, match in _entries(reading, folder, _ACTIVITY_NAME, besides="unit.yml"):
        files.setdefault((match["stem"], match["type"] or "page"), {})[match["language"] or ""] = path
    document["activities"] = [
        read_twins(reading, paths, (*at, "activities", index), languages)
        if kind == "page"
        else {**reading.mapping(paths[""], (*at, "activities", index), added=("type",)), "type": kind}
        for index, ((_, kind), paths) in enumerate(files.items())
    ]
    return document


def _page_findings(module: Module) -> Iterator[Finding]:
    for index, unit in enumerate(module.units):
        for place, activity in enumerate(unit.activities):
            if isinstance(activity, Page):
                for finding in _text_findings(activity):
                    yield finding.under(("units", index, "activities", place))


def _text_findings(page: Page) -> Iterator[Finding]:
    sources = ((("sources", index), source) for index, source in enumerate(page.sources))
    for at, text in ((("body",), page.body), *sources):
        for language in LANGUAGES:
            for finding in proof.inspect(getattr(text, language)):
                yield finding.under((*at, language))


def _media_findings(module: Module, reading: Reading) -> Iterator[Finding]:
    # A name that is none has been reported, and what it leads to is nobody's business.
    named = (each for each in module.references() if MEDIA_NAME.fullmatch(each.name))
    for reference in named:
        if not reading.exists(reference.name):
            yield Finding(reference.at, Fault.MISSING_MEDIA, reference.name, reference.line)
        elif reference.name.endswith(".vtt"):
            try:
                read_captions((reading.folder / reference.name).read_text(encoding="utf-8-sig"))
            except (CaptionsError, UnicodeDecodeError):
                yield Finding(reference.at, Fault.BAD_CAPTIONS, reference.name)
