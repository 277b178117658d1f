"""What a learning platform says of itself to a tool (LTI Dynamic Registration 1.0, section 2.1)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from lti_tool.lti.abilities import NAME_CLAIMS, SCOPES, Ability, abilities
from lti_tool.lti.families import Family, family
from lti_tool.lti.families.family import LINK_MESSAGE, PICKER_MESSAGE
from lti_tool.lti.json_object import ID_LIMIT, InvalidValueError, JsonObject, MissingValueError
from lti_tool.lti.platform import is_web_url

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS_ACCOUNT = "https://canvas.instructure.com/lti/account_name"

# What Klimop handles and needs.
MESSAGES = (LINK_MESSAGE, PICKER_MESSAGE)
CLAIMS = ("iss", "sub", *NAME_CLAIMS)


class RegistrationFlaw(str, Enum):
    """Why a platform and this tool cannot register with each other."""

    UNREACHABLE = "unreachable"  # no answer, or none that is a success where it must be one
    UNREADABLE = "unreadable"  # an answer that is no JSON object
    MISSING = "missing"  # something that the specification requires is not there
    INVALID = "invalid"  # or is of another kind
    FORBIDDEN = "forbidden"  # an address that is not public, or not https
    FOREIGN = "foreign"  # a host that may not speak for the issuer
    REFUSED = "refused"  # the platform says no


class CannotRegisterError(Exception):
    """`detail` names what is wrong: a member's path, a host, a cause or the platform's own words."""

    def __init__(self, flaw: RegistrationFlaw, detail: str = "") -> None:
        super().__init__(flaw.value, detail)
        self.flaw = flaw
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class PlatformOffer:
    """What a platform says of itself (section 2.1). A collection is empty where it lists nothing.

    `messages` maps message types to the placements that they can have.
    """

    issuer: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    token_audience: str | None
    family: Family
    version: str
    account: str
    scopes: frozenset[str]
    claims: frozenset[str]
    messages: Mapping[str, tuple[str, ...]]
    variables: frozenset[str]

    @property
    def host(self) -> str:
        return host_of(self.issuer)

    @property
    def abilities(self) -> frozenset[Ability]:
        """What could be agreed; a platform that lists nothing of a kind may offer all of it."""
        return abilities(
            scopes=self.scopes or SCOPES,
            claims=self.claims or CLAIMS,
            messages=self.messages or MESSAGES,
        )


def read_configuration(document: bytes, *, url: str) -> PlatformOffer:
    """Return what a platform offers in the `document` found at `url`, or raise CannotRegisterError.

    The issuer and the registration endpoint must be at the host of `url`, or at hosts that share an issuer
    (section 3.5.1): else anybody could introduce himself as another's platform.
    """
    with flaws_named():
        offer = _offer(JsonObject.parse(document))
    for address in (url, offer.registration_url):
        host = host_of(address)
        if host != offer.host and not offer.family.may_speak_for(offer.issuer, host):
            raise CannotRegisterError(RegistrationFlaw.FOREIGN, host)
    return offer


@contextmanager
def flaws_named() -> Iterator[None]:
    """Raise CannotRegisterError for what is missing or wrong in a platform's JSON."""
    try:
        yield
    except MissingValueError as error:
        raise CannotRegisterError(RegistrationFlaw.MISSING, error.path) from error
    except InvalidValueError as error:
        flaw = RegistrationFlaw.INVALID if error.path else RegistrationFlaw.UNREADABLE
        raise CannotRegisterError(flaw, error.path) from error


def host_of(url: str) -> str:
    """Return the host in an address that was checked before."""
    return urlsplit(url).hostname or ""


def _offer(body: JsonObject) -> PlatformOffer:
    platform = body.child(PLATFORM)
    make = family(platform.text("product_family_code"))
    audience = body.text("authorization_server")
    return PlatformOffer(
        issuer=body.required_url("issuer"),
        auth_login_url=body.required_url("authorization_endpoint"),
        token_url=body.required_url("token_endpoint"),
        jwks_url=body.required_url("jwks_uri"),
        registration_url=body.required_url("registration_endpoint"),
        # Canvas names a bare host here, and takes its token endpoint for an audience.
        token_audience=audience if is_web_url(audience) else make.token_audience,
        family=make,
        version=platform.text("version", limit=ID_LIMIT),
        account=platform.text(CANVAS_ACCOUNT, limit=ID_LIMIT),
        scopes=frozenset(body.texts("scopes_supported")),
        claims=frozenset(body.texts("claims_supported")),
        messages={
            message.identifier("type"): message.texts("placements")
            for message in platform.children("messages_supported")
        },
        variables=frozenset(platform.texts("variables")),
    )
