"""A WSGI application on a port of its own, in a thread."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

A = TypeVar("A", bound=Flask)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: what a test needs to know it asserts."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(make_app: Callable[[str], A], *, host: str) -> Iterator[A]:
    """Serve an application that is made for its own address, at a free port of `host`."""
    with socket.socket() as listener:
        listener.bind((host, 0))
        listener.listen()
        port = listener.getsockname()[1]
        app = make_app(f"http://{host}:{port}")
        server = make_server(host, port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno())
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield app
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
