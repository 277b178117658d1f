"""How a cohort is to be run, as its team filled it in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from content.checked import Refused
from content.module import Module, Unit
from content.schedule import MOST_WEEKS, Chosen, Schedule
from lti_tool.services.cohorts.configuring import LONGEST_NAME, MOST_POINTS, Arrangement, PossiblePartner
from lti_tool.services.placements.placing import has_marks
from lti_tool.storage.models import Grading
from lti_tool.web.fields import BadFieldError, day, number, one_of
from lti_tool.web.translate import _

POINTS = re.compile(r"[0-9]{1,4}([.,][0-9]{1,2})?")
WEEKLY, AT_ONCE = "weekly", "at_once"
YES, NO = "yes", "no"
FURTHEST = timedelta(days=2 * 365)
FIELDS = ("name", "starts_on", "weeks", "unlocking", "due_dates", "pass_mark", "grading", "maximum")


@dataclass(frozen=True)
class Choices:
    """What there is to choose from; `staying` are the slugs of institutions that cannot be left out."""

    today: date
    module: Module
    partners: tuple[PossiblePartner, ...]
    staying: frozenset[str]

    @property
    def has_marks(self) -> bool:
        return has_marks(self.module)


@dataclass(frozen=True)
class CohortForm:
    """`fields` and `institutions` are as given, `errors` by field name; `arrangement` is None with errors."""

    fields: Mapping[str, str]
    institutions: tuple[str, ...]
    errors: Mapping[str, str]
    arrangement: Arrangement | None

    @property
    def has_unit_dates(self) -> bool:
        return any(value for name, value in self.fields.items() if name.startswith(("opens-", "due-")))

    @classmethod
    def starting_from(cls, arrangement: Arrangement) -> "CohortForm":
        schedule = arrangement.schedule
        share = arrangement.pass_share
        fields = {
            "name": arrangement.name,
            "starts_on": schedule.starts_on.isoformat(),
            "weeks": str(schedule.weeks or schedule.module.weeks),
            "unlocking": WEEKLY if schedule.unlocks_weekly else AT_ONCE,
            "due_dates": YES if schedule.has_due_dates else NO,
            "pass_mark": "" if share is None else f"{round(share * arrangement.maximum, 2):g}",
            "grading": arrangement.grading.value,
            "maximum": f"{arrangement.maximum:g}",
        }
        for unit in schedule.module.units:
            chosen = schedule.chosen.get(unit.id, Chosen())
            fields[f"opens-{unit.id}"] = chosen.opens.isoformat() if chosen.opens else ""
            fields[f"due-{unit.id}"] = chosen.due.isoformat() if chosen.due else ""
        return cls(fields, tuple(sorted(arrangement.institutions)), {}, arrangement)

    @classmethod
    def read(cls, given: MultiDict[str, str], choices: Choices) -> "CohortForm":
        names = [
            *FIELDS,
            *(f"{kind}-{unit.id}" for unit in choices.module.units for kind in ("opens", "due")),
        ]
        fields = {name: given.get(name, "").strip() for name in names}
        known = {partner.slug for partner in choices.partners}
        institutions = tuple(sorted(choices.staying | (known & set(given.getlist("institutions")))))
        reading = _Reading(fields, choices)
        arrangement = reading.arrangement(frozenset(institutions))
        return cls(fields, institutions, reading.errors, arrangement)


class _Reading:
    """The fields on their way to an arrangement, and what is wrong with them."""

    def __init__(self, fields: Mapping[str, str], choices: Choices) -> None:
        self.fields, self.choices = fields, choices
        self.errors: dict[str, str] = {}

    def arrangement(self, institutions: frozenset[str]) -> Arrangement | None:
        name = self._value("name", _name)
        grading = self._value("grading", one_of({one.value: one for one in Grading}))
        maximum = self._value("maximum", _points)
        pass_mark = self._value("pass_mark", _points) if self.fields["pass_mark"] else None
        if maximum and pass_mark and pass_mark > maximum:
            self.errors["pass_mark"] = _("The pass mark cannot be more than the maximum of a mark.")
        if not institutions:
            self.errors["institutions"] = _("Choose at least one institution.")
        schedule = self._schedule()
        if self.errors or schedule is None:
            return None
        return Arrangement(
            name=name,
            schedule=schedule,
            pass_share=pass_mark / maximum if pass_mark else None,
            grading=grading,
            maximum=maximum,
            institutions=institutions,
        )

    def _schedule(self) -> Schedule | None:
        module = self.choices.module
        starts_on = self._value("starts_on", day)
        if starts_on and abs(starts_on - self.choices.today) > FURTHEST:
            self.errors["starts_on"] = _("Choose a day within two years.")
        weeks = self._value("weeks", number(1, MOST_WEEKS))
        weekly = self._value("unlocking", one_of({WEEKLY: True, AT_ONCE: False}))
        due_dates = self._value("due_dates", one_of({YES: True, NO: False}))
        if starts_on is None:
            return None
        chosen = {unit.id: self._chosen(unit, starts_on) for unit in module.units}
        if self.errors:
            return None
        try:
            return Schedule(
                module=module,
                starts_on=starts_on - timedelta(starts_on.weekday()),
                weeks=None if weeks == module.weeks else weeks,
                unlocks_weekly=weekly,
                has_due_dates=due_dates,
                chosen={unit_id: dates for unit_id, dates in chosen.items() if dates != Chosen()},
            )
        except Refused as refused:
            for finding in refused.findings:
                self._due_too_early(str(finding.at[1]))
            return None

    def _chosen(self, unit: Unit, starts_on: date) -> Chosen:
        dates = {kind: self._date(f"{kind}-{unit.id}", starts_on) for kind in ("opens", "due")}
        try:
            return Chosen(**dates)
        except Refused:
            self._due_too_early(unit.id)
            return Chosen()

    def _date(self, name: str, starts_on: date) -> date | None:
        chosen: date | None = self._value(name, day) if self.fields[name] else None
        if chosen and abs(chosen - starts_on) > FURTHEST:
            self.errors[name] = _("Choose a day within two years of the start.")
        return chosen

    def _due_too_early(self, unit_id: str) -> None:
        self.errors[f"due-{unit_id}"] = _("This unit would be due before it opens.")

    def _value(self, name: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(self.fields[name])
        except BadFieldError as error:
            self.errors[name] = error.sentence
            return None


def _name(text: str) -> str:
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise BadFieldError(_("Give a name of at most %(most)s characters.", most=LONGEST_NAME))
    return text


def _points(text: str) -> float:
    """Return points as people write them: "10", "12,5"."""
    if not POINTS.fullmatch(text):
        raise BadFieldError(_("Give a number such as 10 or 12.5."))
    points = float(text.replace(",", "."))
    if not 0 < points <= MOST_POINTS:
        raise BadFieldError(_("Give a number from %(least)s to %(most)s.", least=1, most=MOST_POINTS))
    return points
