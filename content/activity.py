"""The kinds of activity: the smallest thing that a learner opens."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from content import proof
from content.checked import (
    IMAGES,
    At,
    Checked,
    Fault,
    Finding,
    bad_id,
    bad_media,
    empty,
    outside,
    repeated,
    repeated_items,
)
from content.question import Question
from content.text import LANGUAGES, Text

MAX_MINUTES = 40 * 60


@dataclass(frozen=True)
class Reference:
    """A media file by its name, and where it is named; `line` counts from 0 inside a text."""

    at: At
    name: str
    line: int = 0

    def under(self, outer: At) -> "Reference":
        return replace(self, at=(*outer, *self.at))


@dataclass(frozen=True, kw_only=True)
class _Opened(Checked):
    """What every activity has; the id is stable, for it holds the learners' progress."""

    id: str
    title: Text
    minutes: int
    essential: bool = True

    def findings(self) -> Iterator[Finding]:
        yield from bad_id(self.id)
        yield from outside("minutes", self.minutes, 1, MAX_MINUTES)

    def references(self) -> Iterator[Reference]:
        """Yield the media files that the activity names."""
        return iter(())


@dataclass(frozen=True, kw_only=True)
class Page(_Opened):
    """Markdown to read; each source is a line of inline Markdown."""

    type: ClassVar[str] = "page"
    body: Text
    sources: tuple[Text, ...] = ()

    def references(self) -> Iterator[Reference]:
        for language in LANGUAGES:
            for line, name in proof.media(getattr(self.body, language)):
                yield Reference(("body", language), name, line)


@dataclass(frozen=True, kw_only=True)
class Track(Checked):
    """WebVTT captions in one language; the transcript is made from them."""

    lang: str
    src: str

    def findings(self) -> Iterator[Finding]:
        yield from bad_media(self.src, (".vtt",), ("src",))
        if self.lang not in LANGUAGES:
            yield Finding(("lang",), Fault.OUT_OF_RANGE, ", ".join(LANGUAGES))


@dataclass(frozen=True, kw_only=True)
class Watching(Checked):
    """When a video counts as done: the share of it that has been watched, skipped parts not counted."""

    watched: float = 0.8

    def findings(self) -> Iterator[Finding]:
        yield from outside("watched", self.watched, 0.01, 1)


@dataclass(frozen=True, kw_only=True)
class Video(_Opened):
    """A film with captions."""

    type: ClassVar[str] = "video"
    src: str
    poster: str
    tracks: tuple[Track, ...]
    completion: Watching = Watching()

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from bad_media(self.src, (".mp4",), ("src",))
        yield from bad_media(self.poster, IMAGES, ("poster",))
        yield from empty(tracks=self.tracks)
        yield from repeated((("tracks", i, "lang"), track.lang) for i, track in enumerate(self.tracks))

    def references(self) -> Iterator[Reference]:
        yield Reference(("src",), self.src)
        yield Reference(("poster",), self.poster)
        for index, track in enumerate(self.tracks):
            yield Reference(("tracks", index, "src"), track.src)


@dataclass(frozen=True, kw_only=True)
class Quiz(_Opened):
    """Questions that the server marks; `pass_` is the share of the points that completes it.

    Only a graded quiz counts for the gradebook. Without `attempts` there is no limit to them.
    """

    type: ClassVar[str] = "quiz"
    graded: bool = False
    pass_: float
    attempts: int | None = None
    questions: tuple[Question, ...]

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        yield from outside("pass", self.pass_, 0, 1)
        yield from empty(questions=self.questions)
        yield from repeated_items("questions", self.questions)
        if self.attempts is not None:
            yield from outside("attempts", self.attempts, 1, 100)

    @property
    def maximum(self) -> int:
        """Return the points for a faultless attempt."""
        return sum(question.points for question in self.questions)


Activity = Page | Video | Quiz
