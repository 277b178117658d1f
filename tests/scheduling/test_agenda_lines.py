"""What is kept of a file: the lines that say when, and not a word of what, where or with whom."""

import time
import tracemalloc
from contextlib import suppress

import pytest

from scheduling.agenda import AgendaLines, AgendaUnreadableError, UnreadableKind, keep_lines
from scheduling.agenda.lines import is_web_page
from tests.scheduling.agendas import calendar, event, meeting

HEAD, TAIL = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "\nUID:one\nEND:VEVENT\nEND:VCALENDAR"
LIMIT = 10_000_000


def kept(data: bytes) -> str:
    return keep_lines(data).text.decode()


def refusal(data: bytes) -> UnreadableKind:
    with pytest.raises(AgendaUnreadableError) as caught:
        keep_lines(data)
    return caught.value.kind


def test_only_the_lines_are_kept_that_say_when_somebody_is_taken() -> None:
    data = calendar(
        "X-WR-CALNAME:Agenda van An",
        meeting(
            *("DTSTAMP:20260101T000000Z", "LOCATION:Gasthuis", "ATTENDEE;CN=An:mailto:an@example.org"),
            *("organizer:mailto:jan@example.org", "X-ALT-DESC;FMTTYPE=text/html:<p>Ontslag</p>"),
            *("rrule:FREQ=WEEKLY", "Transp :OPAQUE  ", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"),
            *("BEGIN:VALARM", "TRIGGER:-PT15M", "DESCRIPTION:Ontslag", "END:VALARM"),
        ),
    )
    assert kept(data).split("\n") == [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:one"),
        *("DTSTART;TZID=Europe/Brussels:20260302T100000", "DTEND;TZID=Europe/Brussels:20260302T110000"),
        *("RRULE:FREQ=WEEKLY", "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"),
        *("BEGIN:VALARM", "END:VALARM", "END:VEVENT", "END:VCALENDAR"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "SUMMARY:ontslag",
        "summary:ontslag",
        "SuMMaRy\t:ontslag",
        "SUMMARY ;LANGUAGE=nl:ontslag",
        "SUMMARY;LANGUAGE=nl:DTSTART:ontslag",
        'SUMMARY;ALTREP="cid:DTSTART:1":ontslag',
        "SUMMARY:ont\n slag",
        "SUMMARY:ont\n\tslag",
        "SUMM\n ARY:ontslag",
        "SUMMARY:\n DTSTART:ontslag",
        "SUMMARY:\n\tDTSTART:ontslag",
        "SUMMARY:\n \n DTSTART:ontslag",
        "SUMMARY:\n\n DTSTART:ontslag",
        "SUMMARY:\n\n\n\t\n\n DTSTART:ontslag",
        "SUMMARY:\rDTSTART:ontslag",
        "SUMMARY:\r\r\rDTSTART:ontslag",
        "SUMMARY:\x0bDTSTART:ontslag",
        "SUMMARY:\x1eDTSTART:ontslag",
        "SUMMARY:\x85DTSTART:ontslag",
        "SUMMARY:\u2028DTSTART:ontslag",
        "SUMMARY:\0DTSTART:ontslag",
        "SUM\0MARY:ontslag",
        "\ufeffSUMMARY:ontslag",
        "SUMMARY\u017f:ontslag",
        "U\u0130D:ontslag",
        "\u017fTATUS:ontslag",  # a long s, of which the capital is an S
        "SUMMARY;ENCODING=QUOTED-PRINTABLE:=\nDTSTART:ontslag",
        "SUMMARY;CHARSET=UTF-8;encoding=quoted-printable:a=3D= \nUID:b=\nDTSTART:ontslag",
        "SUMMARY;QUOTED-PRINTABLE:=\n=\nDTSTART:ontslag",
        "DTSTART-X:ontslag",
        "X-DTSTART:ontslag",
        "DTSTART ontslag",
        "DESCRIPTION:ontslag",
        "LOCATION:ontslag",
        'ATTENDEE;CN="ontslag";DTSTART=1:mailto:ontslag@example.org',
        "CATEGORIES:ontslag",
        "COMMENT:ontslag",
        "CONTACT:ontslag",
        "ATTACH;ENCODING=BASE64;VALUE=BINARY:ontslag==",
        "URL:https://ontslag.example.org",
        "CONFERENCE:https://ontslag.example.org",
        "X-APPLE-STRUCTURED-LOCATION;X-TITLE=ontslag:geo:1,2",
        "ontslag",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r\r\n"])
def test_no_word_of_a_title_a_place_or_a_guest_is_kept(title: str, line_end: str) -> None:
    data = f"{HEAD}{title}{TAIL}".replace("\n", line_end)
    without = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:one\nEND:VEVENT\nEND:VCALENDAR"
    assert kept(data.encode()) == kept(data.encode("utf-16")) == without


def test_what_stands_before_the_calendar_is_not_kept() -> None:
    assert kept(b"Status: 200\nUID: an@example.org\n\n" + calendar()) == kept(calendar())


@pytest.mark.parametrize(
    "written",
    [
        "DTSTART;TZID=Klimopland:20260302T100000",
        "DTSTART;TZID=Klim\n op\n\tland\n :20260302T100000",
        "DTST\n ART;TZID=Klimopland:2026030\n 2T100000",
        "DTSTART;TZID=Klimop\0land:20260302T100000\0",
        "DTSTART;TZID=Klimopland:2026\r0302T\x0c100000\x1a",
        "dtstart \t;TZID=Klimopland:20260302T100000 \t ",
        "\ufeffDTSTART;TZID=Klimopland:20260302T100000",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n", "\r\r\n"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_line_is_the_same_however_it_is_written(written: str, line_end: str, coding: str) -> None:
    data = f"{HEAD}{written}{TAIL}".replace("\n", line_end).encode(coding)
    assert kept(data) == f"{HEAD}DTSTART;TZID=Klimopland:20260302T100000{TAIL}"


def test_what_is_not_in_unicode_is_marked_as_unreadable() -> None:
    data = calendar("X-WR-TIMEZONE:Brasília").decode().encode("latin-1")
    assert kept(data) == "BEGIN:VCALENDAR\nX-WR-TIMEZONE:Bras\ufffdlia\nEND:VCALENDAR"


def test_the_digest_follows_the_meaning_and_not_the_stamp() -> None:
    plain = keep_lines(calendar(meeting())).digest
    restamped = calendar(meeting("DTSTAMP:20260101T000000Z", "LAST-MODIFIED:20260101T000000Z"))
    reworded = calendar(meeting("DESCRIPTION:nieuw").replace("Gesprek", "Overleg"))
    assert keep_lines(restamped).digest == keep_lines(reworded).digest == plain
    assert keep_lines(calendar(meeting("TRANSP:TRANSPARENT"))).digest != plain
    assert keep_lines(calendar(meeting().replace("T10", "T09"))).digest != plain


def test_the_digest_is_the_sha_256_of_the_text() -> None:
    assert AgendaLines(b"abc").digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_no_line_is_shown_where_the_lines_are() -> None:
    assert repr(keep_lines(calendar(event(uid="an@example.org")))) == "AgendaLines()"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", UnreadableKind.EMPTY),
        (b"\xef\xbb\xbf \r\n\t\0", UnreadableKind.EMPTY),
        (b"\xff\xfe\n\0", UnreadableKind.EMPTY),
        (b"<!DOCTYPE html><html><body>Meld je aan</body></html>", UnreadableKind.WEB_PAGE),
        (b"\n <HTML><form>BEGIN:VCALENDAR</form>", UnreadableKind.WEB_PAGE),
        ("<html>Meld je aan</html>".encode("utf-16"), UnreadableKind.WEB_PAGE),
        (b"Naam;Van;Tot\nOverleg;10;11", UnreadableKind.NOT_A_CALENDAR),
        (b"BEGIN:VEVENT\nDTSTART:20260302T090000Z\nEND:VEVENT", UnreadableKind.NOT_A_CALENDAR),
        (b"SUMMARY:\n BEGIN:VCALENDAR\n", UnreadableKind.NOT_A_CALENDAR),
        (b"BEGIN:VCALENDARIUM\n", UnreadableKind.NOT_A_CALENDAR),
        (b"BEGIN:VCALENDAR-X\n", UnreadableKind.NOT_A_CALENDAR),
        (bytes(range(256)) * 10, UnreadableKind.NOT_A_CALENDAR),
        (b"x" * (LIMIT + 1), UnreadableKind.TOO_LARGE),
        (b"BEGIN:VCALENDAR\nUID:" + b"\xff" * (LIMIT // 2), UnreadableKind.TOO_LARGE),
    ],
    ids=lambda value: value.value if isinstance(value, UnreadableKind) else "",
)
def test_what_holds_no_calendar_is_refused_with_the_reason(data: bytes, kind: UnreadableKind) -> None:
    assert refusal(data) is kind


def test_a_calendar_with_a_page_in_it_is_no_web_page() -> None:
    page = calendar("X-ALT-DESC:<html><body>Overleg</body></html>")
    assert [is_web_page(data) for data in (page, page.replace(b"\r\n", b"\r"), b"<html>")] == [
        False,
        False,
        True,
    ]


CALENDAR, MARK, TITLE = b"BEGIN:VCALENDAR\n", b"\xff\xfe", b"BEGIN:VCALENDAR\nSUMMARY;QUOTED-PRINTABLE:"


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        *(
            (b"", unit)
            for unit in (b"\n ", b"BEGIN:VCALENDAR", b"BEGIN:VCALENDAR \t", b"\xff", b"<html", b"\0")
        ),
        *((CALENDAR, unit) for unit in (b"\n ", b"\n\t", b"\n \n\t", b"\n\n ", b"\n", b" ", b"\t\n", b"\0")),
        *((CALENDAR, unit) for unit in (b"\r", b"\r\n", b"\r\r\n", b"x", b"DESCRIPTION:x\n y\n", b"\xff")),
        *((CALENDAR, unit) for unit in (b"BEGIN", b"BEGIN\n", b"BEGIN:\n", b"BEGIN  ", b"BEGIN:VCALENDAR\n")),
        *((CALENDAR, unit) for unit in (b"\nUID:", b"UID   ;", b"; ", b"\nUID:\xff", b"\xef\xbb\xbf")),
        *(
            (CALENDAR, unit)
            for unit in (b";ENCODING=QUOTED-PRINTABLE", b"\nA;QUOTED-PRINTABLE:=", b"\xf0\x9f")
        ),
        *((TITLE, unit) for unit in (b"=\n", b"= ", b"=", b"x", b"\nUID:", b"=\nA;QUOTED-PRINTABLE:")),
        *(
            (MARK, unit)
            for unit in (b"\n\0 \0", b"B\0E\0G\0I\0N\0", b"U\0I\0D\0:\0-N\n\0", b"\0\xd8", b"\r\0")
        ),
    ],
    ids=repr,
)
def test_ten_million_bytes_of_anything_are_filtered_in_time(head: bytes, unit: bytes) -> None:
    data = (head + unit * (LIMIT // len(unit)))[:LIMIT]
    began = time.monotonic()
    with suppress(AgendaUnreadableError):
        assert len(keep_lines(data).text) <= LIMIT
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "unit", [b"\n ", b"\n\n", b"BEGIN:\n", b"UID:\n", b"\nA;QUOTED-PRINTABLE:=", b"\nUID:\xff"]
)
def test_the_filter_takes_no_more_memory_than_some_times_the_file(unit: bytes) -> None:
    data = b"BEGIN:VCALENDAR\n" + unit * (500_000 // len(unit))
    tracemalloc.start()
    try:
        keep_lines(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * len(data)
