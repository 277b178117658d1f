"""What a teacher chooses to place, as she filled it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from content.module import Module
from content.text import LANGUAGES
from lti_tool.services.placements.joining import LONGEST_NAME, MOST_POINTS, MOST_WEEKS, NewCohort, OpenCohort
from lti_tool.services.placements.placing import Piece, has_marks, pieces_of
from lti_tool.services.study.publishing import Published
from lti_tool.storage.models import Grading, Opens
from lti_tool.web.translate import _

NEW = "new"
DEFAULT_MAXIMUM = "20"
MODULE, LIVE = Opens.MODULE.value, Opens.LIVE.value
FURTHEST_AHEAD = timedelta(days=2 * 365)
FURTHEST_BACK = timedelta(days=365)
# A cohort that began longer ago is seldom the one that a course of today is for.
RECENT = timedelta(weeks=4)
AUTUMN_FROM = 7
FIELDS = ("cohort", "name", "starts_on", "weeks", "grading", "maximum", "titles")


@dataclass(frozen=True)
class Choices:
    """What there is to choose from for one module.

    `institutions` are (slug, name) pairs; `own` is the slug of the teacher's. `takes_many` says whether
    several links can be placed at once.
    """

    published: Published
    cohorts: tuple[OpenCohort, ...]
    institutions: tuple[tuple[str, str], ...]
    own: str
    takes_many: bool
    today: date

    @property
    def module(self) -> Module:
        return self.published.module

    @property
    def earliest(self) -> date:
        """Return the first Monday on which a cohort may have begun."""
        return next_monday(self.today - FURTHEST_BACK)

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        return tuple(one for one in self.institutions if one[0] != self.own)


@dataclass(frozen=True)
class Wish:
    """What to place; `cohort` is None where only the programme's overview is, which is of no cohort."""

    pieces: tuple[Piece, ...]
    cohort: NewCohort | OpenCohort | None
    titles: str


@dataclass(frozen=True)
class PlacingForm:
    """`fields`, `what` and `institutions` as given, `errors` by field name; with errors `wish` is None."""

    fields: Mapping[str, str]
    what: tuple[str, ...]
    institutions: tuple[str, ...]
    errors: Mapping[str, str]
    wish: Wish | None

    @property
    def has_units(self) -> bool:
        return any(code.startswith(f"{Opens.UNIT.value}:") for code in self.what)

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """Everything that was given, as (name, value) pairs."""
        several = [("what", code) for code in self.what]
        several += [("institutions", slug) for slug in self.institutions]
        return (*self.fields.items(), *several)

    @classmethod
    def starting_from(cls, choices: Choices, given: MultiDict[str, str], *, titles: str) -> "PlacingForm":
        """Return the form with what was given, and for the rest what most teachers want."""
        usual = _usual(choices) | {"titles": titles}
        fields = {name: given.get(name, usual[name]) for name in FIELDS}
        what = tuple(given.getlist("what")) or _usual_pieces(choices)
        return cls(fields, what, tuple(given.getlist("institutions")), {}, None)

    @classmethod
    def read(cls, choices: Choices, given: MultiDict[str, str]) -> "PlacingForm":
        fields = {name: given.get(name, "").strip() for name in FIELDS}
        what, institutions = tuple(given.getlist("what")), tuple(given.getlist("institutions"))
        errors: dict[str, str] = {}
        pieces = _read_pieces(choices, what, errors)
        cohort: NewCohort | OpenCohort | None = None
        if any(piece.opens is not Opens.PROGRAMME for piece in pieces):
            cohort = _read_cohort(choices, fields, institutions, errors)
        titles = fields["titles"] if fields["titles"] in LANGUAGES else LANGUAGES[0]
        wish = None if errors else Wish(pieces, cohort, titles)
        return cls(fields, what, institutions, errors, wish)


def code_of(piece: Piece) -> str:
    """Return the word that stands for a piece in the form."""
    return f"{piece.opens.value}:{piece.unit}" if piece.unit else piece.opens.value


def grading_options(module: Module) -> tuple[Grading, ...]:
    """Return what can be sent to a gradebook, most wanted first."""
    if not has_marks(module):
        return (Grading.NOTHING,)
    return (Grading.MODULE, Grading.UNITS, Grading.NOTHING)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def next_monday(today: date) -> date:
    return monday_of(today) + timedelta(weeks=1)


def _usual(choices: Choices) -> dict[str, str]:
    starts_on = next_monday(choices.today)
    recent = [cohort for cohort in choices.cohorts if cohort.starts_on >= choices.today - RECENT]
    return {
        "cohort": recent[0].slug if recent else NEW,
        "name": "",
        "starts_on": starts_on.isoformat(),
        "weeks": str(choices.module.weeks),
        "grading": grading_options(choices.module)[0].value,
        "maximum": DEFAULT_MAXIMUM,
    }


def _usual_pieces(choices: Choices) -> tuple[str, ...]:
    return (MODULE, LIVE) if choices.takes_many and choices.module.live else (MODULE,)


def _season(starts_on: date) -> str:
    if starts_on.month >= AUTUMN_FROM:
        return _("Autumn %(year)s", year=starts_on.year)
    return _("Spring %(year)s", year=starts_on.year)


def _read_pieces(choices: Choices, what: tuple[str, ...], errors: dict[str, str]) -> tuple[Piece, ...]:
    pieces = tuple(piece for piece in pieces_of(choices.module) if code_of(piece) in what)
    if not pieces:
        errors["what"] = _("Choose what to place.")
    elif len(pieces) > 1 and not choices.takes_many:
        errors["what"] = _("Your LMS takes one link at a time. Choose one.")
    return pieces


def _read_cohort(
    choices: Choices, fields: Mapping[str, str], institutions: tuple[str, ...], errors: dict[str, str]
) -> NewCohort | OpenCohort | None:
    if fields["cohort"] == NEW:
        return _read_new_cohort(choices, fields, institutions, errors)
    for cohort in choices.cohorts:
        if cohort.slug == fields["cohort"]:
            return cohort
    errors["cohort"] = _("Choose a cohort, or start one.")
    return None


def _read_new_cohort(
    choices: Choices, fields: Mapping[str, str], institutions: tuple[str, ...], errors: dict[str, str]
) -> NewCohort | None:
    starts_on = _read_monday(fields["starts_on"], choices.today, errors)
    name = fields["name"] or _season(starts_on)
    if len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = _("Give a name of at most %(most)s characters.", most=LONGEST_NAME)
    weeks = _read_number("weeks", fields["weeks"], MOST_WEEKS, errors)
    grading = next((one for one in grading_options(choices.module) if one == fields["grading"]), None)
    if grading is None:
        errors["grading"] = _("Choose what goes to the gradebook.")
    maximum = (
        1 if grading is Grading.NOTHING else _read_number("maximum", fields["maximum"], MOST_POINTS, errors)
    )
    if not set(institutions) <= {slug for slug, _name in choices.institutions}:
        errors["institutions"] = _("Choose from the institutions in the list.")
    if errors or grading is None:
        return None
    return NewCohort(
        name=name,
        starts_on=starts_on,
        weeks=None if weeks == choices.module.weeks else weeks,
        institutions=tuple(sorted({choices.own, *institutions})),
        grading=grading,
        maximum=float(maximum),
    )


def _read_monday(text: str, today: date, errors: dict[str, str]) -> date:
    """Return the Monday of the week of the day that is given."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["starts_on"] = _("Give a date.")
        return today
    if not today - FURTHEST_BACK <= day <= today + FURTHEST_AHEAD:
        errors["starts_on"] = _("Choose a day from a year ago to within two years.")
        return today
    return monday_of(day)


def _read_number(name: str, text: str, most: int, errors: dict[str, str]) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        errors[name] = _("Give a whole number from %(least)s to %(most)s.", least=1, most=most)
        return 1
    return int(text)
