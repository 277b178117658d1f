"""Sessions for addresses that anybody may have typed: only what is public, or what the operator named."""

from urllib.parse import SplitResult

import requests

from lti_tool.services.watching import GuardedAdapter, OpenAdapter, Watch

PORTS = {"http": 80, "https": 443}


class ForbiddenTargetError(Exception):
    """A port or an address where nothing public lives."""


def is_trusted(target: SplitResult, trusted_hosts: frozenset[str]) -> bool:
    """Return whether the operator named this host, as "host:port"."""
    return f"{target.hostname}:{target.port or PORTS[target.scheme]}" in trusted_hosts


def require_open(target: SplitResult, trusted_hosts: frozenset[str]) -> None:
    """Raise ForbiddenTargetError for what can be told to be closed without looking its host up."""
    # Nothing public lives at a bare IPv6 address, and some forms of those stand for private IPv4 ones.
    is_odd = target.port not in (None, *PORTS.values()) or ":" in (target.hostname or "")
    if is_odd and not is_trusted(target, trusted_hosts):
        raise ForbiddenTargetError


def guarded_session(target: SplitResult, trusted_hosts: frozenset[str], watch: Watch) -> requests.Session:
    """Return a session that reaches no more than the target may, whatever the environment says."""
    session = requests.Session()
    session.trust_env = False
    is_free = is_trusted(target, trusted_hosts)
    for scheme in PORTS:
        guarded = GuardedAdapter(watch, is_https=scheme == "https")
        session.mount(f"{scheme}://", OpenAdapter(watch) if is_free else guarded)
    return session
