"""A token request and a deep-linking response against the RS256 signature that each of them holds.

All sign with the same loaded key, in turns. What a message costs beside its signature is ours: its claims,
its JSON and base64.
"""

from collections.abc import Callable
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from lti_tool import clock
from lti_tool.lti.ags import WantedLineItem
from lti_tool.lti.claims import DeepLinkingClaim
from lti_tool.lti.deep_linking import LinkItem, deep_linking_response
from lti_tool.lti.keys import ToolKey, generate_tool_key
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.tokens import token_request
from tests.benchmarks.launching import usual
from tests.benchmarks.report import report

ROUNDS, SIGNATURES = 80, 5
LMS, KLIMOP = "https://lms.example.test", "https://klimop.example.test"
SCOPES = frozenset({"https://purl.imsglobal.org/spec/lti-ags/scope/score"})
PLATFORM = PlatformRegistration(
    id=1,
    issuer=LMS,
    client_id="klimop",
    auth_login_url=f"{LMS}/auth",
    token_url=f"{LMS}/token",
    token_audience=None,
    jwks_url=f"{LMS}/jwks",
)
SETTINGS = DeepLinkingClaim(
    return_url=f"{LMS}/picked",
    data="a picker's own state, which goes back unchanged",
    accept_types=("ltiResourceLink",),
    accept_multiple=True,
    accept_line_item=True,
)
MODULE = LinkItem(
    title="Leading change in care",
    text="Six credits, ten weeks, about ten hours a week",
    url=f"{KLIMOP}/lti/launch",
    icon_url=f"{KLIMOP}/static/icon.png",
    custom={"cohort": "leading-change-2027", "opens": "module"},
    line_item=WantedLineItem(label="Leading change in care", maximum=100, tag="leading-change-2027"),
    frame_height=800,
)


def bare_signature(key: ToolKey) -> object:
    return key.private_key.sign(b"what a token request says, or so " * 10, PKCS1v15(), SHA256())


def signed_token_request(key: ToolKey) -> object:
    return token_request(PLATFORM, SCOPES, key, clock.now())


def signed_links(key: ToolKey) -> object:
    return deep_linking_response(
        SETTINGS, [MODULE], platform=PLATFORM, deployment_id="1", key=key, now=clock.now()
    )


NAMES = ("the RS256 signature alone", "token request", "deep-linking response")
MAKERS = (bare_signature, signed_token_request, signed_links)


def main() -> None:
    key = generate_tool_key()
    rounds = [[_seconds(make, key) for make in MAKERS] for _ in range(ROUNDS)]
    times = [usual(of_maker) for of_maker in zip(*rounds, strict=True)]
    bare, request, links = times
    report(
        "signing",
        ratio=bare / max(request, links),
        details={
            "bare_signature_ms": round(bare * 1000, 4),
            "token_request_times_bare": round(request / bare, 3),
            "deep_linking_response_times_bare": round(links / bare, 3),
            "rounds": ROUNDS,
            "signatures_per_round": SIGNATURES,
        },
        columns=("signed with a loaded key", "ms each", "times the bare signature"),
        rows=[(name, 1000 * seconds, seconds / bare) for name, seconds in zip(NAMES, times, strict=True)],
    )


def _seconds(make: Callable[[ToolKey], object], key: ToolKey) -> float:
    """Return the seconds of one message, over a round of them."""
    started = perf_counter()
    for _ in range(SIGNATURES):
        make(key)
    return (perf_counter() - started) / SIGNATURES


if __name__ == "__main__":
    main()
