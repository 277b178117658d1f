"""What a page says once after something was done: named in the address, so that no session has to carry it."""

from flask import request
from flask_babel import gettext as _


def notices() -> list[tuple[str, str]]:
    """Return (category, sentence) pairs for the page that is being shown."""
    sentences = {
        "agenda_forgotten": _("Your agenda is deleted. We hold nothing of it any more."),
        "feed_replaced": _("You have a new calendar address. The old one has stopped working."),
        "plan_published": _("The live sessions are published. They appear in everyone's calendar."),
        "cohort_chosen": _("This link now opens the module below."),
    }
    said = sentences.get(request.args.get("said", ""))
    return [("success", said)] if said else []
