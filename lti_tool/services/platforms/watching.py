"""A deadline for a whole exchange over the network, kept also against a server that sends a byte a second."""

import os
import socket
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter_adapter import IPFilterAdapter  # type: ignore[import-untyped] # it publishes none


class Watch:
    """Cuts connections after some seconds in all; a socket's own timeout starts anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()

    def add(self, connection: socket.socket) -> None:
        """Watch a connection, from before its TLS handshake on."""
        with self._lock:
            # TLS takes the descriptor over from its socket; a duplicate still ends the same connection.
            self._sockets.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.expired:
            self._cut()

    def _cut(self) -> None:
        self.expired = True
        with self._lock:
            for watched in self._sockets:
                with suppress(OSError):  # the other side may have gone already
                    watched.shutdown(socket.SHUT_RDWR)


class _Watched(HTTPAdapter):
    """An adapter of which every connection is watched."""

    watch: Watch

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        watch = self.watch

        class Connection(pool.ConnectionCls):  # type: ignore[misc] # plain or TLS, as the pool has it
            def _new_conn(self) -> socket.socket:
                connection: socket.socket = super()._new_conn()
                watch.add(connection)
                return connection

        pool.ConnectionCls = Connection
        return pool


class OpenAdapter(_Watched):
    """Connects to any address: for hosts that the operator named."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch


class GuardedAdapter(_Watched, IPFilterAdapter):  # type: ignore[misc] # it publishes no type information
    """Connects only to public addresses, and to the very address that was checked."""

    def __init__(self, watch: Watch, *, is_https: bool) -> None:
        IPFilterAdapter.__init__(self, is_https_proto=is_https)
        self.watch = watch
