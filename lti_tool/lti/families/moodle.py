"""Moodle: one issuer for each site, the site's address; the deployment id is the tool type's number.

It knows one placement for deep linking and wants none of it in the registration. Names and e-mail addresses
stay off unless they are listed in `claims`.
"""

from lti_tool.lti.families.family import Endpoints, Family

MOODLE = Family(
    code="moodle",
    name="Moodle",
    product_codes=("moodle",),
    endpoints=Endpoints(
        auth_login_url="{issuer}/mod/lti/auth.php",
        token_url="{issuer}/mod/lti/token.php",  # noqa: S106 an address
        jwks_url="{issuer}/mod/lti/certs.php",
    ),
)
