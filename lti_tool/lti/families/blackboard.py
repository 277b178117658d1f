"""Blackboard: a tool is registered once for the whole world; each institution is a deployment of it."""

from lti_tool.lti.families.family import Endpoints, Family

GATEWAY = "https://developer.blackboard.com/api/v1"

BLACKBOARD = Family(
    code="blackboard",
    name="Blackboard",
    product_codes=("blackboardlearn", "blackboard"),
    issuer="https://blackboard.com",
    domains=("blackboard.com", "anthology.com"),
    endpoints=Endpoints(
        auth_login_url=f"{GATEWAY}/gateway/oidcauth",
        token_url=f"{GATEWAY}/gateway/oauth2/jwttoken",
        jwks_url=GATEWAY + "/management/applications/{client_id}/jwks.json",
    ),
)
