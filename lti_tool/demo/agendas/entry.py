"""What stands in an agenda."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum


class Shows(Enum):
    """How an entry shows its owner to colleagues."""

    BUSY = "busy"
    FREE = "free"
    TENTATIVE = "tentative"
    AWAY = "away"


@dataclass(frozen=True)
class Series:
    """Repeat every so many `weeks` up to and including `last`, without some starts and with others moved."""

    weeks: int
    last: date
    skipped: tuple[datetime, ...] = ()
    moved: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One appointment, or one series of them, in its owner's wall time; midnight to midnight is all day."""

    start: datetime
    end: datetime
    title: str
    shows: Shows = Shows.BUSY
    series: Series | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo or self.end.tzinfo or self.end <= self.start:
            raise ValueError("an entry has a start and a later end in wall time")

    @property
    def all_day(self) -> bool:
        return self.start.time() == self.end.time() == time()

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def occurrences(self) -> tuple[tuple[datetime, datetime], ...]:
        """Return every start and end, in order of the series."""
        if self.series is None:
            return ((self.start, self.end),)
        moved = dict(self.series.moved)
        kept = [start for start in self.planned() if start not in self.series.skipped]
        return tuple((moved.get(start, start), moved.get(start, start) + self.length) for start in kept)

    def planned(self) -> tuple[datetime, ...]:
        """Return the starts as the rule gives them, before any is skipped or moved."""
        if self.series is None:
            return (self.start,)
        count = (self.series.last - self.start.date()).days // (7 * self.series.weeks) + 1
        return tuple(self.start + timedelta(weeks=self.series.weeks * n) for n in range(count))
