"""What a campus needs to know before it opens."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit


def origin(url: str) -> str:
    """Return the scheme, host and port of an address, empty where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class ToolUrls:
    """The addresses that the tool gave when it was registered; the campus accepts no other.

    What a link opens, and where a teacher chooses content, is `launch` for a tool that gave no other address.
    """

    login: str
    launch: str
    jwks: str
    target: str = ""
    picker: str = ""

    @classmethod
    def under(cls, base_url: str) -> "ToolUrls":
        """Return the tool's addresses under its own `base_url`."""
        return cls(f"{base_url}/lti/login", f"{base_url}/lti/launch", f"{base_url}/lti/jwks")

    @property
    def origin(self) -> str:
        """Return scheme, host and port, as a content security policy names a site."""
        return origin(self.launch)


@dataclass(frozen=True)
class CampusConfig:
    """`base_url` is where the campus is reached, without a closing slash.

    Work agendas run from two weeks before the week of `agenda_start` to 24 weeks from it.
    """

    base_url: str
    tool: ToolUrls
    data_file: Path
    agenda_start: date

    def __post_init__(self) -> None:
        if self.base_url.endswith("/") or not urlsplit(self.base_url).netloc:
            raise ValueError("the campus has an absolute address without a closing slash")
