"""What teachers can place: the programmes, the newest version of each module, and how they are searched."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.document import from_document
from content.programme import Programme
from content.text import LANGUAGES, Text
from lti_tool.services.study.publishing import Published, find_published, read_programme
from lti_tool.storage import models
from lti_tool.storage.models import ModuleVersion


@dataclass(frozen=True)
class Offer:
    """A programme, and those of its modules that are published, in the programme's own order."""

    programme: Programme
    modules: tuple[Published, ...]


class NoVersionError(Exception):
    """No module version has this id."""


class NoProgrammeError(Exception):
    """No programme has this id."""


def catalogue(db: Session) -> tuple[Offer, ...]:
    """Return all programmes by their title; of each module the version that was published last."""
    versions = _newest_versions(db)
    offers = []
    for row in db.scalars(select(models.Programme)):
        programme = from_document(Programme, row.document)
        order = {module.id: number for number, module in enumerate(programme.modules)}
        published = [find_published(db, version_id) for version_id in versions[row.id]]
        offers.append(Offer(programme, tuple(sorted(published, key=lambda one: _rank(one, order)))))
    return tuple(sorted(offers, key=lambda offer: (offer.programme.title.nl, offer.programme.id)))


def find_programme(db: Session, programme_id: str) -> Programme:
    """Return a programme; raise `NoProgrammeError` where there is none of this id."""
    if db.scalar(select(models.Programme.id).where(models.Programme.id == programme_id)) is None:
        raise NoProgrammeError
    return read_programme(db, programme_id)


def find_version(db: Session, version_id: int) -> Published:
    """Return a published version; raise `NoVersionError` where there is none."""
    if db.scalar(select(ModuleVersion.id).where(ModuleVersion.id == version_id)) is None:
        raise NoVersionError
    return find_published(db, version_id)


def search(offers: Iterable[Offer], wanted: str) -> tuple[Offer, ...]:
    """Return what has every word of `wanted` in its titles, summaries, outcomes or units, in any language.

    Where a programme's own words do, all its modules are found. Accents and capitals make no difference.
    """
    words = _folded(wanted).split()
    found = []
    for offer in offers:
        if _has(words, _words_of_programme(offer.programme)):
            found.append(offer)
            continue
        modules = tuple(one for one in offer.modules if _has(words, _words_of_module(one)))
        if modules:
            found.append(Offer(offer.programme, modules))
    return tuple(found)


def _newest_versions(db: Session) -> dict[str, list[int]]:
    rows = db.execute(
        select(ModuleVersion.programme_id, ModuleVersion.module_id, ModuleVersion.id).order_by(
            ModuleVersion.published_at, ModuleVersion.id
        )
    )
    newest = {module_id: (programme_id, version_id) for programme_id, module_id, version_id in rows}
    versions: dict[str, list[int]] = defaultdict(list)
    for programme_id, version_id in newest.values():
        versions[programme_id].append(version_id)
    return versions


def _rank(published: Published, order: dict[str, int]) -> tuple[int, str]:
    return order.get(published.module.id, len(order)), published.module.id


def _words_of_programme(programme: Programme) -> str:
    return _joined([programme.title, programme.summary, programme.audience])


def _words_of_module(published: Published) -> str:
    module = published.module
    return _joined(
        [
            module.title,
            module.summary,
            *module.competencies,
            *(outcome.text for outcome in module.outcomes),
            *(unit.title for unit in module.units),
        ]
    )


def _joined(texts: Iterable[Text]) -> str:
    return _folded(" ".join(text.in_(language) for text in texts for language in LANGUAGES))


def _has(words: list[str], text: str) -> bool:
    return all(word in text for word in words)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
