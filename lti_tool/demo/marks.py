"""What the gradebook shows: what the tool sent, unless a teacher wrote a mark over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lti_tool.demo.courses import LineItem
from lti_tool.demo.current import campus, lms
from lti_tool.demo.scores import Score


@dataclass(frozen=True)
class Mark:
    """One learner's mark in a column, out of its maximum; `moment` is when the tool sent a score."""

    sub: str
    given: float | None
    comment: str = ""
    moment: datetime | None = None
    is_teachers: bool = False


def marks_of(item: LineItem) -> Mapping[str, Mark]:
    """Return the marks of a column by `sub`, in the order of `sub`."""
    store, slug = campus().store, lms().slug
    sent = {sub: _sent(score, item) for sub, score in store.scores(slug, item.id).items()}
    written = {sub: Mark(sub, mark, is_teachers=True) for sub, mark in store.overrides(slug, item.id).items()}
    return dict(sorted((sent | written).items()))


def _sent(score: Score, item: LineItem) -> Mark:
    return Mark(score.sub, score.scaled(item.maximum), score.comment, score.moment)
