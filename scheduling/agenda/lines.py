"""From bytes to the few property lines that say when somebody is taken: the privacy step.

Only the lines named here go on from this module; titles, places, guests and descriptions end here.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from scheduling.agenda.reading import AgendaUnreadableError, UnreadableKind

MAX_BYTES = 10_000_000

KEPT = (
    *("BEGIN", "END", "UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION"),
    *("RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"),
    *("FREEBUSY", "BUSYTYPE", "PRIORITY", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-WR-TIMEZONE"),
)

Line = tuple[str, str]  # a property's name, in capitals; its parameters and value, from their ";" or ":" on

# Begun with the line end before it, because that is found faster than the start of a line.
_KEPT_LINE = re.compile(rb"\n(" + "|".join(KEPT).encode() + rb")[ \t]*([;:][^\n]*)", re.IGNORECASE)
_LINE = re.compile(r"([A-Z-]+)([;:].*)")
_CALENDAR = re.compile(rb"(?:^|\r)BEGIN[ \t]*:[ \t]*VCALENDAR[ \t]*(?:\r|$)", re.IGNORECASE | re.MULTILINE)
_WEB_PAGE = re.compile(rb"<(!doctype html|html|head|body|script)\b", re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(
    rb"\n[^\n:]*;[ \t]*(?:ENCODING[ \t]*=[ \t]*)?QUOTED-PRINTABLE\b(?:[^=\n]++|=(?:[ \t]*\n)?)*+",
    re.IGNORECASE,
)
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n"})


@dataclass(frozen=True)
class AgendaLines:
    """All that is kept of an agenda, as keep_lines gives it.

    `text` holds property lines, unfolded, each begun by its name in capitals, joined by line feeds, in UTF-8.
    """

    text: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of the text: it changes when a line that matters does, and not with a new DTSTAMP."""
        return sha256(self.text).hexdigest()

    def __iter__(self) -> Iterator[Line]:
        return iter(_LINE.findall(self.text.decode()))


def keep_lines(data: bytes) -> AgendaLines:
    """Return the lines that matter of the calendars in a file.

    Time and memory are linear to the file, whatever is in it; the lines of a kept text are that same text.
    Raises AgendaUnreadableError where there is no calendar in the bytes.
    """
    if len(data) > MAX_BYTES:
        raise AgendaUnreadableError(UnreadableKind.TOO_LARGE)
    text = _unfolded(_as_utf8(data))
    calendar = _CALENDAR.search(text)
    if not calendar:
        raise AgendaUnreadableError(_why_none(text))
    # A list of all lines could take many times the memory of the file.
    kept = bytearray()
    for line in _KEPT_LINE.finditer(text, calendar.start() - 1):
        kept += b"\n" + line[1].upper() + line[2].rstrip()
    if len(kept) > MAX_BYTES:  # in UTF-8, of which some letters are longer than they were
        raise AgendaUnreadableError(UnreadableKind.TOO_LARGE)
    return AgendaLines(bytes(kept[1:]))


def is_web_page(data: bytes) -> bool:
    """Return whether the bytes are HTML, whatever their sender calls them."""
    return bool(_WEB_PAGE.search(data[:4096])) and not _CALENDAR.search(data)


def _why_none(text: bytes) -> UnreadableKind:
    if not text.strip():
        return UnreadableKind.EMPTY
    return UnreadableKind.WEB_PAGE if is_web_page(text) else UnreadableKind.NOT_A_CALENDAR


def _as_utf8(data: bytes) -> bytes:
    """Return the text in valid UTF-8, with line feeds as the only control characters but tabs.

    Of an unknown superset of ASCII, all but the ASCII becomes a sign that it is unknown.
    """
    coding = "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        coding = "utf-16"
    elif data[1:4:2] == b"\0\0":
        coding = "utf-16-le"
    elif data[0:3:2] == b"\0\0":
        coding = "utf-16-be"
    if coding != "utf-8" or not data.isascii():
        data = data.decode(coding, errors="replace").encode()
    # Old Macs ended lines in CR alone. Where there are line feeds it is a part of line ends, or astray in
    # somebody's words, and then what follows it is no property.
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    # Files that were put together have marks inside.
    return data.replace(codecs.BOM_UTF8, b"").translate(None, _CONTROLS)


def _unfolded(text: bytes) -> bytes:
    """Return each property on one line, each with a line feed before it (RFC 5545, 3.1)."""
    # A blank line is no line, so what would continue it continues the one before, and is no property.
    text = b"\n" + text.strip()
    while b"\n\n" in text:
        text = text.replace(b"\n\n", b"\n")
    text = text.replace(b"\n ", b"").replace(b"\n\t", b"")
    # Programs of before iCalendar break titles with "=" at the end of a line; they never write a time so.
    return _QUOTED_PRINTABLE.sub(b"", text) if b"QUOTED-PRINTABLE" in text.upper() else text
