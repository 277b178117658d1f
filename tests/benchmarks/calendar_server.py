"""A calendar server of three tempers, for a process of its own: it serves on the port that it is given.

/kept/… answers 304 to who knows its entity tag. /same/… sends the whole calendar each time, with other stamps
and nothing new in it. /changed/… sends one with another event each time.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from tests.benchmarks.outlook_calendar import outlook_calendar

EVENTS, SERIES, MOVED = 300, 30, 15
STAMP = b"DTSTAMP:20260202T060000Z"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    calendar = outlook_calendar(events=EVENTS, series=SERIES, moved=MOVED)
    numbers = count()

    def do_GET(self) -> None:
        temper, number = self.path.split("/")[1], next(self.numbers)
        if temper == "kept" and self.headers["If-None-Match"] == '"1"':
            self._send(304, b"")
        elif temper == "kept":
            self._send(200, self.calendar)
        else:
            stamped = self.calendar.replace(STAMP, b"DTSTAMP:20260202T%06dZ" % (number % 240_000))
            end = b"END:VCALENDAR"
            self._send(200, stamped.replace(end, _event(number) + end) if temper == "changed" else stamped)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("ETag", '"1"' if self.path.startswith("/kept") else f'"{next(self.numbers)}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def _event(number: int) -> bytes:
    day = 1 + number % 28
    return (
        f"BEGIN:VEVENT\r\nUID:new-{number}\r\nDTSTART:202612{day:02}T090000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    ).encode()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
