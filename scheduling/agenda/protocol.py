"""What parent and child say to each other: a line of JSON and the kept lines; back comes one JSON object."""

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduling.agenda.reading import AgendaUnreadableError, Problem, ProblemKind, Reading, UnreadableKind
from scheduling.interval import Interval


@dataclass(frozen=True)
class Limits:
    """What a child may use: processor and wall clock seconds, and bytes of address space."""

    cpu_seconds: int = 5
    wall_seconds: float = 6
    memory_bytes: int = 2**30

    def __post_init__(self) -> None:
        if min(self.cpu_seconds, self.wall_seconds, self.memory_bytes) <= 0:
            raise ValueError("limits are above zero")


@dataclass(frozen=True)
class Request:
    """What to read an agenda for, and within which limits."""

    window: Interval
    zone: ZoneInfo
    treat_all_as_busy: bool
    ignore_all_day: bool
    limits: Limits

    def __post_init__(self) -> None:
        if not self.zone.key:
            raise ValueError("a zone without a name cannot be handed to another process")


def write_request(request: Request) -> bytes:
    """Return the request as a line."""
    values = {
        "window": _pair(request.window),
        "zone": request.zone.key,
        "treat_all_as_busy": request.treat_all_as_busy,
        "ignore_all_day": request.ignore_all_day,
        "limits": vars(request.limits),
    }
    return json.dumps(values).encode() + b"\n"


def read_request(line: bytes) -> Request:
    """Return the request that write_request wrote."""
    values = json.loads(line)
    return Request(
        window=_interval(values["window"]),
        zone=ZoneInfo(values["zone"]),
        treat_all_as_busy=values["treat_all_as_busy"],
        ignore_all_day=values["ignore_all_day"],
        limits=Limits(**values["limits"]),
    )


def write_reading(reading: Reading) -> str:
    """Return the answer of a child that could read the agenda."""
    return json.dumps(
        {
            "busy": [_pair(interval) for interval in reading.busy],
            "tentative": [_pair(interval) for interval in reading.tentative],
            "unknown": [_pair(interval) for interval in reading.unknown],
            "problems": [[problem.kind.value, problem.count] for problem in reading.problems],
            "events": reading.events,
        }
    )


def write_error(kind: UnreadableKind) -> str:
    """Return the answer of a child that could not."""
    return json.dumps({"unreadable": kind.value})


def read_answer(text: bytes) -> Reading:
    """Return the reading in a child's answer; raises AgendaUnreadableError where the answer is an error."""
    answer = json.loads(text)
    if "unreadable" in answer:
        raise AgendaUnreadableError(UnreadableKind(answer["unreadable"]))
    return Reading(
        busy=_intervals(answer["busy"]),
        tentative=_intervals(answer["tentative"]),
        unknown=_intervals(answer["unknown"]),
        problems=tuple(Problem(ProblemKind(kind), count) for kind, count in answer["problems"]),
        events=answer["events"],
    )


def _pair(interval: Interval) -> list[str]:
    return [interval.start.isoformat(), interval.end.isoformat()]


def _interval(pair: list[str]) -> Interval:
    return Interval(datetime.fromisoformat(pair[0]), datetime.fromisoformat(pair[1]))


def _intervals(pairs: list[list[str]]) -> tuple[Interval, ...]:
    return tuple(_interval(pair) for pair in pairs)
