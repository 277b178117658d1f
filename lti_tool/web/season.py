"""The weeks of a plan with its sessions on their days, ready to be drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date

from lti_tool.services.live.proposal import Proposal
from lti_tool.zone import ZONE
from scheduling.demand import Request


@dataclass(frozen=True)
class Season:
    """A row for each weekday, and for each week the month that begins and a cell a row.

    A cell is the number of the session on that day, "" for a day without one, or None outside the period.
    """

    weekdays: tuple[str, ...]
    weeks: tuple[tuple[str, tuple[str | None, ...]], ...]


def season(proposal: Proposal, request: Request) -> Season:
    weekdays = sorted(request.weekdays)
    numbers = dict(_numbers(proposal))
    first_monday = _monday(request.first_day)
    count = (_monday(request.last_day) - first_monday).days // 7 + 1
    mondays = [first_monday + timedelta(weeks=week) for week in range(count)]
    return Season(
        weekdays=tuple(format_date(first_monday + timedelta(days=day), "EEE") for day in weekdays),
        weeks=tuple(
            (
                format_date(monday, "MMM") if monday.day <= 7 else "",
                tuple(_cell(monday + timedelta(days=day), request, numbers) for day in weekdays),
            )
            for monday in mondays
        ),
    )


def _numbers(proposal: Proposal) -> Iterator[tuple[date, str]]:
    for number, session in enumerate(proposal.sessions, start=1):
        for group in session.groups:
            yield group.start.astimezone(ZONE).date(), str(number)


def _cell(day: date, request: Request, numbers: dict[date, str]) -> str | None:
    if not request.first_day <= day <= request.last_day:
        return None
    return numbers.get(day, "")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
