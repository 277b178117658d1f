"""The 15-minute grid and busy masks: one bit per quarter of an hour, indexed in UTC.

UTC indexing keeps every bit in its place when the clocks change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from scheduling.interval import Interval

QUARTER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """`slots` quarters of an hour from `start`, which lies on a whole quarter."""

    start: datetime
    slots: int

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.start - EPOCH) % QUARTER:
            raise ValueError("a grid starts on a whole quarter of an hour, in an aware datetime")
        if self.slots <= 0:
            raise ValueError("a grid has at least one slot")
        object.__setattr__(self, "start", self.start.astimezone(UTC))

    @classmethod
    def covering(cls, window: Interval) -> "Grid":
        """Return the smallest grid that holds `window`."""
        start = window.start - (window.start - EPOCH) % QUARTER
        return cls(start, -(-(window.end - start) // QUARTER))

    @property
    def end(self) -> datetime:
        return self.start + self.slots * QUARTER

    @property
    def window(self) -> Interval:
        return Interval(self.start, self.end)

    def slot(self, moment: datetime) -> int:
        """Return the number of the slot that holds `moment`; it may lie outside 0..slots-1."""
        return (moment - self.start) // QUARTER

    def time(self, slot: int) -> datetime:
        """Return the UTC time at which `slot` begins."""
        return self.start + slot * QUARTER

    def mask(self, intervals: Iterable[Interval]) -> Mask:
        """Return a mask of shape (slots,) that is True in each slot that an interval touches."""
        mask = np.zeros(self.slots, dtype=np.bool_)
        for interval in intervals:
            first = max(0, self.slot(interval.start))
            last = min(self.slots, -(-(interval.end - self.start) // QUARTER))
            mask[first : max(first, last)] = True
        return mask

    def intervals(self, mask: Mask) -> tuple[Interval, ...]:
        """Return the True runs of a mask of shape (slots,) as intervals."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
        return tuple(
            Interval(self.time(int(first)), self.time(int(last)))
            for first, last in zip(edges[::2], edges[1::2], strict=True)
        )

    def cut(self, mask: Mask, other: "Grid", *, outside: bool) -> Mask:
        """Return this grid's mask laid on `other`, with `outside` where this grid does not reach."""
        result = np.full(other.slots, outside, dtype=np.bool_)
        offset = self.slot(other.start)
        first, last = max(0, offset), min(self.slots, offset + other.slots)
        if first < last:
            result[first - offset : last - offset] = mask[first:last]
        return result


def pack(mask: Mask) -> bytes:
    """Return a mask as bytes, eight slots a byte, the first slot in the highest bit."""
    return np.packbits(mask).tobytes()


def unpack(data: bytes, slots: int) -> Mask:
    """Return the mask of shape (slots,) that `pack` made."""
    return np.unpackbits(np.frombuffer(data, dtype=np.uint8), count=slots).astype(np.bool_)
