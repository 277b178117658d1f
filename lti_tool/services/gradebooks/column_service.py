"""What is asked of a platform about one column of a gradebook; outside any transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lti_tool.lti import ags
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError
from lti_tool.lti.platform import PlatformRegistration

NO_SERVICE = "no_line_items"


class Aim(Enum):
    """What is to become of a column."""

    LEFT = "left"  # it came with a link, so that it is only read
    THERE = "there"
    GONE = "gone"


class Unread(Enum):
    """Stands for results that the platform does not let us read."""

    UNREAD = "unread"


Results = Mapping[str, float] | Unread


@dataclass(frozen=True)
class ColumnTask:
    """One column to look after. `url` and `line_items_url` are empty where they are not known.

    `known` are the course's other columns in our books, `claimed` the columns that its links claim.
    """

    line_item_id: int
    due_at: datetime | None
    begun_at: datetime
    platform: PlatformRegistration
    aim: Aim
    url: str
    is_outgrown: bool
    line_items_url: str
    wanted: ags.WantedLineItem
    known: frozenset[str]
    claimed: frozenset[str]


@dataclass(frozen=True)
class Tended:
    """Where the column is now (empty: nowhere), whether its marks must be sent anew, and what it holds.

    `results` are shares of the column's maximum by subject. One that `is_outgrown` counts out of another
    maximum than it must; it is changed the next time.
    """

    url: str
    needs_marks: bool
    results: Results
    is_outgrown: bool = False


NOWHERE = Tended("", needs_marks=False, results=Unread.UNREAD)


def tend(task: ColumnTask, connector: PlatformConnector) -> Tended:
    """Make, change or delete the column, and read what it holds; outside any transaction."""
    if task.aim is Aim.GONE:
        _delete(task, connector)
        return NOWHERE
    if task.aim is Aim.LEFT:
        return Tended(task.url, needs_marks=False, results=_read_back(connector, task.url))
    found = _find(task, connector)
    if found.maximum != task.wanted.maximum:
        # Noted first: a worker that changes it may not live to tell that its marks must be sent anew.
        if task.url and not task.is_outgrown:
            return Tended(task.url, needs_marks=False, results=Unread.UNREAD, is_outgrown=True)
        _resize(found, task, connector)
    needs_marks = task.is_outgrown or found.url != task.url
    return Tended(found.url, needs_marks, _read_back(connector, found.url))


def _find(task: ColumnTask, connector: PlatformConnector) -> ags.LineItem:
    """Return our column as it is now, made if it was nowhere so far.

    One that was deleted in the gradebook is not made again: the platform refuses with 404, and people are
    told.
    """
    if task.url:
        return ags.read_line_item(connector, task.url)
    if task.line_items_url:
        service = task.line_items_url
        return ags.find_or_create_line_item(connector, service, task.wanted, besides=task.known)
    raise PlatformRefusedError(task.platform.id, 404, NO_SERVICE)


def _resize(found: ags.LineItem, task: ColumnTask, connector: PlatformConnector) -> None:
    # The label is ours only at first, as teachers may want another.
    label = found.label or task.wanted.label
    resized = ags.WantedLineItem(label=label, maximum=task.wanted.maximum, tag=task.wanted.tag)
    ags.update_line_item(connector, found.url, resized)


def _delete(task: ColumnTask, connector: PlatformConnector) -> None:
    """Delete what we made ourselves; a column that came with a link is left, with its marks."""
    for item in _found(task, connector):
        url = task.url or item.url
        is_claimed = bool(item.resource_link_id) or not task.claimed.isdisjoint({url, item.url})
        if item.resource_id == task.wanted.resource_id and not is_claimed:
            ags.delete_line_item(connector, url)


def _found(task: ColumnTask, connector: PlatformConnector) -> Sequence[ags.LineItem]:
    """Return the column as it is now; all that bear its tag where it is not known which is ours."""
    if not task.url:
        # It may have been made by a worker that did not live to tell.
        service, tag = task.line_items_url, task.wanted.tag
        return ags.read_line_items(connector, service, tag=tag) if service else ()
    try:
        return [ags.read_line_item(connector, task.url)]
    except PlatformRefusedError as refusal:
        if refusal.status not in ags.GONE:
            raise
        return ()


def _read_back(connector: PlatformConnector, url: str) -> Results:
    try:
        results = ags.read_results(connector, url)
    except PlatformRefusedError:
        return Unread.UNREAD
    return {result.subject: result.score / result.maximum for result in results if result.score is not None}
