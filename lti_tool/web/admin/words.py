"""How the learning platforms are doing, in an operator's words."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from lti_tool.lti.abilities import abilities
from lti_tool.lti.families import family
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.services.platforms.operating import RefusalRow
from lti_tool.services.platforms.overseeing import Health, Platform
from lti_tool.services.platforms.probing import Check, Finding, Outcome
from lti_tool.storage.models import DiscriminatorKind
from lti_tool.web.errors import Words
from lti_tool.web.refusals import explain
from lti_tool.web.setup.words import ability_words
from lti_tool.web.translate import _, ngettext

OUTCOME_PILLS = {
    Outcome.GOOD: ("good", "check"),
    Outcome.REFUSED: ("bad", "circle-x"),
    Outcome.SILENT: ("bad", "circle-alert"),
    Outcome.SKIPPED: ("neutral", "minus"),
}


def lms_name(platform: Platform) -> str:
    """Return what kind of LMS it is and where, such as "Moodle · lms.example.be"."""
    kind = family(platform.family).name if platform.family else _("LMS")
    return f"{kind} · {urlsplit(platform.issuer).netloc or platform.issuer}"


def health_pill(health: Health) -> tuple[str, str, str]:
    """Return an LMS's health as the label, the tone and the icon of a pill."""
    return {
        Health.WAITING: (_("Waits for you"), "warn", "hourglass"),
        Health.REFUSED: (_("Refused"), "bad", "circle-x"),
        Health.NEVER: (_("Nobody came in yet"), "neutral", "circle-dot"),
        Health.QUIET: (_("Quiet"), "neutral", "clock"),
        Health.GOOD: (_("Healthy"), "good", "check"),
    }[health]


def health_advice(health: Health) -> str:
    """Return what an operator does about it."""
    return {
        Health.WAITING: _("Somebody launches from a deployment that you have not approved yet."),
        Health.REFUSED: _("The last launch was refused. The reason and what to do are on its page."),
        Health.NEVER: _("Place a link in a course of this LMS and open it once."),
        Health.QUIET: _("Nobody has come in for two weeks. Test it if courses are running."),
        Health.GOOD: "",
    }[health]


def refusal_words(refusal: RefusalRow) -> str:
    """Return why a launch was refused and what to do about it."""
    try:
        reason = RefusalReason(refusal.reason)
    except ValueError:  # noted by another version of Klimop
        return refusal.reason
    return explain(LaunchRefusedError(reason, **refusal.details)).text


def agreed_words(scopes: Sequence[str]) -> list[str]:
    """Return what the platform lets Klimop do, as far as somebody said so."""
    able = abilities(scopes=scopes, claims=(), messages=())
    return [str(ability_words(ability).title) for ability in sorted(able)]


def endpoint_rows(platform: Platform) -> list[tuple[str, str]]:
    """Return where the platform answers, by the names that its administrator knows."""
    rows = [
        (_("Platform ID (issuer)"), platform.issuer),
        (_("Client ID"), platform.client_id),
        (_("Authentication request URL"), platform.auth_login_url),
        (_("Access token URL"), platform.token_url),
        (_("Public keyset URL"), platform.jwks_url),
    ]
    if platform.token_audience:
        rows.append((_("Audience of a token request"), platform.token_audience))
    return rows


def discriminator_kinds() -> list[tuple[str, str]]:
    """Return the kinds of discriminator to choose from."""
    return [(kind.value, discriminator_words(kind)) for kind in reversed(DiscriminatorKind)]


def discriminator_words(kind: DiscriminatorKind) -> str:
    return {
        DiscriminatorKind.CUSTOM: _("Custom parameter"),
        DiscriminatorKind.EMAIL: _("E-mail domain"),
        DiscriminatorKind.COURSE: _("Start of the course code"),
    }[kind]


def check_words(check: Check) -> str:
    """Return what was tried."""
    return {
        Check.KEYS: _("Public keys"),
        Check.GRADES: _("Access to the gradebook"),
        Check.ROSTER: _("Access to the list of learners"),
        Check.GROUPS: _("Access to groups"),
        Check.NOTICES: _("Access to notices"),
        Check.MEMBERS: _("List of the course seen last"),
    }[check]


def finding_words(finding: Finding) -> Words:
    """Return what came of a check, and what to do about it."""
    if finding.outcome is Outcome.GOOD:
        return Words(_("Works"), _good(finding))
    if finding.outcome is Outcome.SKIPPED:
        return Words(_("Not tried"), _skipped(finding.check))
    if finding.outcome is Outcome.SILENT:
        return Words(
            _("No answer"),
            _(
                "The LMS did not answer, or not with sense (%(cause)s). Check the address, and that it can "
                "be reached from outside its network; then test again.",
                cause=finding.cause,
            ),
        )
    return Words(_("Refused"), _refused(finding))


def _good(finding: Finding) -> str:
    if finding.check is Check.KEYS:
        return ngettext("%(num)s usable key", "%(num)s usable keys", finding.count)
    if finding.check is Check.MEMBERS:
        return ngettext("%(num)s member", "%(num)s members", finding.count)
    return _("The LMS gave Klimop a token.")


def _skipped(check: Check) -> str:
    if check is Check.MEMBERS:
        return _("No course with a list was opened yet, or the LMS gave no access to it.")
    return _("The LMS did not answer an earlier question.")


def _refused(finding: Finding) -> str:
    if finding.check is Check.KEYS:
        return _(
            "That address gives no usable key (%(cause)s). Compare it with the public keyset URL in the LMS.",
            cause=finding.cause or _("no RSA key of 2048 bits or more"),
        )
    if "invalid_client" in finding.cause:
        return _(
            "The LMS does not accept Klimop's signature (%(cause)s). Compare the client ID and the token "
            "address, and let the LMS fetch Klimop's public keyset.",
            cause=finding.cause,
        )
    return _(
        "The LMS says no (%(cause)s). Let its administrator switch this service on for Klimop.",
        cause=finding.cause,
    )
