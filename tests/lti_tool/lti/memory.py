"""Persistence in memory, as true to its promises as the database's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from lti_tool.lti.keys import ToolKey
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import PendingLogin, StoredKeySet


@dataclass
class Memory:
    """Fills every port; `calls` names the port calls made, in order."""

    registrations: list[PlatformRegistration] = field(default_factory=list)
    deployments: set[tuple[int, str]] = field(default_factory=set)
    logins: dict[str, PendingLogin] = field(default_factory=dict)
    key_sets: dict[str, StoredKeySet] = field(default_factory=dict)
    tool_keys: list[ToolKey] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def registrations_of(self, issuer: str, client_id: str) -> Sequence[PlatformRegistration]:
        self.calls.append("registrations_of")
        known = [platform for platform in self.registrations if platform.issuer == issuer]
        return [platform for platform in known if client_id in ("", platform.client_id)]

    def has_deployment(self, registration_id: int, deployment_id: str) -> bool:
        self.calls.append("has_deployment")
        return (registration_id, deployment_id) in self.deployments

    def remember(self, login: PendingLogin) -> None:
        self.calls.append("remember")
        self.logins[login.state] = login

    def consume(self, state: str) -> PendingLogin | None:
        self.calls.append("consume")
        with self.lock:
            return self.logins.pop(state, None)

    def load(self, jwks_url: str) -> StoredKeySet | None:
        self.calls.append("load")
        return self.key_sets.get(jwks_url)

    def store(self, jwks_url: str, key_set: StoredKeySet) -> None:
        self.calls.append("store")
        self.key_sets[jwks_url] = key_set

    def signing_key(self) -> ToolKey:
        return self.tool_keys[0]

    def published_keys(self) -> Sequence[ToolKey]:
        return self.tool_keys
