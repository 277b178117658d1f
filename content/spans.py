"""Stretches of a video that have been watched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.checked import Checked, Fault, Finding, Refused

LONGEST = 24 * 3600.0
# A player tells where it is about four times a second, so pieces that were watched in one go lie this close.
GAP = 0.5


@dataclass(frozen=True, order=True)
class Span(Checked):
    """The part of a video from `start` to `end`, in seconds from its beginning."""

    start: float
    end: float

    def findings(self) -> Iterator[Finding]:
        if not 0 <= self.start < self.end <= LONGEST:
            yield Finding((), Fault.OUT_OF_RANGE, f"0 <= start < end <= {LONGEST:g}")


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same stretches sorted, with those that overlap or lie within GAP seconds made one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end + GAP:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)


def share_of(spans: Iterable[Span], duration: float) -> float:
    """Return the share of `duration` seconds, 0 to 1, that the spans cover, or raise `Refused`."""
    if not 0 < duration <= LONGEST:
        raise Refused((Finding(("duration",), Fault.OUT_OF_RANGE, f"0 < duration <= {LONGEST:g}"),))
    watched = sum(min(span.end, duration) - min(span.start, duration) for span in merged(spans))
    return watched / duration
