"""What is the matter with an agenda, in words that say what to do next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from lti_tool.services.agendas.fetching import FetchFailure
from lti_tool.services.agendas.sources import Source
from lti_tool.storage.models import AgendaKind
from lti_tool.web.translate import _, ngettext
from scheduling.agenda import ProblemKind, UnreadableKind

WORST_FIRST = ("unreadable", "stale", "unread", "ended", "old", "fresh")


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
        FetchFailure.UNKNOWN_HOST.value: _(
            "There is no server of this name. Look for a typing error, or copy the address once more."
        ),
        FetchFailure.LOST_ADDRESS.value: _(
            "Klimop can no longer open the address that you gave. Give it once more."
        ),
        FetchFailure.SERVER_SLOW.value: _(
            "The calendar's server takes too long to answer. Try again later; if it stays, tell your IT "
            "service or upload a file."
        ),
        FetchFailure.SERVER_BUSY.value: _("The calendar's server is too busy and asks to come back later."),
        FetchFailure.SERVER_TROUBLE.value: _(
            "The calendar's server does not answer as it should. Try again later; if it stays, tell your IT "
            "service or upload a file."
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


def file_words(kind: UnreadableKind) -> str:
    """Return why an uploaded file could not be read, and what its owner can do."""
    if kind is UnreadableKind.WEB_PAGE:
        return _("This file is a web page. In your calendar program, choose to export as iCal (.ics).")
    return agenda_words(kind.value)


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


def source_status(source: Source, now: datetime) -> str:
    """Return the name of the pill that says how fresh an agenda is."""
    if source.failure is not None:
        return "unreadable" if source.read_at is None else "stale"
    if source.read_at is None:
        return "unread"
    if source.is_unread_for_long(now):
        return "stale"
    if source.has_run_out(now):
        return "ended"
    if source.kind is AgendaKind.PAINTED:
        return "painted"
    return "old" if source.is_old(now) else "fresh"


def freshness(sources: Sequence[Source], now: datetime) -> str:
    """Return the pill of the agenda that is worst off."""
    found = {source_status(source, now) for source in sources}
    return next(status for status in (*WORST_FIRST, *found) if status in found)


def source_name(source: Source) -> str:
    """Return the owner's own name for an agenda, or else what it is."""
    if source.handling.label:
        return source.handling.label
    if source.kind is AgendaKind.ADDRESS:
        return source.host or _("An address")
    return _("An uploaded file") if source.kind is AgendaKind.FILE else _("The week that you painted")
