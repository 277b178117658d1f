"""Persistence in memory, as true to its promises as the database's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lti_tool.lti.keys import ToolKey
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import StoredKeySet


@dataclass
class Memory:
    """Fills every port; `calls` names the port calls made, in order."""

    registrations: list[PlatformRegistration] = field(default_factory=list)
    deployments: set[tuple[int, str]] = field(default_factory=set)
    key_sets: dict[str, StoredKeySet] = field(default_factory=dict)
    tool_keys: list[ToolKey] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def registrations_of(self, issuer: str, client_id: str) -> Sequence[PlatformRegistration]:
        self.calls.append("registrations_of")
        known = [platform for platform in self.registrations if platform.issuer == issuer]
        return [platform for platform in known if client_id in ("", platform.client_id)]

    def has_deployment(self, registration_id: int, deployment_id: str) -> bool:
        self.calls.append("has_deployment")
        return (registration_id, deployment_id) in self.deployments

    def load(self, jwks_url: str) -> StoredKeySet | None:
        self.calls.append("load")
        return self.key_sets.get(jwks_url)

    def store(self, jwks_url: str, key_set: StoredKeySet) -> None:
        self.calls.append("store")
        self.key_sets[jwks_url] = key_set

    def signing_key(self, now: datetime) -> ToolKey:  # noqa: ARG002 - the port's signature
        return self.tool_keys[0]

    def published_keys(self, now: datetime) -> Sequence[ToolKey]:  # noqa: ARG002 - the port's signature
        return self.tool_keys
