"""Brightspace: one service gives the tokens of all its sites, and wants to be named as their audience."""

from lti_tool.lti.families.family import Endpoints, Family

BRIGHTSPACE = Family(
    code="brightspace",
    name="Brightspace",
    product_codes=("desire2learn", "d2l"),
    endpoints=Endpoints(
        auth_login_url="{issuer}/d2l/lti/authenticate",
        token_url="https://auth.brightspace.com/core/connect/token",  # noqa: S106 an address
        jwks_url="{issuer}/d2l/.well-known/jwks",
    ),
    token_audience="https://api.brightspace.com/auth/token",  # noqa: S106 an address
)
