"""Half-open stretches of absolute time."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter


@dataclass(frozen=True, order=True)
class Interval:
    """The time from `start` up to, not including, `end`; both are kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware datetimes")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end

    def clipped(self, window: "Interval") -> "Interval | None":
        """Return the part inside `window`, or None where nothing of it is inside."""
        if not self.overlaps(window):
            return None
        return Interval(max(self.start, window.start), min(self.end, window.end))


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same time as sorted intervals that neither overlap nor touch."""
    result: list[Interval] = []
    for interval in sorted(intervals, key=attrgetter("start")):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return tuple(result)


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the time of `intervals` outside `taken`, as sorted intervals that neither overlap nor touch."""
    holes = deque(merged(taken))
    result: list[Interval] = []
    for interval in merged(intervals):
        start = interval.start
        while holes and holes[0].start < interval.end:
            if start < holes[0].start:
                result.append(Interval(start, holes[0].start))
            start = max(start, holes[0].end)
            if holes[0].end > interval.end:
                break
            holes.popleft()
        if start < interval.end:
            result.append(Interval(start, interval.end))
    return tuple(result)
