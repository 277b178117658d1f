"""What a change of a cohort's arrangement brings about, in words."""

from functools import singledispatch

from babel.lists import format_list
from flask_babel import format_decimal, get_locale

from lti_tool.services.cohorts.consequences import (
    CatchingUp,
    Closing,
    Consequence,
    DueAdded,
    DueDropped,
    DueMoved,
    FallingBehind,
    GradingChanged,
    Invited,
    LeftOut,
    MaximumChanged,
    Opening,
    OpeningMoved,
    PassMarkChanged,
    Renamed,
    SessionsStay,
)
from lti_tool.storage.models import Grading
from lti_tool.web.translate import _, ngettext


def consequence_words(consequence: Consequence) -> str:
    """Return whole sentences that say what changes, and for whom."""
    return _words(consequence)


@singledispatch
def _words(consequence: object) -> str:
    raise TypeError(f"there are no words for {consequence!r}")


@_words.register
def _renamed(change: Renamed) -> str:
    return _(
        "The cohort is called “%(name)s”. Titles of links in your courses stay as they are.",
        name=change.after,
    )


@_words.register
def _opening_moved(change: OpeningMoved) -> str:
    what = ngettext(
        "Unit %(units)s opens %(shift)s",
        "Units %(units)s open %(shift)s",
        len(change.units),
        units=_list(change.units),
        shift=_shift(*change.shift),
    )
    return _("%(what)s, for %(whom)s.", what=what, whom=_learners(change.learners))


@_words.register
def _closing(change: Closing) -> str:
    what = ngettext(
        "Unit %(units)s, which is open today, closes",
        "Units %(units)s, which are open today, close",
        len(change.units),
        units=_list(change.units),
    )
    sentence = _("%(what)s, for %(whom)s.", what=what, whom=_learners(change.learners))
    if not change.begun:
        return sentence
    begun = ngettext(
        "%(num)s of them has begun in it; that work is kept.",
        "%(num)s of them have begun in it; that work is kept.",
        change.begun,
    )
    return f"{sentence} {begun}"


@_words.register
def _opening(change: Opening) -> str:
    what = ngettext(
        "Unit %(units)s opens at once",
        "Units %(units)s open at once",
        len(change.units),
        units=_list(change.units),
    )
    return _("%(what)s, for %(whom)s.", what=what, whom=_learners(change.learners))


@_words.register
def _due_moved(change: DueMoved) -> str:
    return ngettext(
        "Unit %(units)s is due %(shift)s.",
        "Units %(units)s are due %(shift)s.",
        len(change.units),
        units=_list(change.units),
        shift=_shift(*change.shift),
    )


@_words.register
def _due_added(change: DueAdded) -> str:
    return ngettext(
        "Unit %(units)s gets a due date.",
        "Units %(units)s get a due date.",
        len(change.units),
        units=_list(change.units),
    )


@_words.register
def _due_dropped(change: DueDropped) -> str:
    return ngettext(
        "Unit %(units)s has no due date any more.",
        "Units %(units)s have no due date any more.",
        len(change.units),
        units=_list(change.units),
    )


@_words.register
def _falling_behind(change: FallingBehind) -> str:
    return ngettext(
        "%(num)s learner who is on time is behind from now on.",
        "%(num)s learners who are on time are behind from now on.",
        change.learners,
    )


@_words.register
def _catching_up(change: CatchingUp) -> str:
    return ngettext(
        "%(num)s learner who is behind is on time again.",
        "%(num)s learners who are behind are on time again.",
        change.learners,
    )


@_words.register
def _sessions_stay(change: SessionsStay) -> str:
    return ngettext(
        "%(num)s live session is planned and does not move by itself. Plan again for another time.",
        "%(num)s live sessions are planned and do not move by themselves. Plan again for other times.",
        change.sessions,
    )


@_words.register
def _pass_mark_changed(change: PassMarkChanged) -> str:
    if change.after is None:
        return _("There is no pass mark any more.")
    sentences = [
        _(
            "Learners pass from %(share)s %% of the points.",
            share=format_decimal(round(change.after * 100, 1)),
        )
    ]
    if change.passing:
        sentences.append(
            ngettext(
                "%(num)s learner who did not pass so far does now.",
                "%(num)s learners who did not pass so far do now.",
                change.passing,
            )
        )
    if change.failing:
        sentences.append(
            ngettext(
                "%(num)s learner who passed so far does not any more.",
                "%(num)s learners who passed so far do not any more.",
                change.failing,
            )
        )
    return " ".join(sentences)


@_words.register
def _grading_changed(change: GradingChanged) -> str:
    courses = _courses(change.courses)
    what = {
        Grading.MODULE: _(
            "One mark for the whole module goes to the gradebook of %(courses)s.", courses=courses
        ),
        Grading.UNITS: _("A column for each unit is added to the gradebook of %(courses)s.", courses=courses),
        Grading.NOTHING: _("No marks are sent any more to the gradebook of %(courses)s.", courses=courses),
    }[change.after]
    if change.before is Grading.NOTHING:
        return what
    gone = _("Columns that Klimop made there before are deleted; columns that came with a link stay.")
    return f"{what} {gone}"


@_words.register
def _maximum_changed(change: MaximumChanged) -> str:
    return _(
        "Marks count out of %(maximum)s, and are sent again to the gradebook of %(courses)s.",
        maximum=format_decimal(change.after),
        courses=_courses(change.courses),
    )


@_words.register
def _invited(change: Invited) -> str:
    return ngettext(
        "%(names)s takes part: its teachers can place links to this cohort.",
        "%(names)s take part: their teachers can place links to this cohort.",
        len(change.institutions),
        names=_list(change.institutions),
    )


@_words.register
def _left_out(change: LeftOut) -> str:
    sentence = ngettext(
        "%(names)s does not take part any more.",
        "%(names)s do not take part any more.",
        len(change.institutions),
        names=_list(change.institutions),
    )
    if not change.links:
        return sentence
    links = ngettext(
        "%(num)s link in its courses opens nothing from now on.",
        "%(num)s links in their courses open nothing from now on.",
        change.links,
    )
    return f"{sentence} {links}"


def _learners(count: int) -> str:
    return ngettext("%(num)s learner", "%(num)s learners", count)


def _courses(count: int) -> str:
    return ngettext("%(num)s course", "%(num)s courses", count)


def _shift(least: int, most: int) -> str:
    """Return by how much something moves: "2 weeks later", "1 to 5 days earlier"."""
    days = 1 if least % 7 or most % 7 else 7
    count = abs(most) // days
    span = str(count) if least == most else _("%(least)s to %(most)s", least=abs(least) // days, most=count)
    if most > 0 and days == 7:
        return ngettext("%(span)s week later", "%(span)s weeks later", count, span=span)
    if most > 0:
        return ngettext("%(span)s day later", "%(span)s days later", count, span=span)
    if days == 7:
        return ngettext("%(span)s week earlier", "%(span)s weeks earlier", count, span=span)
    return ngettext("%(span)s day earlier", "%(span)s days earlier", count, span=span)


def _list(items: tuple[object, ...]) -> str:
    """Return "1, 2 and 3" in the reader's language."""
    return str(format_list([str(item) for item in items], locale=get_locale()))
