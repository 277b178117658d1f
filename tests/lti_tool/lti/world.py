"""A platform with real keys on a real server, and the tool that it launches."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.utils import base64url_encode

from lti_tool.lti.claims import Launch
from lti_tool.lti.keys import ToolKey, generate_tool_key, public_keyset
from lti_tool.lti.launch import complete_launch
from lti_tool.lti.login import LoginRedirect, begin_login
from lti_tool.lti.login_state import LoginStates
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.platform_keys import PlatformKeys
from tests.lti_tool.lti.memory import Memory
from tests.lti_tool.lti.server import LocalServer, Reply

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LAUNCH_URL = "https://klimop.example/lti/launch"
TARGET = "https://klimop.example/module/care"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
ABSENT = object()


@cache
def platform_key(name: str) -> ToolKey:
    """Return the RSA key of that name; making one takes a while, so the tests share them."""
    assert name
    return generate_tool_key()


@dataclass
class World:
    """One tool and one platform; `now` is the time at both."""

    server: LocalServer
    session: requests.Session
    now: datetime = NOW
    memory: Memory = field(default_factory=Memory)
    states: LoginStates = field(default_factory=lambda: LoginStates(b"of this test alone"))

    def __post_init__(self) -> None:
        self.platform = self.register(1, issuer="https://lms.example", client_id="klimop")
        self.keys = PlatformKeys(self.memory, self.session)
        self.publish("platform")

    def register(self, id: int, *, issuer: str, client_id: str) -> PlatformRegistration:
        """Make a registration with deployment "1" known to the tool."""
        registration = PlatformRegistration(
            id=id,
            issuer=issuer,
            client_id=client_id,
            auth_login_url=f"{issuer}/auth",
            token_url=f"{self.server.url}/token",
            jwks_url=f"{self.server.url}/jwks",
        )
        self.memory.registrations.append(registration)
        self.memory.deployments.add((id, "1"))
        return registration

    def publish(self, *names: str) -> None:
        """Let the platform's JWKS hold these keys."""
        self.server.answer("/jwks", Reply(content=public_keyset(platform_key(name) for name in names)))

    def login_parameters(self, **changes: object) -> dict[str, str]:
        return changed(
            {
                "iss": self.platform.issuer,
                "client_id": self.platform.client_id,
                "login_hint": "4",
                "target_link_uri": TARGET,
                "lti_message_hint": '{"cmid": 3}',
            },
            changes,
        )

    def begin(self, **changes: object) -> LoginRedirect:
        return begin_login(
            self.login_parameters(**changes),
            launch_url=LAUNCH_URL,
            registrations=self.memory,
            states=self.states,
            now=self.now,
        )

    def claims(self, login: LoginRedirect, changes: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Return a learner's launch that answers `login`; `changes` name LTI claims by their short names."""
        issued = int(self.now.timestamp())
        body = {
            "iss": self.platform.issuer,
            "aud": self.platform.client_id,
            "sub": "4",
            "nonce": query_of(login.url)["nonce"],
            "iat": issued,
            "exp": issued + 60,
            f"{CLAIM}deployment_id": "1",
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}target_link_uri": TARGET,
            f"{CLAIM}roles": [f"{MEMBERSHIP}Learner"],
            f"{CLAIM}resource_link": {"id": "link-1", "title": "Care"},
        }
        return changed(body, {long_name(name, body): value for name, value in (changes or {}).items()})

    def complete(self, login: LoginRedirect, token: str, **changes: str) -> Launch:
        """Post `token` as the answer to `login`; `state` and `browser_secret` may be changed."""
        return complete_launch(
            {"state": changes.get("state", login.state), "id_token": token},
            browser_secret=changes.get("browser_secret", login.browser_secret),
            launch_url=LAUNCH_URL,
            registrations=self.memory,
            states=self.states,
            platform_keys=self.keys,
            now=self.now,
        ).launch

    def launch(self, **changes: object) -> Launch:
        """Log in and launch, with changed claims."""
        login = self.begin()
        return self.complete(login, sign(self.claims(login, changes)))

    def pass_time(self, duration: timedelta) -> None:
        self.now += duration


def sign(body: Mapping[str, Any], *, key: str = "platform", **header: object) -> str:
    """Return `body` signed by the key of that name; header fields may be changed, or be ABSENT."""
    return sign_text(json.dumps(body), key=key, **header)


def sign_text(text: str, *, key: str = "platform", **header: object) -> str:
    """Return any text signed as if it were a body."""
    signer = platform_key(key)
    fields = changed({"alg": "RS256", "typ": "JWT", "kid": signer.kid}, header)
    return token_of(fields, text, lambda signed: signer.private_key.sign(signed, PKCS1v15(), SHA256()))


def token_of(header: Mapping[str, object], text: str, signature: Callable[[bytes], bytes]) -> str:
    """Return a token with any header, body and signature."""
    signed = b".".join(base64url_encode(part.encode()) for part in (json.dumps(header), text))
    return b".".join([signed, base64url_encode(signature(signed))]).decode()


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def changed(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**values, **changes}.items() if value is not ABSENT}


def long_name(name: str, body: Mapping[str, object]) -> str:
    plain = {*body, "azp", "name", "given_name", "family_name", "email"}
    return name if name in plain or name.startswith("https:") else CLAIM + name
