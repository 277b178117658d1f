"""Kinds of trouble, in words that say what to do next."""

from lti_tool.services.live.proposal import Impossible, Proposal
from lti_tool.web.translate import _, ngettext
from scheduling.planner.goals import Goal, Step
from scheduling.planner.problem import Rule


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
        Goal.LEAST_ATTENDED: _("Sessions of whoever attends fewest"),
        Goal.WORST_SHORTFALL: _("Most sessions missed by anyone"),
        Goal.ATTENDANCE: _("Seats taken, all sessions together"),
        Goal.MUST_ATTEND: _("Sessions missed by those who must attend"),
        Goal.TENTATIVE: _("Seats for which someone must move something"),
        Goal.MIXING: _("Employers and institutions that meet, all groups together"),
        Goal.CHANGES: _("Groups that move from their published time"),
        Goal.EARLINESS: _("How early the sessions are, in quarters of an hour"),
    }[step.goal]
