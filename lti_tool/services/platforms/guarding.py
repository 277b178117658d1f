"""Sessions for addresses that anybody may have typed: only what is public, or what the operator named."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress  # type: ignore[import-untyped] # it publishes none
from requests_hardened.ip_filter_adapter import IPFilterAdapter  # type: ignore[import-untyped] # likewise

from lti_tool.lti.http import new_session
from lti_tool.services.platforms.watching import GuardedAdapter, OpenAdapter, Watch

PORTS = {"http": 80, "https": 443}


class ForbiddenTargetError(Exception):
    """A port or an address where nothing public lives."""


def is_trusted(target: SplitResult, trusted_hosts: frozenset[str]) -> bool:
    """Return whether the operator named this host, as "host:port" or for all of its ports."""
    named = {target.hostname, f"{target.hostname}:{target.port or PORTS[target.scheme]}"}
    return not named.isdisjoint(trusted_hosts)


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


def platform_session(trusted_hosts: frozenset[str]) -> requests.Session:
    """Return a session for the services of platforms, whose addresses come with launches.

    It outlives single calls and serves any number of threads. What is not public answers like a host that is
    down; an LMS on a private network is one that the operator names.
    """
    session = new_session()
    for scheme in PORTS:
        session.mount(f"{scheme}://", _PlatformAdapter(trusted_hosts, is_https=scheme == "https"))
    return session


class _PlatformAdapter(IPFilterAdapter):  # type: ignore[misc] # it publishes no type information
    """Connects only to public addresses, and to the very address that was checked; or to a trusted host."""

    def __init__(self, trusted_hosts: frozenset[str], *, is_https: bool) -> None:
        super().__init__(is_https_proto=is_https)
        self._trusted_hosts, self._open = trusted_hosts, HTTPAdapter()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        target = urlsplit(request.url or "")
        if is_trusted(target, self._trusted_hosts):
            return self._open.send(request, *args, **kwargs)
        # Some forms of bare IPv6 addresses stand for private IPv4 ones.
        if ":" in (target.hostname or ""):
            raise requests.ConnectionError(request=request)
        try:
            response: requests.Response = super().send(request, *args, **kwargs)
        except InvalidIPAddress as error:
            raise requests.ConnectionError(request=request) from error
        return response
