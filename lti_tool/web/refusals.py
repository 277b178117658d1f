"""A refused login or launch in words: to the learner what happened, to the administrator what to do."""

from dataclasses import dataclass

from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.web.translate import _

RETRY = {
    RefusalReason.UNKNOWN_STATE,
    RefusalReason.USED_BEFORE,
    RefusalReason.LOGIN_EXPIRED,
    RefusalReason.EXPIRED,
    RefusalReason.WRONG_NONCE,
}
BROWSER = {RefusalReason.COOKIE_MISSING, RefusalReason.WRONG_BROWSER}
UNREACHABLE = {RefusalReason.KEYS_UNREACHABLE}


@dataclass(frozen=True)
class Refusal:
    title: str
    text: str
    status: int
    for_administrators: bool


def explain(error: LaunchRefusedError) -> Refusal:
    """Return the words and the status for a refusal."""
    if error.reason in RETRY:
        return Refusal(
            _("Open Klimop once more"),
            _(
                "This launch was used already or took too long. Go back to your course and click the link "
                "again."
            ),
            400,
            for_administrators=False,
        )
    if error.reason in BROWSER:
        return Refusal(
            _("Your browser blocked a cookie"),
            _(
                "Klimop needs one cookie to know that it is you. Open the link in a new window or in another "
                "browser, or allow cookies for this site, and try again."
            ),
            400,
            for_administrators=False,
        )
    return Refusal(
        _("Klimop is not plugged in correctly yet"),
        _administrators_text(error.reason),
        502 if error.reason in UNREACHABLE else 400,
        for_administrators=True,
    )


def _administrators_text(reason: RefusalReason) -> str:
    texts = {
        RefusalReason.UNKNOWN_ISSUER: _(
            "Klimop does not know this learning platform. Ask the Klimop team to register it; "
            "they need the values below and your platform's endpoints."
        ),
        RefusalReason.UNKNOWN_CLIENT: _(
            "Klimop knows this learning platform, but not under this client ID. Compare the client ID in "
            "your LMS "
            "with the one you gave to the Klimop team."
        ),
        RefusalReason.CLIENT_NOT_NAMED: _(
            "Several client IDs are registered for this platform, and the login does not say which one it "
            "is. "
            "Make your LMS send client_id with the login."
        ),
        RefusalReason.UNKNOWN_DEPLOYMENT: _(
            "Klimop knows this learning platform, but not this deployment. Send the deployment ID below "
            "to the Klimop team."
        ),
        RefusalReason.DEPLOYMENT_WAITING: _(
            "This is the first launch from this deployment, so the Klimop team must approve it first. "
            "They can see it already; tell them that it is yours."
        ),
        RefusalReason.KEYS_UNREACHABLE: _(
            "Klimop could not fetch your platform's public keys, so it cannot check who launches it. "
            "Check that the address below answers from outside your network."
        ),
        RefusalReason.UNKNOWN_KEY: _(
            "The launch is signed with a key that is not in your platform's public keyset. "
            "Check the keyset address below, and that the keyset holds the key that your LMS signs with."
        ),
        RefusalReason.BAD_SIGNATURE: _(
            "The signature of the launch does not hold. Check that the keyset address that you gave belongs "
            "to this LMS."
        ),
        RefusalReason.CLOCK_SKEW: _(
            "The clock of your LMS and ours differ too much. Let the server of the LMS set its clock by the "
            "network."
        ),
        RefusalReason.TARGET_NOT_OURS: _(
            "The link points to an address that is not Klimop's. Correct the target link URI in your LMS."
        ),
        RefusalReason.MISSING_CLAIM: _(
            "Your LMS left out something that LTI 1.3 requires; it is named below. Check the tool's privacy "
            "and "
            "service settings in your LMS."
        ),
        RefusalReason.UNSUPPORTED_MESSAGE: _(
            "Your LMS sent a kind of message that Klimop does not handle. Place Klimop as an ordinary link "
            "in a course."
        ),
        RefusalReason.UNSUPPORTED_VERSION: _(
            "Klimop speaks LTI 1.3. Set the tool up as an LTI 1.3 tool in your LMS."
        ),
        RefusalReason.PLATFORM_ERROR: _(
            "Your LMS broke off the login. Log in to your LMS again; if it stays, its administrator finds "
            "the reason "
            "in the LMS's own log."
        ),
    }
    return texts.get(
        reason,
        _(
            "Your LMS sent a launch that does not follow LTI 1.3. The code and values below say what is "
            "wrong; "
            "your LMS's administrator or its vendor can put it right."
        ),
    )
