"""When someone can come at all: the form, and the same in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from lti_tool.web import show
from lti_tool.web.fields import mail_address, number, quarter, read_fields, read_weekdays
from lti_tool.web.translate import _, ngettext
from scheduling.preferences import (
    DAY_MINUTES,
    LONGEST_NOTICE,
    LONGEST_REST,
    LONGEST_TRAVEL,
    Preferences,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class PreferencesForm:
    """What was filled in; `fields` and `days` as typed, `errors` by field name."""

    fields: Mapping[str, str]
    days: tuple[str, ...]
    errors: Mapping[str, str]
    preferences: Preferences | None

    @classmethod
    def starting_from(cls, preferences: Preferences, mail: str) -> "PreferencesForm":
        fields = {
            "hours_from": _clock(preferences.hours_from) if preferences.hours_from else "",
            "hours_until": _clock(preferences.hours_until) if preferences.hours_until < DAY_MINUTES else "",
            "notice": str(preferences.notice // DAY),
            "travel_before": str(preferences.travel_before // MINUTE),
            "travel_after": str(preferences.travel_after // MINUTE),
            "rest": str(preferences.rest // HOUR),
            "mail": mail,
        }
        return cls(fields, tuple(map(str, sorted(preferences.days_never))), {}, preferences)

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> "PreferencesForm":
        filled, days = read_fields(given, _READERS), tuple(given.getlist("days"))
        never, values, errors = read_weekdays(given, "days"), filled.values, filled.errors
        if len(never) == len("0123456"):
            errors["days"] = _("Leave at least one day on which you can come.")
        if not errors and values["hours_from"] >= values["hours_until"]:
            errors["hours_until"] = _("Choose an hour after the first one.")
        if errors:
            return cls(filled.fields, days, errors, None)
        del values["mail"]
        return cls(filled.fields, days, {}, Preferences(**values, days_never=never))


def preference_facts(preferences: Preferences) -> list[tuple[str, str]]:
    """Return what someone's preferences are, as terms with their values."""
    facts = [(_("Hours"), _hours(preferences)), (_("Rest after a night shift"), _rest(preferences))]
    if preferences.days_never:
        names = dict(show.weekdays())
        facts.append((_("Never on"), ", ".join(names[str(day)] for day in sorted(preferences.days_never))))
    if preferences.notice:
        facts.append((_("Notice"), _days(preferences.notice // DAY)))
    before, after = preferences.travel_before // MINUTE, preferences.travel_after // MINUTE
    if before or after:
        facts.append(
            (_("Travel to campus"), _("%(before)s min there, %(after)s min back", before=before, after=after))
        )
    return facts


def _hours(preferences: Preferences) -> str:
    if (preferences.hours_from, preferences.hours_until) == (0, DAY_MINUTES):
        return _("any hour")
    return f"{_clock(preferences.hours_from)}–{_clock(preferences.hours_until)}"


def _rest(preferences: Preferences) -> str:
    hours = preferences.rest // HOUR
    return ngettext("%(num)s hour", "%(num)s hours", hours) if hours else _("not needed")


def _days(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes_after_midnight(text: str, *, empty: int) -> int:
    if not text:
        return empty
    read: time = quarter(text)
    # The midnight that ends a day is written as the one that begins it.
    return read.hour * 60 + read.minute or empty


def _length(most: timedelta, unit: timedelta) -> Callable[[str], timedelta]:
    read = number(0, most // unit)
    return lambda text: read(text or "0") * unit


_READERS: Mapping[str, Callable[[str], Any]] = {
    "hours_from": lambda text: _minutes_after_midnight(text, empty=0),
    "hours_until": lambda text: _minutes_after_midnight(text, empty=DAY_MINUTES),
    "notice": _length(LONGEST_NOTICE, DAY),
    "travel_before": _length(LONGEST_TRAVEL, MINUTE),
    "travel_after": _length(LONGEST_TRAVEL, MINUTE),
    "rest": _length(LONGEST_REST, HOUR),
    "mail": mail_address,
}
