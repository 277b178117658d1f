"""A platform played by hand: every token is made by the test, and its keys are published for real."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from lti_tool import clock
from lti_tool.lti.keys import public_keyset
from lti_tool.services.platforms.registering import NewRegistration
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.lti.world import CLAIM, MEMBERSHIP, changed, long_name, platform_key, query_of, sign
from tests.platform.klimop import COHORT, INSTITUTION, Klimop

TIMEOUT = 20
Asked = dict[str, str]


@dataclass(frozen=True)
class Hand:
    """A platform whose services answer under its name; `plug_in` approves its deployment.

    Its issuer is of that name too, unless it has an `address` of its own.
    """

    klimop: Klimop
    server: LocalServer
    name: str
    client_id: str = "klimop"
    key: str = "platform"
    address: str = ""
    deployment_id: str = "1"

    @property
    def issuer(self) -> str:
        return self.address or f"https://{self.name}.example"

    @property
    def keyset_path(self) -> str:
        return f"/{self.name}/jwks"

    def plug_in(self) -> int:
        """Publish the platform's key, and register it; return the registration's id."""
        self.publish(self.key)
        return self.klimop.plug_in(
            NewRegistration(
                institution=INSTITUTION,
                issuer=self.issuer,
                client_id=self.client_id,
                auth_login_url=f"{self.issuer}/auth",
                token_url=f"{self.server.url}/{self.name}/token",
                jwks_url=self.server.url + self.keyset_path,
                deployment_id=self.deployment_id,
            )
        )

    def publish(self, *keys: str) -> None:
        """Let the keyset hold the keys of these names."""
        keyset = public_keyset(platform_key(name) for name in keys)
        self.server.answer(self.keyset_path, Reply(content=keyset))

    def begin(self, browser: requests.Session, **changes: object) -> requests.Response:
        """Ask Klimop for a login, by a form; return its answer without following it."""
        asks = {
            "iss": self.issuer,
            "client_id": self.client_id,
            "login_hint": "4",
            "target_link_uri": self.klimop.launch_url,
            "lti_message_hint": '{"cmid": 3}',
        }
        return browser.post(
            self.klimop.login_url, data=changed(asks, changes), timeout=TIMEOUT, allow_redirects=False
        )

    def ask(self, browser: requests.Session) -> Asked:
        """Return the authentication request that Klimop sends the browser back with."""
        return query_of(self.begin(browser).headers["Location"])

    def claims(self, asked: Asked, **changes: object) -> dict[str, Any]:
        """Return a learner's launch; `changes` name LTI claims by their short names."""
        now = int(clock.now().timestamp())
        body = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "4",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 60,
            "name": "An Peeters",
            "email": "an@example.test",
            f"{CLAIM}deployment_id": self.deployment_id,
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}target_link_uri": self.klimop.launch_url,
            f"{CLAIM}roles": [f"{MEMBERSHIP}Learner"],
            f"{CLAIM}context": {"id": "c-1", "label": "HIM", "title": "Innovation"},
            f"{CLAIM}resource_link": {"id": "link-1", "title": "Care"},
            f"{CLAIM}custom": {"cohort": COHORT},
        }
        return changed(body, {long_name(name, body): value for name, value in changes.items()})

    def sign(self, claims: Mapping[str, Any], *, key: str = "", **header: object) -> str:
        """Return claims signed with this platform's key or another; header fields may be changed."""
        return sign(claims, key=key or self.key, **header)

    def post(self, browser: requests.Session, asked: Asked, token: str, **fields: str) -> requests.Response:
        """Post a token as the answer to a login, and follow where it leads."""
        form = {"state": asked["state"], "id_token": token} | fields
        return browser.post(self.klimop.launch_url, data=form, timeout=TIMEOUT)

    def launch(self, browser: requests.Session, **changes: object) -> requests.Response:
        """Log in and launch with changed claims; return the page that it ends on."""
        asked = self.ask(browser)
        return self.post(browser, asked, self.sign(self.claims(asked, **changes)))
