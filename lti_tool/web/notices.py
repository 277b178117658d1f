"""What a page says once after something was done; its name is in the address, not in a session."""

from flask import request

from lti_tool.web.translate import _


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
