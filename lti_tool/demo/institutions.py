"""The six partners, and the habits in which their learning platforms differ."""

from dataclasses import dataclass
from enum import Enum


class LoginMethod(Enum):
    """How a platform starts a login; OpenID Connect allows both (third-party initiated login)."""

    GET = "GET"
    POST = "POST"


class RoleStyle(Enum):
    """How a roster writes roles; NRPS 2.0 allows both for context roles."""

    FULL = "full"
    SHORT = "short"


class Family(Enum):
    """Whose habits a platform has, as its `product_family_code` tells."""

    BLACKBOARD = "BlackboardLearn"
    BRIGHTSPACE = "desire2learn"
    CANVAS = "canvas"
    MOODLE = "moodle"
    SAKAI = "sakai"


class Offer(Enum):
    """What some platforms offer to tools and others do not."""

    ROSTER = "roster"
    DIFFERENCES = "differences"  # a roster of only who came or left
    GROUPS = "groups"
    NOTICES = "notices"
    HISTORY = "history"  # $Context.id.history
    SEVERAL = "several"  # more than one content item at once


@dataclass(frozen=True)
class Institution:
    """One partner; `accent` is a CSS colour that white text is readable on.

    A roster comes in pages of `page_size`, or whole where that is 0 and the tool sets no limit. Where a
    platform keeps things for tools, `storage_target` is the frame to ask (LTI Platform Storage); an assertion
    is meant for `token_audience`, or for the token endpoint's own address where that is empty.
    """

    slug: str
    name: str
    client_id: str
    accent: str
    family: Family
    offers: frozenset[Offer]
    locale: str = "nl-BE"
    login_method: LoginMethod = LoginMethod.POST
    role_style: RoleStyle = RoleStyle.FULL
    page_size: int = 0
    storage_target: str = ""
    token_audience: str = ""


KU_LEUVEN = Institution(
    "ku-leuven", "KU Leuven", "x7QmTfK2vLwRz9a", "#00407a", Family.BLACKBOARD, frozenset(Offer), page_size=5
)
UCLL = Institution(
    "ucll",
    "UCLL",
    "hT4pWc8NsYb1JdE",
    "#9c1047",
    Family.MOODLE,
    frozenset({Offer.ROSTER, Offer.HISTORY, Offer.SEVERAL}),
    role_style=RoleStyle.SHORT,
)
ODISEE = Institution(
    "odisee",
    "Odisee",
    "Vz5kRn3GqXu6MoA",
    "#00695c",
    Family.BRIGHTSPACE,
    frozenset({Offer.ROSTER, Offer.DIFFERENCES}),
    login_method=LoginMethod.GET,
    token_audience="https://api.brightspace.com/auth/token",  # noqa: S106 an address
)
THOMAS_MORE = Institution(
    "thomas-more",
    "Thomas More",
    "b9LsHj2CyPf7EiU",
    "#a63c00",
    Family.CANVAS,
    frozenset({Offer.ROSTER, Offer.DIFFERENCES, Offer.NOTICES, Offer.HISTORY, Offer.SEVERAL}),
    role_style=RoleStyle.SHORT,
    page_size=3,
    storage_target="post_message_forwarding",
)
VIVES = Institution(
    "vives",
    "VIVES",
    "Kd1wQa6TxZm4OgN",
    "#b3122b",
    Family.MOODLE,
    frozenset({Offer.HISTORY, Offer.SEVERAL}),
    login_method=LoginMethod.GET,
)
LUCA = Institution(
    "luca",
    "LUCA School of Arts",
    "r8YvBe5HuSc3IpF",
    "#5b2a86",
    Family.SAKAI,
    frozenset({Offer.ROSTER, Offer.DIFFERENCES, Offer.GROUPS, Offer.HISTORY, Offer.SEVERAL}),
    locale="en",
    storage_target="_parent",
)

INSTITUTIONS = (KU_LEUVEN, UCLL, ODISEE, THOMAS_MORE, VIVES, LUCA)
