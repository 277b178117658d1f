"""What a page says once after something was done; its name is in the address, not in a session."""

from flask import request

from lti_tool.web.translate import _


def notices() -> list[tuple[str, str]]:
    """Return (category, sentence) pairs for the page that is being shown."""
    said = {
        "agenda_connected": ("success", _("Your agenda is connected. Below you see what Klimop understood.")),
        "agenda_kept": ("warning", _("The address is kept. Klimop tries again by itself.")),
        "agenda_later": (
            "info",
            _("Its server is left alone for a while, so Klimop reads it a little later, by itself."),
        ),
        "agenda_changed": ("success", _("Your changes are saved.")),
        "agenda_deleted": ("success", _("That agenda is deleted. We hold nothing of it any more.")),
        "agenda_forgotten": (
            "success",
            _("Everything is deleted. We hold nothing of it any more."),
        ),
        "too_many_agendas": ("error", _("You have as many agendas as there can be. Delete one first.")),
        "preferences_saved": ("success", _("Your wishes are saved.")),
        "week_saved": ("success", _("Your week is saved. Klimop plans around it from now on.")),
        "exception_added": ("success", _("The exception is added.")),
        "exception_removed": ("success", _("The exception is removed.")),
        "feed_replaced": ("success", _("You have a new calendar address. The old one has stopped working.")),
        "cohort_arranged": ("success", _("Your changes are saved.")),
        "admitted": ("success", _("Your colleague is in the team now.")),
        "cohort_closed": ("success", _("The cohort has ended. You can open it again here.")),
        "cohort_reopened": ("success", _("The cohort is open again. Its links open it as before.")),
        "plan_published": (
            "success",
            _("The live sessions are published. They appear in everyone's calendar."),
        ),
        "link_pointed": ("success", _("The link is set. From now on it opens this page.")),
        "institution_saved": ("success", _("The institution is saved.")),
        "invitation_withdrawn": ("success", _("The invitation is withdrawn; its address opens nothing now.")),
        "deployment_approved": ("success", _("Approved: its launches come in from now on.")),
        "deployment_refused": ("success", _("Refused: within a minute its launches come in no longer.")),
        "deployment_given": ("success", _("Saved for launches from now on.")),
        "discriminator_added": ("success", _("Added for launches from now on.")),
        "discriminator_removed": ("success", _("Removed for launches from now on.")),
        "platform_removed": ("success", _("The registration is removed.")),
        "platform_used": ("error", _("People came in through this registration, so it was not removed.")),
        "key_rotated": ("success", _("The new key is published. It signs from tomorrow.")),
        "marks_queued": ("success", _("The marks are on their way again.")),
        "rosters_asked": ("success", _("Your LMS is asked who takes part.")),
        "times_passed": (
            "error",
            _("Some of these times have passed, so nothing was published. Look for new times."),
        ),
    }.get(request.args.get("said", ""))
    return [said] if said else []
