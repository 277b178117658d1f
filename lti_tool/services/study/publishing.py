"""Programmes and modules: from a folder to an immutable version, and back to values."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.document import from_document, to_document
from content.module import Module
from content.programme import Programme
from lti_tool.storage import models
from lti_tool.storage.models import ModuleVersion
from lti_tool.storage.rows import find_or_add


class VersionPublishedError(Exception):
    """This version is out already with other content; published versions never change."""

    def __init__(self, module_id: str, version: str) -> None:
        super().__init__(module_id, version)
        self.module_id, self.version = module_id, version


@dataclass(frozen=True)
class Published:
    """A published version of a module: its values, and the hash of each media file by its path."""

    version_id: int
    module: Module
    media: dict[str, str]


# Published versions parsed once per process, by id and digest. They never change, so none can grow stale;
# two threads that parse one at the same time put the same value here.
_parsed: dict[str, Published] = {}


def store_media(module: Module, folder: Path, data_dir: Path) -> dict[str, str]:
    """Copy the module's media files from `folder` to where they are served; return their hashes by name."""
    hashes = {}
    for name in module.media:
        source = folder / name
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        target = media_path(data_dir, digest, source.name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(f"{target.suffix}.part")
            shutil.copyfile(source, partial)
            partial.rename(target)  # a reader never sees half a file
        hashes[name] = digest
    return hashes


def media_path(data_dir: Path, digest: str, name: str) -> Path:
    return data_dir / "media" / digest[:2] / digest / name


def publish_programme(db: Session, programme: Programme) -> None:
    """Take a programme in place of an earlier description of it."""
    row = find_or_add(db, models.Programme, keys={"id": programme.id}, document={})
    row.document = to_document(programme)


def publish_module(
    db: Session, module: Module, media: dict[str, str], *, programme_id: str, now: datetime
) -> int:
    """Publish a version of a module; return its id. The same content twice is one version.

    Raises `VersionPublishedError` where this version was published with other content.
    """
    document = to_document(module)
    version = find_or_add(
        db,
        ModuleVersion,
        keys={"module_id": module.id, "version": module.version},
        programme_id=programme_id,
        document=document,
        digest=_digest(document, media),
        media=media,
        published_at=now,
    )
    if version.digest != _digest(document, media):
        raise VersionPublishedError(module.id, module.version)
    return version.id


def find_published(db: Session, version_id: int) -> Published:
    """Return a published version; its document is read from the database once per process."""
    digest = db.execute(select(ModuleVersion.digest).where(ModuleVersion.id == version_id)).scalar_one()
    key = f"{version_id} {digest}"
    published = _parsed.get(key)
    if published is None:
        row = db.get_one(ModuleVersion, version_id)
        published = Published(version_id, from_document(Module, row.document), dict(row.media))
        _parsed[key] = published
    return published


def find_programme(db: Session, version_id: int) -> Programme:
    """Return the programme that a module version is part of."""
    return read_programme(db, db.get_one(ModuleVersion, version_id).programme_id)


def read_programme(db: Session, programme_id: str) -> Programme:
    """Return a programme that is published."""
    return from_document(Programme, db.get_one(models.Programme, programme_id).document)


def _digest(document: object, media: dict[str, str]) -> str:
    canonical = json.dumps([document, media], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
