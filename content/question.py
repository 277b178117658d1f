"""The kinds of question in a quiz."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from content.checked import Checked, Fault, Finding, bad_id, outside, repeated_items
from content.text import Text

MAX_POINTS = 100


@dataclass(frozen=True, kw_only=True)
class Option(Checked):
    """One answer to choose; `feedback` is shown after marking to who chose it."""

    id: str
    text: Text
    correct: bool = False
    feedback: Text | None = None

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)


@dataclass(frozen=True, kw_only=True)
class _Asked(Checked):
    """What every question has; the text is inline Markdown, `feedback` is shown after marking."""

    id: str
    text: Text
    points: int = 1
    feedback: Text | None = None

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)
        yield from outside("points", self.points, 1, MAX_POINTS)


@dataclass(frozen=True, kw_only=True)
class _Choice(_Asked):
    options: tuple[Option, ...]

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from repeated_items("options", self.options)
        if len(self.options) < 2:
            yield Finding(("options",), Fault.OUT_OF_RANGE, "two options or more")

    @property
    def correct(self) -> frozenset[str]:
        """Return the ids of the correct options."""
        return frozenset(option.id for option in self.options if option.correct)


@dataclass(frozen=True, kw_only=True)
class SingleChoice(_Choice):
    """One option is correct."""

    type: ClassVar[str] = "single"

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        count = sum(option.correct for option in self.options)
        if count != 1:
            yield Finding(("options",), Fault.WRONG_CORRECT_COUNT, str(count))


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(_Choice):
    """One or more options are correct, and all of those are to be chosen."""

    type: ClassVar[str] = "multiple"

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        if not self.correct:
            yield Finding(("options",), Fault.WRONG_CORRECT_COUNT, "0")


@dataclass(frozen=True, kw_only=True)
class TrueFalse(_Asked):
    """A statement that is true or false."""

    type: ClassVar[str] = "true_false"
    answer: bool


@dataclass(frozen=True, kw_only=True)
class Numeric(_Asked):
    """A number, right from value - tolerance to value + tolerance, ends included."""

    type: ClassVar[str] = "numeric"
    value: float
    tolerance: float = 0.0

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        for key, number in (("value", self.value), ("tolerance", self.tolerance)):
            if not math.isfinite(number):
                yield Finding((key,), Fault.OUT_OF_RANGE, "a finite number")
        if self.tolerance < 0:
            yield Finding(("tolerance",), Fault.OUT_OF_RANGE, "0 or more")


Question = SingleChoice | MultipleChoice | TrueFalse | Numeric
