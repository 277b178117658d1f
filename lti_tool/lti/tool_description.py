"""What this tool tells a platform of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class ToolDescription:
    """`descriptions` are by language; `custom` goes with every launch."""

    base_url: str
    name: str
    description: str
    descriptions: Mapping[str, str]
    custom: Mapping[str, str]

    @property
    def domain(self) -> str:
        """The host, with its port where the address has one."""
        return urlsplit(self.base_url).netloc

    @property
    def icon_url(self) -> str:
        return self.url("icon.png")

    def url(self, path: str) -> str:
        return f"{self.base_url}/lti/{path}"
