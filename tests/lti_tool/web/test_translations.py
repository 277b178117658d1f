"""The catalogues, as they are kept in .po files, hold every sentence of the web layer and nothing else."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from lti_tool.web.i18n import LANGUAGES

PACKAGE = Path(__file__).parents[3] / "lti_tool"
TRANSLATIONS = PACKAGE / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None}
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%%|%")

# English is what the sources are written in.
translated = pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])


def test_percent_signs_are_doubled() -> None:
    # Templates fill in every sentence, with values or without, so a lone % is a broken placeholder.
    broken = sorted(said for said in sources() if any("%" in placeholders(form) for form in said))
    assert not broken, broken


@translated
def test_every_sentence_is_translated(language: str) -> None:
    done = {ids(message) for message in messages_of(language) if any(forms(message))}
    lacking = sorted(sources() - done)
    assert not lacking, lacking


@translated
def test_every_plural_form_is_there(language: str) -> None:
    plurals = catalogue(language).num_plurals
    lacking = [
        ids(message)
        for message in messages_of(language)
        if message.pluralizable and (len(forms(message)) != plurals or not all(forms(message)))
    ]
    assert not lacking, lacking


@translated
def test_no_sentence_is_kept_that_is_said_nowhere(language: str) -> None:
    kept = {ids(message) for message in [*messages_of(language), *catalogue(language).obsolete.values()]}
    obsolete = sorted(kept - sources())
    assert not obsolete, obsolete


@translated
def test_no_translation_is_a_guess(language: str) -> None:
    assert not catalogue(language).fuzzy
    guesses = [ids(message) for message in messages_of(language) if message.fuzzy]
    assert not guesses, guesses


@translated
def test_translations_fill_in_what_the_sentences_fill_in(language: str) -> None:
    changed = [
        (said, form)
        for message in messages_of(language)
        for said, form in zip(ids(message), forms(message), strict=False)
        if form and placeholders(form) != placeholders(said)
    ]
    assert not changed, changed


@translated
def test_no_translation_can_break_a_page(language: str) -> None:
    # Templates take translations for safe markup and put them between double quotes.
    risky = [form for message in messages_of(language) for form in forms(message) if set(form) & set('<>&"')]
    assert not risky, risky


@cache
def sources() -> frozenset[tuple[str, ...]]:
    """Return the ids of all sentences, as `make translations` collects them."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel leaves it untyped
    collected = Catalog()
    for _file, _line, message, _comments, context in extract_from_dir(
        PACKAGE, methods, options, KEYWORDS, directory_filter=lambda path: Path(path).name != "node_modules"
    ):
        collected.add(message, context=context)
    return frozenset(ids(message) for message in collected if message.id)


@cache
def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages_of(language: str) -> Iterator[Message]:
    """Yield all entries but the header."""
    return (message for message in catalogue(language) if message.id)


def ids(message: Message) -> tuple[str, ...]:
    """Return a sentence's singular and, where it has one, its plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """Return a sentence's translations, one for each plural form of the language."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
