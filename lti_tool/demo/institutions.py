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


@dataclass(frozen=True)
class Institution:
    """One partner; `accent` is a CSS colour that white text is readable on.

    A roster comes in pages of `page_size`, or whole where that is 0 and the tool sets no limit.
    """

    slug: str
    name: str
    client_id: str
    accent: str
    locale: str = "nl-BE"
    login_method: LoginMethod = LoginMethod.POST
    role_style: RoleStyle = RoleStyle.FULL
    page_size: int = 0


KU_LEUVEN = Institution("ku-leuven", "KU Leuven", "x7QmTfK2vLwRz9a", "#00407a", page_size=5)
UCLL = Institution("ucll", "UCLL", "hT4pWc8NsYb1JdE", "#9c1047", role_style=RoleStyle.SHORT)
ODISEE = Institution("odisee", "Odisee", "Vz5kRn3GqXu6MoA", "#00695c", login_method=LoginMethod.GET)
THOMAS_MORE = Institution(
    "thomas-more", "Thomas More", "b9LsHj2CyPf7EiU", "#a63c00", role_style=RoleStyle.SHORT, page_size=3
)
VIVES = Institution("vives", "VIVES", "Kd1wQa6TxZm4OgN", "#b3122b", login_method=LoginMethod.GET)
LUCA = Institution("luca", "LUCA School of Arts", "r8YvBe5HuSc3IpF", "#5b2a86", locale="en")

INSTITUTIONS = (KU_LEUVEN, UCLL, ODISEE, THOMAS_MORE, VIVES, LUCA)
