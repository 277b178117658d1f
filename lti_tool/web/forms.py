"""Forms: what was filled in, what is wrong with it, and the value that it stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from lti_tool.web.fields import day, number, one_of, quarter, read_fields, read_weekdays
from lti_tool.web.translate import _
from lti_tool.zone import ZONE
from scheduling.demand import Request

T = TypeVar("T")

MOST_SESSIONS = 30
MOST_GROUPS = 6
LONGEST_HORIZON = 200
FURTHEST_AHEAD = timedelta(days=2 * 365)


@dataclass(frozen=True)
class PlanForm:
    """A teacher's wishes for the live sessions; `fields` and `days` are as typed, `errors` by field name."""

    fields: Mapping[str, str]
    days: tuple[str, ...]
    errors: Mapping[str, str]
    request: Request | None

    @classmethod
    def starting_from(cls, request: Request) -> "PlanForm":
        fields = {
            "sessions": str(request.sessions),
            "minutes": str(request.minutes),
            "first_day": request.first_day.isoformat(),
            "last_day": request.last_day.isoformat(),
            "hours_from": request.hours_from.isoformat("minutes"),
            "hours_until": request.hours_until.isoformat("minutes"),
            "on_campus": "campus" if request.on_campus else "online",
            "days_apart": str(request.days_apart),
            "groups": str(request.groups),
            "capacity": "" if request.capacity is None else str(request.capacity),
        }
        return cls(fields, tuple(str(day) for day in sorted(request.weekdays)), {}, request)

    @classmethod
    def read(cls, given: MultiDict[str, str], *, today: date) -> "PlanForm":
        filled, days = read_fields(given, _READERS), tuple(given.getlist("days"))
        weekdays, errors = read_weekdays(given, "days"), filled.errors
        if not weekdays:
            errors["days"] = _("Choose at least one day.")
        errors |= _contradictions(filled.values, today)
        if errors:
            return cls(filled.fields, days, errors, None)
        return cls(filled.fields, days, {}, Request(**filled.values, weekdays=weekdays, zone=ZONE.key))


def _contradictions(values: Mapping[str, Any], today: date) -> dict[str, str]:
    """Return what is wrong between fields that are each right by themselves."""
    errors = {}
    first, last = values.get("first_day"), values.get("last_day")
    begin, end = values.get("hours_from"), values.get("hours_until")
    minutes = values.get("minutes")
    if isinstance(first, date) and first <= today:
        errors["first_day"] = _("Choose a day after today, so that people know in time.")
    if isinstance(first, date) and first > today + FURTHEST_AHEAD:
        errors["first_day"] = _("Choose a day within two years.")
    if isinstance(first, date) and isinstance(last, date):
        if last < first:
            errors["last_day"] = _("Choose a day after the first day.")
        elif (last - first).days > LONGEST_HORIZON:
            errors["last_day"] = _("Choose a period of at most %(days)s days.", days=LONGEST_HORIZON)
    if isinstance(begin, time) and isinstance(end, time) and isinstance(minutes, int):
        room = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        if room < minutes:
            errors["hours_until"] = _(
                "A session of %(minutes)s minutes does not fit between these hours.", minutes=minutes
            )
    return errors


def _optional(reader: Callable[[str], T]) -> Callable[[str], T | None]:
    return lambda text: reader(text) if text else None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "sessions": number(1, MOST_SESSIONS),
    "minutes": number(15, 480),
    "first_day": day,
    "last_day": day,
    "hours_from": quarter,
    "hours_until": quarter,
    "on_campus": one_of({"online": False, "campus": True}),
    "days_apart": number(1, 60),
    "groups": number(1, MOST_GROUPS),
    "capacity": _optional(number(1, 500)),
}
