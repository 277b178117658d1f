"""The platforms that may launch this tool."""

from dataclasses import dataclass
from urllib.parse import urlsplit


def is_web_url(url: str) -> bool:
    """Return whether `url` is an absolute http or https URL that every reader takes for the same place."""
    # Browsers read a backslash as a slash and drop control characters; a user name hides the host.
    if not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


@dataclass(frozen=True, kw_only=True)
class PlatformRegistration:
    """One (issuer, client id) of a learning platform with its endpoints.

    `token_audience` is what the platform wants as `aud` when a token is asked for, where that is not its
    token URL.
    """

    id: int
    issuer: str
    client_id: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    token_audience: str | None = None

    def __post_init__(self) -> None:
        if not self.issuer or not self.client_id:
            raise ValueError("a registration needs an issuer and a client id")
        for url in (self.auth_login_url, self.token_url, self.jwks_url):
            if not is_web_url(url):
                raise ValueError(f"not a web address: {url!r}")
