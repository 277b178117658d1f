"""Why a gradebook or a roster does not take part, in words that say what to do next."""

from lti_tool.services.gradebooks.column_service import NO_SERVICE
from lti_tool.web.translate import _

# What OAuth says where a registration lacks a right (RFC 6749, section 5.2), and what services say then.
RIGHTS = ("401", "403", "invalid_scope", "invalid_client", "unauthorized_client", "access_denied")


def mark_refusal(code: str) -> str:
    """Return why a mark was refused."""
    if code in RIGHTS:
        return _("The LMS gives Klimop no right to send marks. Ask whoever looks after your LMS.")
    words = {
        "400": _("The LMS does not know this learner in the course, or knows her as a teacher."),
        "404": _("The column is gone from the gradebook. Place the link again, or make the column anew."),
        "410": _("The column is gone from the gradebook. Place the link again, or make the column anew."),
        "409": _("The gradebook holds a newer mark, filled in by someone else. Send again to replace it."),
        "413": _("The LMS finds what we send too large. Tell whoever looks after your LMS."),
        "422": _("The LMS does not take this mark. Look at the column's settings in the gradebook."),
    }
    return words.get(code) or _("The LMS refuses this mark and does not say why (code %(code)s).", code=code)


def column_refusal(code: str) -> str:
    """Return why a column could not be made, changed or deleted."""
    if code in RIGHTS:
        return _(
            "The LMS does not let Klimop make columns. Place a link that is graded, or ask whoever looks "
            "after your LMS."
        )
    words = {
        NO_SERVICE: _("This course does not let tools make columns. Place a link that is graded."),
        "404": _("The column was deleted in the gradebook. Send again to make it anew."),
        "410": _("The column was deleted in the gradebook. Send again to make it anew."),
    }
    return words.get(code) or _(
        "The LMS refuses this column and does not say why (code %(code)s).", code=code
    )


def roster_failure(code: str) -> str:
    """Return why nobody could be read from a roster."""
    if code in RIGHTS:
        return _("The LMS does not let Klimop read who takes part. Ask whoever looks after your LMS.")
    if code.isdigit():
        return _("The LMS refuses to tell who takes part (code %(code)s). We ask again tomorrow.", code=code)
    return _("The LMS does not answer as it should. We keep trying; nobody is removed meanwhile.")
