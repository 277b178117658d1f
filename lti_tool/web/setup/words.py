"""Plugging in, in words: what is asked and why, what is missing and what to do."""

from flask_babel import force_locale

from lti_tool.lti.abilities import Ability
from lti_tool.lti.platform_offer import CannotRegisterError, RegistrationFlaw
from lti_tool.lti.tool_description import ToolDescription
from lti_tool.services.launches.targets import HISTORY
from lti_tool.services.platforms.inviting import InvitationFlaw
from lti_tool.web.errors import Words
from lti_tool.web.i18n import LANGUAGES
from lti_tool.web.state import settings
from lti_tool.web.translate import _, _l

INVITATION_WORDS = {
    InvitationFlaw.UNKNOWN: Words(
        _l("We do not know this registration address"),
        _l("Check that you copied the whole address, or ask the Klimop team for a new one."),
    ),
    InvitationFlaw.USED: Words(
        _l("This registration address was used already"),
        _l(
            "It works once. If Klimop is not in your LMS yet, or you want to register again, ask the Klimop "
            "team for a new one."
        ),
    ),
    InvitationFlaw.EXPIRED: Words(
        _l("This registration address has expired"),
        _l("Ask the Klimop team for a new one; it works for a week."),
    ),
}
TAKEN = Words(
    _l("This LMS is registered already"),
    _l(
        "Klimop knows this platform and client ID already, for another institution or with other addresses. "
        "Nothing has changed here. Ask the Klimop team; in your LMS, remove the tool that was just added."
    ),
)
NOT_SEALED = Words(
    _l("This page has expired"),
    _l("Nothing was registered. Open the registration address in your LMS again."),
)


def flaw_words(error: CannotRegisterError) -> Words:
    """Return why a platform and Klimop cannot register, and what its administrator can do."""
    title = _("Klimop and your LMS could not register with each other")
    texts = {
        RegistrationFlaw.UNREACHABLE: _(
            "Your LMS did not answer Klimop as it should. Check that it can be reached from outside your "
            "network, and start again in your LMS."
        ),
        RegistrationFlaw.UNREADABLE: _(
            "What your LMS answered is not what the standard asks for. Start again in your LMS, or plug "
            "Klimop in by hand."
        ),
        RegistrationFlaw.MISSING: _(
            "Your LMS leaves out something that the standard asks for; it is named below. Plug Klimop in by "
            "hand instead."
        ),
        RegistrationFlaw.INVALID: _(
            "Something that your LMS says does not follow the standard; it is named below. Plug Klimop in by "
            "hand instead."
        ),
        RegistrationFlaw.FORBIDDEN: _(
            "Klimop calls only addresses that begin with https:// and work from outside your network. The "
            "one below does not."
        ),
        RegistrationFlaw.FOREIGN: _(
            "The address of your LMS's configuration belongs to another site than the LMS that it describes. "
            "Start again in your LMS itself."
        ),
        RegistrationFlaw.REFUSED: _(
            "Your LMS refused the registration; what it says is below. Often the registration was open for "
            "too long: start again in your LMS."
        ),
    }
    return Words(title, texts[error.flaw])


def ability_words(ability: Ability) -> Words:
    """Return what an ability is called and what it is for."""
    return {
        Ability.NAMES: Words(
            _("Names"), _("So that teachers recognise their learners. Klimop asks no e-mail addresses.")
        ),
        Ability.PICKER: Words(
            _("Choosing content"), _("Teachers choose inside your LMS which module they place.")
        ),
        Ability.SCORES: Words(_("Marks"), _("Marks arrive in the gradebook of the course.")),
        Ability.COLUMNS: Words(
            _("Gradebook columns"), _("Klimop makes the columns for what a teacher wants graded.")
        ),
        Ability.RESULTS: Words(
            _("Reading marks back"),
            _("Klimop compares what it sent with what the gradebook says, and tells the teacher."),
        ),
        Ability.ROSTER: Words(
            _("List of learners"), _("Who has not opened Klimop yet is shown as not started.")
        ),
        Ability.GROUPS: Words(_("Groups"), _("Teachers see their learners by the groups of your LMS.")),
        Ability.NOTICES: Words(
            _("News of copied courses"), _("Klimop repairs the links in a course that was copied.")
        ),
    }[ability]


def lack_words(ability: Ability) -> str:
    """Return what people will notice without an ability, and what an LMS's administrator can do."""
    return {
        Ability.NAMES: _(
            "Without names teachers see numbers. In the tool's privacy settings, let your LMS share the name."
        ),
        Ability.PICKER: _(
            "Without it teachers place an ordinary link and choose the module when they first open it. "
            "Switch deep linking on if your LMS has it."
        ),
        Ability.SCORES: _(
            "Without it no mark arrives in your LMS. Switch on the Assignment and Grade Services for this "
            "tool."
        ),
        Ability.COLUMNS: _(
            "Without it only links that bring a column of their own can be graded. Let the tool manage "
            "columns."
        ),
        Ability.RESULTS: _("Without it nobody is told when a mark is changed in your LMS by hand."),
        Ability.ROSTER: _(
            "Without it Klimop knows people only once they have opened it. Switch on the Names and Role "
            "Provisioning Services for this tool."
        ),
        Ability.GROUPS: _("Without it learners are listed without their groups."),
        Ability.NOTICES: _("Without it links in a copied course are repaired when someone opens them."),
    }[ability]


def next_step(family: str) -> str:
    """Return what is left to do in an LMS after its registration."""
    return {
        "moodle": _(
            "In Moodle's list of tools, activate Klimop. Then teachers find it among the activities."
        ),
        "canvas": _("In Canvas, look the settings through, switch the app on and say for which accounts."),
        "blackboard": _(
            "In Blackboard's administrator panel, open the LTI tool providers, register the client ID that "
            "is shown here and approve it."
        ),
        "brightspace": _(
            "In Brightspace, enable the registration and make a deployment for the courses that may use it."
        ),
        "sakai": _("In Sakai, look the settings through, let it send names, and save the tool."),
    }.get(family, _("In your LMS, switch the tool on and say which courses may use it."))


def tool_description() -> ToolDescription:
    """Return what Klimop tells a platform of itself, in every language that it speaks."""
    descriptions = {}
    for language in LANGUAGES:
        with force_locale(language):
            descriptions[language] = _(
                "Modules of the microdegrees, with progress, marks and live sessions planned around "
                "everyone's agenda."
            )
    return ToolDescription(
        base_url=settings().base_url,
        name="Klimop",
        description=descriptions[LANGUAGES[0]],
        descriptions=descriptions,
        custom=HISTORY,
    )
