"""Fetching from servers of every temper; they are real, and listen on this machine."""

import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
import urllib3

from lti_tool.services.agendas.fetching import (
    Fetched,
    FetchError,
    FetchFailure,
    NotModified,
    fetch_calendar,
    is_calendar_address,
)
from tests.platform.certificate import self_signed

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
NOBODY: frozenset[str] = frozenset()

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer, *, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve one answer for every GET, and yield the server's "host:port"."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(ConnectionError):  # a client may have seen enough
                answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sending(body: bytes = CALENDAR, *, status: int = 200, **headers: str) -> Answer:
    """Return an answer with that body, status and headers (underscores for hyphens)."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def dripping(before: bytes, drop: bytes, stopped: Event) -> Answer:
    """Return an answer that goes on with a drop each tenth of a second."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(before)
        while not stopped.wait(0.1):
            handler.wfile.write(drop)

    return answer


def fetch(host: str, **options: str | float) -> Fetched | NotModified:
    return fetch_calendar(f"http://{host}/agenda.ics", now=NOW, allowed_hosts=frozenset({host}), **options)  # type: ignore[arg-type] # by name


def failure(url: str, allowed_hosts: frozenset[str] = NOBODY, *, total_seconds: float = 10) -> FetchFailure:
    return refusal(url, allowed_hosts, total_seconds=total_seconds).kind


def refusal(url: str, allowed_hosts: frozenset[str], *, total_seconds: float = 10) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_calendar(url, now=NOW, allowed_hosts=allowed_hosts, total_seconds=total_seconds)
    return caught.value


def test_a_calendar_is_fetched_with_what_to_say_next_time() -> None:
    with serving(sending(ETag='"1"', Last_Modified="Mon, 02 Mar 2026 09:00:00 GMT")) as host:
        assert fetch(host) == Fetched(CALENDAR, '"1"', "Mon, 02 Mar 2026 09:00:00 GMT")


def test_a_calendar_counts_by_its_content_and_not_by_its_type() -> None:
    with serving(sending(Content_Type="text/html")) as host:
        assert fetch(host) == Fetched(CALENDAR, None, None)


def test_nothing_is_fetched_that_did_not_change() -> None:
    seen: list[tuple[str | None, str | None]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append((handler.headers["If-None-Match"], handler.headers["If-Modified-Since"]))
        sending(b"", status=304)(handler)

    with serving(answer) as host:
        assert fetch(host, etag='"1"', last_modified="yesterday") == NotModified()
    assert seen == [('"1"', "yesterday")]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Cache_Control": "max-age=3600"}, timedelta(hours=1)),
        ({"Cache_Control": 'private, Max-Age="60"', "Age": "20"}, timedelta(seconds=40)),
        ({"Cache_Control": "max-age=60", "Age": "600"}, timedelta(0)),
        ({"Cache_Control": "max-age=60", "Age": "old"}, timedelta(seconds=60)),
        ({"Cache_Control": "s-maxage=60, no-cache"}, None),
        ({"Cache_Control": "max-age=-1"}, None),
        ({"Cache_Control": "max-age=99999999999"}, None),
        ({}, None),
    ],
)
def test_a_server_may_say_how_long_its_answer_stays_right(
    headers: dict[str, str], expected: timedelta | None
) -> None:
    with serving(sending(CALENDAR, status=200, **headers)) as host:
        assert fetch(host) == Fetched(CALENDAR, None, None, expected)
    with serving(sending(b"", status=304, **headers)) as host:
        assert fetch(host, etag='"1"') == NotModified(expected)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 01 Mar 2027 09:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 01 Mar 2027 08:05:00 GMT", timedelta(0)),
        ("99999999", timedelta(days=1)),
        ("soon", None),
        ("", None),
    ],
)
def test_a_server_may_ask_to_be_left_alone_for_a_while(header: str, expected: timedelta | None) -> None:
    with serving(sending(status=503, Retry_After=header)) as host:
        assert refusal(f"http://{host}/", frozenset({host})).retry_after == expected


def test_an_answer_of_nothing_new_to_who_has_nothing_is_trouble() -> None:
    with serving(sending(b"", status=304)) as host:
        assert failure(f"http://{host}/", frozenset({host})) is FetchFailure.SERVER_TROUBLE


@pytest.mark.parametrize(
    "url",
    [
        "",
        "agenda.ics",
        "example.org/agenda.ics",
        "ftp://example.org/agenda.ics",
        "file:///etc/passwd",
        "https://",
        "https://an:geheim@example.org/agenda.ics",
        "https://@example.org/agenda.ics",
        "https://exam ple.org/",
        "https://example.org:https/",
        "https://example.org:99999/",
        "https://[::1/",
    ],
)
def test_what_is_no_address_of_a_calendar_is_not_tried(url: str) -> None:
    assert (failure(url), is_calendar_address(url, NOBODY)) == (FetchFailure.BAD_ADDRESS, False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "webcal://localhost/agenda.ics",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://example.org:22/",
        "https://example.org:8443/",
    ],
)
def test_a_target_that_is_not_public_is_refused(url: str) -> None:
    assert failure(url) is FetchFailure.FORBIDDEN_TARGET


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("http://169.254.169.254/", FetchFailure.FORBIDDEN_TARGET),
        ("http://10.0.0.1/", FetchFailure.FORBIDDEN_TARGET),
        ("http://localhost:22/", FetchFailure.FORBIDDEN_TARGET),
        ("//127.0.0.1/", FetchFailure.FORBIDDEN_TARGET),
        ("file:///etc/passwd", FetchFailure.BAD_ADDRESS),
        ("http://a:b@127.0.0.1/", FetchFailure.BAD_ADDRESS),
    ],
)
def test_a_redirect_to_where_nobody_may_go_is_refused(target: str, kind: FetchFailure) -> None:
    with serving(sending(b"", status=302, Location=target)) as host:
        assert failure(f"http://{host}/", frozenset({host})) is kind


def test_a_name_that_leads_elsewhere_once_it_was_checked_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server may answer with a public address first, and with a private one after (DNS rebinding)."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *args: int, **options: int) -> object:
        if host != "rebinding.example":
            return real(host, port, *args, **options)
        asked.append(host)
        return real("93.184.215.14" if len(asked) == 1 else "127.0.0.1", port, *args, **options)

    reached: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_args: object, **_options: object) -> socket.socket:
        reached.append(address[:2])
        raise OSError("nothing is reached in this test")

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    kind = failure("http://rebinding.example/agenda.ics")
    assert (kind, asked, reached) == (
        FetchFailure.SERVER_TROUBLE,
        ["rebinding.example"],
        [("93.184.215.14", 80)],
    )


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *args, **named: real("10.0.0.7", *args, **named))
    assert failure("https://intranet.example/agenda.ics") is FetchFailure.FORBIDDEN_TARGET


def test_a_host_is_allowed_with_its_port_alone() -> None:
    with serving(sending()) as host, serving(sending()) as other:
        assert failure(f"http://{other}/", frozenset({host})) is FetchFailure.FORBIDDEN_TARGET
        assert not is_calendar_address(f"http://{other}/", frozenset({host}))
        assert is_calendar_address(f"http://{host}/", frozenset({host}))


@pytest.mark.parametrize(("redirects", "arrives"), [(3, True), (4, False)])
def test_three_redirects_are_followed(redirects: int, arrives: bool) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        number = int(handler.path[1:])
        reply = sending(b"", status=301, Location=f"/{number - 1}") if number else sending()
        reply(handler)

    with serving(answer) as host:
        url, allowed = f"http://{host}/{redirects}", frozenset({host})
        if arrives:
            assert fetch_calendar(url, now=NOW, allowed_hosts=allowed) == Fetched(CALENDAR, None, None)
        else:
            assert failure(url, allowed) is FetchFailure.NOT_FOUND


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (sending(status=404), FetchFailure.NOT_FOUND),
        (sending(status=410), FetchFailure.NOT_FOUND),
        (sending(status=403), FetchFailure.NOT_FOUND),
        (sending(status=400), FetchFailure.NOT_FOUND),
        (sending(status=408), FetchFailure.SERVER_TROUBLE),
        (sending(b"", status=302, Location="http://[bad"), FetchFailure.SERVER_TROUBLE),
        (sending(status=401), FetchFailure.LOGIN_PAGE),
        (sending(b"<!doctype html><form>Meld je aan</form>"), FetchFailure.LOGIN_PAGE),
        (sending(status=500), FetchFailure.SERVER_TROUBLE),
        (sending(status=429), FetchFailure.SERVER_BUSY),
        (sending(status=503), FetchFailure.SERVER_BUSY),
        (sending(b"plat", Content_Encoding="gzip"), FetchFailure.SERVER_TROUBLE),
        (lambda handler: handler.wfile.write(b"Dag!\r\n"), FetchFailure.SERVER_TROUBLE),
        (lambda handler: handler.connection.close(), FetchFailure.SERVER_TROUBLE),
        (sending(b"x" * 10_000_001), FetchFailure.TOO_LARGE),
    ],
)
def test_what_goes_wrong_has_a_name(answer: Answer, kind: FetchFailure) -> None:
    with serving(answer) as host:
        assert failure(f"http://{host}/", frozenset({host})) is kind


@pytest.mark.parametrize("validator", ["x" * 1001, "\x01", ""])
def test_nonsense_is_not_said_back_to_a_server(validator: str) -> None:
    with serving(sending(CALENDAR, status=200, ETag=validator, Last_Modified=validator)) as host:
        assert fetch(host) == Fetched(CALENDAR, None, None)


def test_a_name_that_nobody_has_is_told() -> None:
    assert failure("https://agenda.invalid/a.ics") is FetchFailure.UNKNOWN_HOST
    assert failure("http://agenda.invalid/", frozenset({"agenda.invalid"})) is FetchFailure.UNKNOWN_HOST


def test_a_server_that_is_not_there_is_trouble() -> None:
    with serving(sending()) as host:
        pass
    assert failure(f"http://{host}/", frozenset({host})) is FetchFailure.SERVER_TROUBLE


def test_a_gzip_bomb_is_too_large() -> None:
    bomb = gzip.compress(b"BEGIN:VCALENDAR\n" + b"X" * 300_000_000, compresslevel=9)
    assert len(bomb) < 400_000
    with serving(sending(bomb, Content_Encoding="gzip")) as host:
        assert failure(f"http://{host}/", frozenset({host})) is FetchFailure.TOO_LARGE


def test_a_compressed_calendar_is_fetched() -> None:
    with serving(sending(gzip.compress(CALENDAR), Content_Encoding="gzip")) as host:
        assert fetch(host) == Fetched(CALENDAR, None, None)


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"B"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"B"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nB\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"B"),
        (b"", b"H"),
    ],
)
def test_a_server_that_drips_does_not_hold_us(before: bytes, drop: bytes) -> None:
    stopped = Event()
    with serving(dripping(before, drop, stopped)) as host:
        began = time.monotonic()
        kind = failure(f"http://{host}/", frozenset({host}), total_seconds=0.6)
        took = time.monotonic() - began
        stopped.set()
    assert kind is FetchFailure.SERVER_SLOW
    assert took < 4


def test_a_certificate_that_nobody_vouches_for_is_named(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with serving(sending(), context=context) as host:
        assert failure(f"https://{host}/", frozenset({host})) is FetchFailure.CERTIFICATE


def test_an_error_does_not_hold_the_secret_address() -> None:
    with pytest.raises(FetchError) as caught:
        fetch_calendar("http://127.0.0.1/geheim.ics", now=NOW)
    assert "geheim" not in repr(caught.value)
    assert caught.value.__suppress_context__
