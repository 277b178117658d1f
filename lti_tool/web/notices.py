"""What a page says once after something was done; its name is in the address, not in a session."""

from flask import request

from lti_tool.web.translate import _


def notices() -> list[tuple[str, str]]:
    """Return (category, sentence) pairs for the page that is being shown."""
    said = {
        "agenda_forgotten": ("success", _("Your agenda is deleted. We hold nothing of it any more.")),
        "feed_replaced": ("success", _("You have a new calendar address. The old one has stopped working.")),
        "plan_published": (
            "success",
            _("The live sessions are published. They appear in everyone's calendar."),
        ),
        "times_passed": (
            "error",
            _("Some of these times have passed, so nothing was published. Look for new times."),
        ),
    }.get(request.args.get("said", ""))
    return [said] if said else []
