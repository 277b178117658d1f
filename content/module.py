"""Programmes, modules and units."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Self

from content.activity import Activity, Reference, Video
from content.checked import (
    At,
    Checked,
    Fault,
    Finding,
    Refused,
    bad_id,
    empty,
    outside,
    parts,
    repeated,
    repeated_items,
)
from content.text import LANGUAGES, Text

DAYS = {"d": 1, "w": 7}


@dataclass(frozen=True, order=True)
class Offset(Checked):
    """Whole days after a cohort's first Monday; written `+3d` or `+2w`."""

    days: int

    def findings(self) -> Iterator[Finding]:
        yield from outside("days", self.days, 0, 366)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the offset that is written as `text`, or raise `Refused`."""
        match = re.fullmatch(r"\+([0-9]{1,3})([dw])", text)
        if not match:
            raise Refused((Finding((), Fault.BAD_OFFSET, text),))
        return cls(int(match[1]) * DAYS[match[2]])

    def __str__(self) -> str:
        return f"+{self.days}d" if self.days % 7 else f"+{self.days // 7}w"


@dataclass(frozen=True, kw_only=True)
class Outcome(Checked):
    """A learning outcome."""

    id: str
    text: Text

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)


@dataclass(frozen=True, kw_only=True)
class Unit(Checked):
    """About a week of study; `study_minutes` holds its activities and the learner's own practice."""

    id: str
    title: Text
    study_minutes: int
    outcomes: tuple[str, ...]
    release: Offset
    due: Offset
    activities: tuple[Activity, ...]

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)
        yield from empty(activities=self.activities)
        minutes = sum(activity.minutes for activity in self.activities)
        if minutes > self.study_minutes:
            yield Finding(("study_minutes",), Fault.MINUTES_DO_NOT_ADD_UP, str(minutes))
        if self.activities and not any(activity.essential for activity in self.activities):
            yield Finding(("activities",), Fault.EMPTY, "essential activities")
        if self.due <= self.release:
            yield Finding(("due",), Fault.OUT_OF_RANGE, f"more than {self.release}")


class Mode(str, Enum):
    """Where a live session is held."""

    ONLINE = "online"
    CAMPUS = "campus"


@dataclass(frozen=True, kw_only=True)
class LiveShare(Checked):
    """The part of a module's study hours that is spent together, in sessions of equal length."""

    share: float
    session_minutes: int
    mode: Mode

    def findings(self) -> Iterator[Finding]:
        yield from outside("share", self.share, 0.01, 1)
        yield from outside("session_minutes", self.session_minutes, 15, 8 * 60)


@dataclass(frozen=True, kw_only=True)
class Contributor(Checked):
    """Who made the module, and as what."""

    name: str
    role: str

    def findings(self) -> Iterator[Finding]:
        yield from empty(name=self.name, role=self.role)


@dataclass(frozen=True, kw_only=True)
class Module(Checked):
    """One version of a module. `study_hours` holds everything: distance, own practice and live."""

    id: str
    version: str
    languages: tuple[str, ...]
    title: Text
    summary: Text
    ects: int
    eqf: int
    vks: int
    isced_f: str
    weeks: int
    study_hours: int
    outcomes: tuple[Outcome, ...]
    competencies: tuple[Text, ...]
    assessment: Text
    prerequisites: Text
    live: LiveShare | None = None
    licence: str
    contributors: tuple[Contributor, ...]
    units: tuple[Unit, ...]

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Return the activities of all units, in order."""
        return tuple(activity for unit in self.units for activity in unit.activities)

    @property
    def live_sessions(self) -> int:
        """Return how many live sessions the live share comes to."""
        return round(self.live.share * self.study_hours * 60 / self.live.session_minutes) if self.live else 0

    @property
    def media(self) -> tuple[str, ...]:
        """Return the media files that the activities name, sorted."""
        return tuple(sorted({reference.name for reference in self.references()}))

    def references(self) -> Iterator[Reference]:
        """Yield every place where a media file is named."""
        for at, activity in self._placed():
            for reference in activity.references():
                yield reference.under(at)

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)
        yield from empty(version=self.version, licence=self.licence, outcomes=self.outcomes, units=self.units)
        yield from self._numbers()
        yield from self._languages()
        yield from self._ids()
        yield from self._times()

    def _numbers(self) -> Iterator[Finding]:
        for key, value, low, high in (
            ("ects", self.ects, 1, 60),
            ("eqf", self.eqf, 1, 8),
            ("vks", self.vks, 1, 8),
            ("weeks", self.weeks, 1, 52),
            ("study_hours", self.study_hours, 1, 2000),
        ):
            yield from outside(key, value, low, high)
        if not re.fullmatch(r"[0-9]{2,4}", self.isced_f):
            yield Finding(("isced_f",), Fault.OUT_OF_RANGE, "two to four digits")

    def _languages(self) -> Iterator[Finding]:
        if "nl" not in self.languages:
            yield Finding(("languages",), Fault.MISSING_TRANSLATION, "nl")
        for index, language in enumerate(self.languages):
            if language not in LANGUAGES:
                yield Finding(("languages", index), Fault.OUT_OF_RANGE, ", ".join(LANGUAGES))
        yield from repeated((("languages", i), language) for i, language in enumerate(self.languages))
        wanted = [language for language in LANGUAGES if language in self.languages]
        for at, part in parts(self):
            yield from untranslated(part, at, wanted)

    def _ids(self) -> Iterator[Finding]:
        yield from repeated_items("outcomes", self.outcomes)
        yield from repeated_items("units", self.units)
        yield from repeated(((*at, "id"), activity.id) for at, activity in self._placed())
        known = {outcome.id for outcome in self.outcomes}
        for index, unit in enumerate(self.units):
            for place, outcome in enumerate(unit.outcomes):
                if outcome not in known:
                    yield Finding(("units", index, "outcomes", place), Fault.UNKNOWN_OUTCOME, outcome)

    def _times(self) -> Iterator[Finding]:
        live = self.live.share if self.live else 0
        minutes = sum(unit.study_minutes for unit in self.units)
        if minutes > round(self.study_hours * 60 * (1 - live)):
            yield Finding(("study_hours",), Fault.MINUTES_DO_NOT_ADD_UP, str(minutes))
        for index, unit in enumerate(self.units):
            if unit.due.days > self.weeks * 7:
                yield Finding(("units", index, "due"), Fault.OUT_OF_RANGE, f"at most +{self.weeks}w")

    def _placed(self) -> Iterator[tuple[At, Activity]]:
        for index, unit in enumerate(self.units):
            for place, activity in enumerate(unit.activities):
                yield ("units", index, "activities", place), activity


def untranslated(part: object, at: At, languages: list[str]) -> Iterator[Finding]:
    """Yield the languages in which a text or a video's captions are missing."""
    for language in languages:
        if isinstance(part, Text) and part.language(language) != language:
            yield Finding(at, Fault.MISSING_TRANSLATION, language)
        if isinstance(part, Video) and language not in {track.lang for track in part.tracks}:
            yield Finding((*at, "tracks"), Fault.MISSING_TRANSLATION, language)
