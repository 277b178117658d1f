"""Gathering an author's folder into one document, remembering where every part of it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.checked import At, Fault, Finding
from content.document import Unread, Value, examine
from content.source import Source, parse_page, parse_yaml


@dataclass(frozen=True, order=True)
class Problem:
    """What an author must mend: in which file of the folder, on which line (from 1), what, about what."""

    file: str
    line: int
    fault: Fault
    about: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault.value.format(self.about)}"


class ModuleError(Exception):
    """A folder holds no sound module or programme; `problems` lists everything that was found, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class Reading:
    """What has been read of a folder, and what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._problems: list[Problem] = []
        self._places: dict[At, tuple[str, int]] = {}
        self._broken: set[str] = set()

    def mapping(self, path: Path, at: At, *, added: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the YAML file that stands `at` that place; `added` are keys that other files give."""
        return self._take(path, parse_yaml(self._text(path)), at, added).data

    def page(self, path: Path, at: At, *, added: tuple[str, ...] = ()) -> Source:
        """Return the page in one language that stands `at` that place."""
        return self._take(path, parse_page(self._text(path)), at, added)

    def place(self, at: At, path: Path, line: int) -> None:
        """Note that the part `at` that place stands in this file, on this line."""
        self._places[at] = (self._name(path), line)

    def complain(self, path: Path, line: int, fault: Fault, about: str) -> None:
        self._problems.append(Problem(self._name(path), line, fault, about))

    def report(self, findings: Iterable[Finding]) -> None:
        """Turn findings into problems, unless they follow from a file that could not be read."""
        for finding in findings:
            file, line = self._locate(finding.at)
            if file not in self._broken:
                self._problems.append(Problem(file, line + finding.line, finding.fault, finding.about))

    def examine(self, kind: type[Value], document: dict[str, Any]) -> Value | Unread:
        """Return what can be read of the document, and report its findings."""
        value, findings = examine(kind, document)
        self.report(findings)
        return value

    def finish(self, value: Value | Unread) -> Value:
        """Return the value, or raise `ModuleError` with all problems."""
        if self._problems or isinstance(value, Unread):
            raise ModuleError(self._problems)
        return value

    def exists(self, name: str) -> bool:
        """Return whether `name` is a file that lies inside the folder, links followed."""
        path = (self.folder / name).resolve()
        return path.is_file() and path.is_relative_to(self.folder.resolve())

    def _take(self, path: Path, source: Source, at: At, added: tuple[str, ...]) -> Source:
        self._places.setdefault(at, (self._name(path), 1))
        for inner, line in source.lines.items():
            self._places.setdefault((*at, *inner), (self._name(path), line))
        if self._name(path) not in self._broken:
            for finding in source.findings:
                self.complain(path, finding.line, finding.fault, finding.about)
        if not source.readable:
            self._broken.add(self._name(path))
        for key in added:
            if key in source.data:
                self.complain(path, source.lines[(key,)], Fault.UNKNOWN_KEY, key)
        return source

    def _text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8-sig")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            self.complain(path, 1, Fault.MISSING_FILE, self._name(path))
        except UnicodeDecodeError:
            self.complain(path, 1, Fault.UNREADABLE, "this is not UTF-8")
        self._broken.add(self._name(path))
        return "{}"

    def _locate(self, at: At) -> tuple[str, int]:
        while at and at not in self._places:
            at = at[:-1]
        return self._places[at]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()
