"""Values that refuse nonsense, and how what is wrong with them is said."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum, unique
from typing import Protocol, Self

At = tuple[str | int, ...]
"""Where something stands inside a value: keys and indexes, outermost first."""

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MEDIA_NAME = re.compile(r"media(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
IMAGES = (".svg", ".jpg", ".jpeg", ".png", ".webp")


@unique
class Fault(str, Enum):
    """What can be wrong; the value is the sentence in English, in which `{}` stands for what it is about."""

    UNKNOWN_KEY = "unknown key '{}'"
    MISSING_KEY = "key '{}' is missing"
    DUPLICATE_KEY = "key '{}' stands here twice"
    WRONG_TYPE = "this should be {}"
    EMPTY = "this is empty: {}"
    OUT_OF_RANGE = "expected {}"
    BAD_ID = "'{}' is no id: use letters, digits, '-' and '_'"
    DUPLICATE_ID = "id '{}' is used twice"
    BAD_OFFSET = "'{}' is no time from the start: write '+2w' or '+3d'"
    MISSING_TRANSLATION = "the text in '{}' is missing"
    UNKNOWN_OUTCOME = "outcome '{}' is not among the module's outcomes"
    MINUTES_DO_NOT_ADD_UP = "the parts take {} minutes, which is more than stands here"
    CREDITS_DO_NOT_ADD_UP = "the modules are {} credits together"
    WRONG_CORRECT_COUNT = "{} of the options are correct"
    BAD_MEDIA_NAME = "'{}' is no file in media/ of a kind that fits here"
    MISSING_MEDIA = "file '{}' does not exist"
    BAD_CAPTIONS = "'{}' is no readable WebVTT"
    MISSING_ALT = "image '{}' has no description between the brackets"
    BAD_LINK = "link '{}' leads neither to https:, http:, mailto: nor media/"
    BAD_CALLOUT = "'{}' is no call-out: write '::: tip Title', practice or warning"
    MISSING_FOOTNOTE = "footnote '{}' is not explained"
    TOP_HEADING = "heading '{}' is of the first level, which is the page's title"
    UNREADABLE = "this cannot be read: {}"
    MISSING_FILE = "file '{}' is missing"
    UNKNOWN_FILE = "file '{}' has no meaning here"
    MISSING_TWIN = "its translation '{}' is missing"
    TWIN_DIFFERS = "'{}' differs from that in the other language"
    UNLISTED_MODULE = "module '{}' is not listed in the programme"


@dataclass(frozen=True)
class Finding:
    """One fault at one place; `line` counts from 0 inside a text of several lines."""

    at: At
    fault: Fault
    about: str = ""
    line: int = 0

    def under(self, outer: At) -> Self:
        return replace(self, at=(*outer, *self.at))

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.at))}: {self.fault.value.format(self.about)}"


class Refused(ValueError):
    """A value was nonsense; `findings` says in what."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


class Checked:
    """Base of the frozen dataclasses: constructing one with any findings raises `Refused`."""

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the value itself; its parts have been checked before it."""
        return iter(())

    def __post_init__(self) -> None:
        if findings := tuple(self.findings()):
            raise Refused(findings)

    @classmethod
    def unchecked(cls, **values: object) -> Self:
        """Return the value without asking for its findings, so that a reader can report them all."""
        value = cls.__new__(cls)
        for name, part in values.items():
            object.__setattr__(value, name, part)
        return value


def key_of(name: str) -> str:
    """Return the name that a field has in a document: `pass_` is a field because `pass` cannot be one."""
    return name.removesuffix("_")


def parts(value: object, at: At = ()) -> Iterator[tuple[At, object]]:
    """Yield `value` and every dataclass inside it, with where each stands."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from parts(item, (*at, index))
    elif is_dataclass(value):
        yield at, value
        for field in fields(value):
            yield from parts(getattr(value, field.name), (*at, key_of(field.name)))


def bad_id(text: str, key: str = "id") -> Iterator[Finding]:
    if not IDENTIFIER.fullmatch(text):
        yield Finding((key,), Fault.BAD_ID, text)


def repeated(ids: Iterable[tuple[At, str]]) -> Iterator[Finding]:
    """Yield a finding for each id that has been seen before it."""
    seen: set[str] = set()
    for at, text in ids:
        if text in seen:
            yield Finding(at, Fault.DUPLICATE_ID, text)
        seen.add(text)


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str: ...


def repeated_items(key: str, items: Iterable[Identified]) -> Iterator[Finding]:
    """Yield a finding for each item of the list under `key` whose id has been seen before it."""
    return repeated(((key, index, "id"), item.id) for index, item in enumerate(items))


def outside(key: str, value: float, low: float, high: float) -> Iterator[Finding]:
    """Yield a finding unless low <= value <= high; NaN is outside everything."""
    if not low <= value <= high:
        yield Finding((key,), Fault.OUT_OF_RANGE, f"{low:g} to {high:g}")


def empty(**lists: tuple[object, ...] | str) -> Iterator[Finding]:
    for key, items in lists.items():
        if not items or (isinstance(items, str) and not items.strip()):
            yield Finding((key,), Fault.EMPTY, key)


def bad_media(name: str, suffixes: tuple[str, ...], at: At) -> Iterator[Finding]:
    if not MEDIA_NAME.fullmatch(name) or not name.endswith(suffixes):
        yield Finding(at, Fault.BAD_MEDIA_NAME, name)
