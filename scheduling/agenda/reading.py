"""What reading an agenda gives: time, problems, or the reason why there is nothing to give."""

from dataclasses import dataclass
from enum import Enum

from scheduling.interval import Interval


class ProblemKind(str, Enum):
    """Something in a readable agenda that could not be understood in full."""

    NO_TIME = "no_time"  # the event has no readable time at all, so it is nowhere
    UNREADABLE_START = "unreadable_start"  # its likely time is unknown
    UNREADABLE_END = "unreadable_end"  # the rest of its day is unknown
    UNREADABLE_RULE = "unreadable_rule"  # its time of day is unknown on every day
    SUB_DAILY_RULE = "sub_daily_rule"  # it repeats within a day: all time is unknown while it lasts
    UNREADABLE_EXCEPTION = "unreadable_exception"  # an added, moved or cancelled repetition; the others stand
    UNREADABLE_FREE_BUSY = "unreadable_free_busy"  # a period of VFREEBUSY or VAVAILABILITY
    UNKNOWN_ZONE = "unknown_zone"  # read in the owner's own zone
    TOO_MUCH_WORK = "too_much_work"  # the agenda asks for too many repetitions: the event is unknown
    BROKEN_STRUCTURE = "broken_structure"  # BEGIN and END lines that do not match


@dataclass(frozen=True, order=True)
class Problem:
    """`count` times one kind of problem; never a title, a name or another word from the agenda."""

    kind: ProblemKind
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a problem occurs at least once")


@dataclass(frozen=True)
class Reading:
    """What an agenda says about a window.

    The three kinds of time are sorted, lie inside the window and do not overlap: busy hides unknown, unknown
    hides tentative. `events` counts the events of the whole agenda.
    """

    busy: tuple[Interval, ...]
    tentative: tuple[Interval, ...]
    unknown: tuple[Interval, ...]
    problems: tuple[Problem, ...]
    events: int


class UnreadableKind(str, Enum):
    """Why nothing at all can be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_EVENTS = "too_many_events"
    WEB_PAGE = "web_page"  # nearly always a login page
    NOT_A_CALENDAR = "not_a_calendar"
    TRUNCATED = "truncated"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    CRASHED = "crashed"


class AgendaUnreadableError(Exception):
    """The agenda as a whole gives nothing."""

    def __init__(self, kind: UnreadableKind) -> None:
        super().__init__(kind.value)
        self.kind = kind
