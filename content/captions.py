"""WebVTT captions as the cues of a transcript."""

from dataclasses import dataclass
from html import unescape

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError


class CaptionsError(Exception):
    """The text is no WebVTT with at least one cue; `reason` is the parser's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Cue:
    """What is said from `start` to `end`, in seconds from the video's beginning."""

    start: float
    end: float
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise CaptionsError(f"a cue from {self.start:g} s to {self.end:g} s")


def read_captions(vtt: str) -> tuple[Cue, ...]:
    """Return the cues in order, their text on one line without markup, or raise `CaptionsError`."""
    try:
        captions = webvtt.from_string(vtt, strict=True)
    except (MalformedFileError, MalformedCaptionError) as error:
        raise CaptionsError(str(error)) from error
    cues = tuple(
        Cue(caption.start_time.in_milliseconds() / 1000, caption.end_time.in_milliseconds() / 1000, text)
        for caption in captions.captions
        if (text := " ".join(unescape(caption.text).split()))
    )
    if not cues:
        raise CaptionsError("no cues")
    return cues
