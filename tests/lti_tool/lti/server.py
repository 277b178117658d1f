"""A real HTTP server on this machine that answers as a test tells it to."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: Message
    body: str


@dataclass(frozen=True)
class Reply:
    """A response to give; `content` is sent as JSON, bytes as they are; `drip` yields the body in pieces."""

    status: int = 200
    content: Any = b""
    headers: tuple[tuple[str, str], ...] = ()
    drip: Callable[[], Iterator[bytes]] | None = None


@dataclass
class LocalServer:
    """`replies` holds what each target answers, one after the other; the last one stays."""

    port: int = 0
    replies: dict[str, deque[Reply]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, target: str, *replies: Reply) -> str:
        """Say what `target` (a path with its query) answers from now on, and return its URL."""
        self.replies[target] = deque(replies)
        return self.url + target

    def requests_to(self, target: str) -> list[Seen]:
        return [request for request in self.seen if request.target == target]

    def next_reply(self, target: str) -> Reply:
        replies = self.replies.get(target) or deque([Reply(404)])
        return replies.popleft() if len(replies) > 1 else replies[0]


@contextmanager
def serving() -> Iterator[LocalServer]:
    """Yield a server that runs until the block ends."""
    local = LocalServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            local.seen.append(Seen(self.command, self.path, self.headers, body))
            give(self, local.next_reply(self.path))

        do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, *_args: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    local.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield local
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def give(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    content = reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
    handler.send_response(reply.status)
    for name, value in reply.headers:
        handler.send_header(name, value)
    if reply.drip is None:
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        return
    handler.end_headers()
    try:
        for piece in reply.drip():
            handler.wfile.write(piece)
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True
