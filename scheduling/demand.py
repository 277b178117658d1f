"""What a module needs live, and the request that a teacher makes of it."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MONDAY_TO_FRIDAY = frozenset(range(5))
WEEK = 7


@dataclass(frozen=True)
class Demand:
    """So many live sessions of so many minutes, spread over so many weeks."""

    sessions: int
    minutes: int
    weeks: int
    days_apart: int

    def __post_init__(self) -> None:
        if min(self.sessions, self.minutes, self.weeks, self.days_apart) < 1:
            raise ValueError("a demand counts from one")
        if (self.sessions - 1) * self.days_apart >= self.weeks * WEEK:
            raise ValueError("the sessions do not fit in the weeks")


def propose(study_hours: float, share: float, session_minutes: int, weeks: int) -> Demand:
    """Return what is needed for `share` (0.2 is 20 %) of the study hours to be live.

    The number of sessions is the nearest one; their minimum distance is half their mean distance, a week at
    most.
    """
    if not 0 < share <= 1:
        raise ValueError("a share lies above 0, up to 1")
    sessions = max(1, int(study_hours * share * 60 / session_minutes + 0.5))
    days_apart = min(WEEK, max(1, weeks * WEEK // (2 * sessions)))
    return Demand(sessions, session_minutes, weeks, days_apart)


@dataclass(frozen=True)
class Request:
    """What a teacher asks for; days and hours are those of the clock on the wall in `zone`.

    A session starts and ends on one day, from `hours_from` up to `hours_until`. Weekday 0 is Monday. Two
    sessions in a row are at least `days_apart` days apart, counted from the last group of the one to the
    first group of the other. A capacity of None means that there is a place for everyone. A session
    `on_campus` costs people the way there and back.
    """

    sessions: int
    minutes: int
    first_day: date
    last_day: date
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    hours_from: time = time(8)
    hours_until: time = time(20)
    days_apart: int = 1
    groups: int = 1
    capacity: int | None = None
    zone: str = "Europe/Brussels"
    on_campus: bool = False

    def __post_init__(self) -> None:
        if min(self.sessions, self.minutes, self.days_apart, self.groups) < 1:
            raise ValueError("sessions, minutes, days apart and groups count from one")
        if self.capacity is not None and self.capacity < 1:
            raise ValueError("a group holds at least one person")
        if self.last_day < self.first_day:
            raise ValueError("the last day is not before the first")
        if not self.weekdays or not self.weekdays <= frozenset(range(WEEK)):
            raise ValueError("weekdays are numbers from 0, Monday, to 6, and at least one")
        self._check_clock()

    def _check_clock(self) -> None:
        if self.hours_from.tzinfo or self.hours_until.tzinfo:
            raise ValueError("hours are local: their zone is the request's")
        if self.hours_until <= self.hours_from:
            raise ValueError("the hours end after they begin")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no such time zone: {self.zone!r}") from error

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)


def ask(
    demand: Demand, *, first_day: date, on_campus: bool = False, zone: str = "Europe/Brussels"
) -> Request:
    """Return the request that a teacher starts from: the demand from `first_day` on, weekdays, 8 to 20 h."""
    return Request(
        sessions=demand.sessions,
        minutes=demand.minutes,
        first_day=first_day,
        last_day=first_day + timedelta(days=demand.weeks * WEEK - 1),
        days_apart=demand.days_apart,
        zone=zone,
        on_campus=on_campus,
    )
