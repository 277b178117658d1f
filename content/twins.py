"""One page from its twins: a Markdown file per language, of one name."""

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from content.checked import At, Fault
from content.reading import Reading
from content.source import Source
from content.text import LANGUAGES

_BY_LANGUAGE = ("title", "sources")
_DEFAULTS = {"essential": True}


def read_twins(
    reading: Reading, paths: Mapping[str, Path], at: At, languages: tuple[str, ...]
) -> dict[str, Any]:
    """Return a page's document; a language of the module without a file is a problem."""
    twins = {
        language: reading.page(paths[language], at, added=("type", "body"))
        for language in LANGUAGES
        if language in paths
    }
    sound = {language: twin for language, twin in twins.items() if twin.readable} or twins
    first = next(iter(sound))
    for language in sound:
        _compare(reading, sound[first], sound[language], paths[language])
    for language in dict.fromkeys(("nl", *languages)):
        if language not in paths:
            name = paths[first].name.replace(f".{first}.", f".{language}.")
            reading.complain(paths[first], 1, Fault.MISSING_TWIN, name)
        # What is missing or unreadable has been reported: its texts need not be missed one by one.
        sound.setdefault(language, sound[first])
    for language, twin in sound.items():
        _place_texts(reading, twin, at, language, paths.get(language, paths[first]))
    return _merge(sound, sound[first])


def _compare(reading: Reading, first: Source, other: Source, path: Path) -> None:
    for key in sorted({*first.data, *other.data} - set(_BY_LANGUAGE)):
        default = _DEFAULTS.get(key)
        if first.data.get(key, default) != other.data.get(key, default):
            reading.complain(path, other.lines.get((key,), 1), Fault.TWIN_DIFFERS, key)


def _place_texts(reading: Reading, twin: Source, at: At, language: str, path: Path) -> None:
    for inner, line in twin.lines.items():
        if inner[0] in _BY_LANGUAGE:
            reading.place((*at, *inner, language), path, line)
    reading.place((*at, "body", language), path, twin.body_line)


def _merge(twins: dict[str, Source], first: Source) -> dict[str, Any]:
    texts = {}
    for key in _BY_LANGUAGE:
        given = {language: twin.data[key] for language, twin in twins.items() if key in twin.data}
        if given:
            texts[key] = _localised(given)
    bodies = {language: twin.body for language, twin in twins.items()}
    return first.data | texts | {"type": "page", "body": bodies}


def _localised(given: dict[str, Any]) -> Any:
    """Return {nl: a, en: b} for two values, and a list of those for two lists."""
    if not all(isinstance(value, list) for value in given.values()):
        return given
    rows = zip_longest(*given.values())
    return [
        {language: text for language, text in zip(given, row, strict=True) if text is not None}
        for row in rows
    ]
