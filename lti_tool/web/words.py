"""Kinds of trouble, in words that say what to do next."""

from collections.abc import Mapping

from lti_tool.services.live.fetching import FetchFailure
from lti_tool.services.live.proposal import Impossible, Proposal
from lti_tool.web.translate import _, ngettext
from scheduling.agenda import ProblemKind, UnreadableKind
from scheduling.planner.goals import Goal, Step
from scheduling.planner.problem import Rule


def agenda_words(kind: str) -> str:
    """Return why an agenda could not be fetched or read, and what its owner can do."""
    words = {
        FetchFailure.BAD_ADDRESS.value: _(
            "This is not the address of a calendar. Copy the whole iCal address; it begins with https:// "
            "or webcal://."
        ),
        FetchFailure.FORBIDDEN_TARGET.value: _(
            "This address lies inside a closed network, where Klimop does not look. Use the address that "
            "works "
            "from outside, or upload a file."
        ),
        FetchFailure.NOT_FOUND.value: _(
            "There is no calendar at this address, or it is no longer shared. Share it again in your "
            "calendar "
            "program and paste the new address."
        ),
        FetchFailure.LOGIN_PAGE.value: _(
            "The address asks to log in. In your calendar program, look for the secret or public iCal "
            "address, "
            "which works without logging in."
        ),
        FetchFailure.CERTIFICATE.value: _(
            "The calendar's server cannot prove who it is: its certificate is not in order. Tell your IT "
            "service, "
            "or upload a file meanwhile."
        ),
        FetchFailure.SERVER_TROUBLE.value: _(
            "The calendar's server does not answer as it should. We keep trying; if it stays, tell your IT "
            "service "
            "or upload a file."
        ),
        UnreadableKind.EMPTY.value: _(
            "The calendar is empty. Check that you chose the right one and that it is shared."
        ),
        UnreadableKind.TOO_LARGE.value: _(
            "The calendar is too large: at most 10 MB. Share a calendar without attachments, or only the "
            "coming year."
        ),
        UnreadableKind.TOO_MANY_EVENTS.value: _(
            "The calendar holds too many appointments. Share only the coming year."
        ),
        UnreadableKind.WEB_PAGE.value: _(
            "The address leads to a web page, often one to log in. In your calendar program, look for the "
            "iCal address that works without logging in."
        ),
        UnreadableKind.NOT_A_CALENDAR.value: _(
            "This is not a calendar file. In your calendar program, choose the iCal format (.ics)."
        ),
        UnreadableKind.TRUNCATED.value: _(
            "The calendar breaks off half-way. Try again; if it stays, export it once more."
        ),
        UnreadableKind.TOO_SLOW.value: _(
            "Reading the calendar took too long. Share a smaller one, or only the coming year."
        ),
        UnreadableKind.TOO_MUCH_MEMORY.value: _(
            "The calendar is too complex to read. Share a smaller one, or only the coming year."
        ),
        UnreadableKind.CRASHED.value: _(
            "The calendar could not be read. Export it once more, or share another one."
        ),
    }
    return words[kind]


def problem_words(problem: Mapping[str, object]) -> str:
    """Return what in a readable agenda could not be understood, and how often."""
    count = int(str(problem["count"]))
    words = {
        ProblemKind.NO_TIME: ngettext(
            "%(num)s appointment has no readable time.", "%(num)s appointments have no readable time.", count
        ),
        ProblemKind.UNREADABLE_START: ngettext(
            "%(num)s appointment has no readable beginning.",
            "%(num)s appointments have no readable beginning.",
            count,
        ),
        ProblemKind.UNREADABLE_END: ngettext(
            "%(num)s appointment has no readable end.", "%(num)s appointments have no readable end.", count
        ),
        ProblemKind.UNREADABLE_RULE: ngettext(
            "%(num)s appointment repeats in a way that we cannot read.",
            "%(num)s appointments repeat in a way that we cannot read.",
            count,
        ),
        ProblemKind.SUB_DAILY_RULE: ngettext(
            "%(num)s appointment repeats within a day.", "%(num)s appointments repeat within a day.", count
        ),
        ProblemKind.UNREADABLE_EXCEPTION: ngettext(
            "%(num)s moved or cancelled repetition could not be read.",
            "%(num)s moved or cancelled repetitions could not be read.",
            count,
        ),
        ProblemKind.UNREADABLE_FREE_BUSY: ngettext(
            "%(num)s free/busy period could not be read.",
            "%(num)s free/busy periods could not be read.",
            count,
        ),
        ProblemKind.UNKNOWN_ZONE: ngettext(
            "%(num)s appointment names a time zone that nobody knows; we read it as Belgian time.",
            "%(num)s appointments name a time zone that nobody knows; we read them as Belgian time.",
            count,
        ),
        ProblemKind.TOO_MUCH_WORK: ngettext(
            "%(num)s appointment repeats too often to work out.",
            "%(num)s appointments repeat too often to work out.",
            count,
        ),
        ProblemKind.BROKEN_STRUCTURE: ngettext(
            "%(num)s part of the file is broken.", "%(num)s parts of the file are broken.", count
        ),
    }
    return words[ProblemKind(problem["kind"])]


def impossible_words(found: Impossible) -> str:
    """Return which wish leaves no room for which session, and what to change."""
    number = found.session + 1
    if found.rule == Rule.DAYS_APART.value and found.found:
        return _(
            "The sessions do not fit %(needed)s days apart. With %(found)s days between them they would.",
            needed=found.needed,
            found=found.found,
        )
    words = {
        Rule.WEEKDAY.value: _("Session %(number)s finds no day. Allow more days of the week.", number=number),
        Rule.EXCLUDED_DATE.value: _(
            "Session %(number)s finds public holidays only. Give a longer period.", number=number
        ),
        Rule.HOURS.value: _("Session %(number)s finds no hours. Allow more hours of the day.", number=number),
        Rule.HOSTS.value: _(
            "You are busy at every time at which session %(number)s could be. Allow more hours or days.",
            number=number,
        ),
        Rule.GROUPS.value: _(
            "There is no room for so many groups of session %(number)s. Ask for fewer groups or more hours.",
            number=number,
        ),
    }
    return words.get(
        found.rule,
        _("Session %(number)s finds no time. Give a longer period or ask for fewer sessions.", number=number),
    )


def difference_words(difference: int) -> str:
    """Return what another time would cost."""
    if not difference:
        return _("as many can come")
    if difference > 0:
        return ngettext("%(num)s person more can come", "%(num)s people more can come", difference)
    return ngettext("%(num)s person fewer can come", "%(num)s people fewer can come", -difference)


def attendance_words(proposal: Proposal) -> str:
    """Return how many can come and have a place, at the session of fewest and the session of most."""
    counts = [sum(len(group.seats) for group in session.groups) for session in proposal.sessions]
    fewest, most = min(counts), max(counts)
    if fewest == most:
        return _("%(num)s of %(all)s can take part in each session", num=most, all=proposal.learners)
    return _(
        "%(fewest)s to %(most)s of %(all)s can take part in each session",
        fewest=fewest,
        most=most,
        all=proposal.learners,
    )


def plan_facts(proposal: Proposal) -> list[tuple[str, str]]:
    """Return a proposal's figures with their meaning."""
    attendance = proposal.step(Goal.ATTENDANCE).value
    places = proposal.learners * len(proposal.sessions)
    return [
        (_("Sessions"), str(len(proposal.sessions))),
        (_("Seats that will be filled"), _("%(seats)s of %(all)s", seats=attendance, all=places)),
        (
            _("Most sessions that anyone misses who could come"),
            str(proposal.step(Goal.WORST_SHORTFALL).value),
        ),
    ]


def step_rows(proposal: Proposal) -> list[list[str]]:
    """Return the rows of the table that says how far each aim is proven."""
    return [[_aim(step), str(step.value), str(step.bound)] for step in proposal.steps]


def _aim(step: Step) -> str:
    if step.goal is Goal.PEOPLE_SHORT:
        return ngettext(
            "People who miss %(num)s session that they could attend",
            "People who miss %(num)s sessions or more that they could attend",
            step.level,
        )
    return {
        Goal.WORST_SHORTFALL: _("Most sessions missed by anyone"),
        Goal.ATTENDANCE: _("Seats taken, all sessions together"),
        Goal.TENTATIVE: _("Seats for which someone must move something"),
        Goal.EARLINESS: _("How early the sessions are, in quarters of an hour"),
    }[step.goal]
