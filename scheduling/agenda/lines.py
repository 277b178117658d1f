"""From bytes to the few property lines that say when somebody is taken: the privacy step.

Only the lines named here are ever decoded or held; titles, places, guests and descriptions end here.
"""

import codecs
import hashlib
import re

from scheduling.agenda.reading import AgendaUnreadableError, UnreadableKind

MAX_BYTES = 10_000_000

KEPT = (
    *("BEGIN", "END", "UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION"),
    *("RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"),
    *("FREEBUSY", "BUSYTYPE", "PRIORITY", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-WR-TIMEZONE"),
)

Line = tuple[str, str]  # a property's name, in capitals; its parameters and value, from their ";" or ":" on

_KEPT_LINE = re.compile(
    rb"^(" + "|".join(KEPT).encode() + rb")[ \t]*([;:][^\n]*)", re.IGNORECASE | re.MULTILINE
)
_CALENDAR = re.compile(rb"^BEGIN[ \t]*:[ \t]*VCALENDAR\b", re.IGNORECASE | re.MULTILINE)
_WEB_PAGE = re.compile(rb"<(!doctype html|html|head|body|script)\b", re.IGNORECASE)


def kept_lines(data: bytes) -> list[Line]:
    """Return the lines that matter, unfolded (RFC 5545, 3.1).

    Raises AgendaUnreadableError where there is no calendar in the bytes.
    """
    if len(data) > MAX_BYTES:
        raise AgendaUnreadableError(UnreadableKind.TOO_LARGE)
    text = _unfolded(_as_utf8(data))
    if not text.strip():
        raise AgendaUnreadableError(UnreadableKind.EMPTY)
    if not _CALENDAR.search(text):
        page = is_web_page(text)
        raise AgendaUnreadableError(UnreadableKind.WEB_PAGE if page else UnreadableKind.NOT_A_CALENDAR)
    return [
        (name.decode().upper(), rest.decode(errors="replace").rstrip())
        for name, rest in _KEPT_LINE.findall(text)
    ]


def is_web_page(data: bytes) -> bool:
    """Return whether the bytes are HTML, whatever their sender calls them."""
    return bool(_WEB_PAGE.search(data[:4096])) and not _CALENDAR.search(data)


def digest(lines: list[Line]) -> str:
    """Return a hash that changes when a line that matters does; a new DTSTAMP does not change it."""
    return hashlib.sha256("\n".join(name + rest for name, rest in lines).encode()).hexdigest()


def _as_utf8(data: bytes) -> bytes:
    """Return the text without marks and NULs; other ASCII supersets stay as they are, UTF-16 is converted."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", errors="replace").encode()
    elif data[1:4:2] == b"\0\0":
        data = data.decode("utf-16-le", errors="replace").encode()
    elif data[0:3:2] == b"\0\0":
        data = data.decode("utf-16-be", errors="replace").encode()
    return data.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")


def _unfolded(data: bytes) -> bytes:
    # A copy in text mode on Windows makes CRCRLF, and old Macs wrote CR alone.
    for line_end in (b"\r\r\n", b"\r\n", b"\r"):
        data = data.replace(line_end, b"\n")
    return data.replace(b"\n ", b"").replace(b"\n\t", b"")
