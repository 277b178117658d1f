"""Programmes: which modules make a microdegree."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from content.checked import Checked, Fault, Finding, bad_id, empty, outside, parts, repeated_items
from content.module import Outcome, untranslated
from content.text import LANGUAGES, Text


class Delivery(str, Enum):
    """How a programme is taught."""

    BLENDED = "blended"
    DISTANCE = "distance"


@dataclass(frozen=True, kw_only=True)
class Level(Checked):
    """A level in the European and in the Flemish qualifications framework."""

    eqf: int
    vks: int

    def findings(self) -> Iterator[Finding]:
        yield from outside("eqf", self.eqf, 1, 8)
        yield from outside("vks", self.vks, 1, 8)


@dataclass(frozen=True, kw_only=True)
class ProgrammeModule(Checked):
    """A module as the programme announces it; its content may be made later."""

    id: str
    title: Text
    summary: Text
    ects: int
    weeks: int
    outcomes: tuple[Outcome, ...]

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)
        yield from outside("ects", self.ects, 1, 60)
        yield from outside("weeks", self.weeks, 1, 52)
        yield from empty(outcomes=self.outcomes)
        yield from repeated_items("outcomes", self.outcomes)


@dataclass(frozen=True, kw_only=True)
class Programme(Checked):
    """A microdegree; its texts are in every language."""

    id: str
    title: Text
    summary: Text
    audience: Text
    level: Level
    delivery: Delivery
    ects: int
    modules: tuple[ProgrammeModule, ...]

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)
        yield from empty(modules=self.modules)
        yield from repeated_items("modules", self.modules)
        credits = sum(module.ects for module in self.modules)
        if credits != self.ects:
            yield Finding(("ects",), Fault.CREDITS_DO_NOT_ADD_UP, str(credits))
        for at, part in parts(self):
            yield from untranslated(part, at, list(LANGUAGES))
