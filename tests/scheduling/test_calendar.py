from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from scheduling.calendar import CalendarEntry, Status, render

ENTRY = CalendarEntry(
    uid="session-7-group-1@klimop.example",
    start=datetime(2027, 1, 12, 13, tzinfo=UTC),
    end=datetime(2027, 1, 12, 14, 30, tzinfo=UTC),
    changed=datetime(2026, 12, 1, 9, tzinfo=UTC),
    sequence=2,
    summary="Leiderschap, sessie 3; samen verder",
    description="Lees vooraf leereenheid 4.\nTot dan!",
    link="https://meet.example/7?a=1,2;b",
)

# Hypothesis takes naive limits and adds the zone itself.
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=200)
ENTRIES = st.builds(
    lambda start, minutes, **fields: CalendarEntry(
        start=start, end=start + timedelta(minutes=minutes), **fields
    ),
    start=MOMENTS,
    minutes=st.integers(1, 600),
    uid=st.uuids().map(str),
    changed=MOMENTS,
    sequence=st.integers(0, 1000),
    summary=TEXTS,
    description=TEXTS,
    place=TEXTS,
    link=st.sampled_from(["", "https://meet.example/é?x=1,2;3&y='z'#" + "a" * 90]),
    status=st.sampled_from(Status),
)
LISTS = st.lists(ENTRIES, max_size=4, unique_by=lambda entry: entry.uid)


def rendered(*entries: CalendarEntry) -> bytes:
    return render(entries, name="Live sessies", prodid="-//Klimop//NL")


def event(data: bytes) -> Event:
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    assert isinstance(found, Event)
    return found


def read(found: Event) -> CalendarEntry:
    """Return the entry that a client reads."""
    conference = str(found.get("conference", ""))
    description = str(found.get("description", ""))
    location = str(found.get("location", ""))
    return CalendarEntry(
        uid=str(found["uid"]),
        start=found.decoded("dtstart"),
        end=found.decoded("dtend"),
        changed=found.decoded("last-modified"),
        sequence=int(str(found["sequence"])),
        summary=str(found["summary"]),
        description=description.removesuffix(conference).removesuffix("\n\n") if conference else description,
        place="" if location == conference else location,
        link=conference,
        status=Status(str(found["status"])),
    )


def test_a_session_is_written_line_by_line() -> None:
    assert rendered(ENTRY).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Klimop//NL",
        "NAME:Live sessies",
        "X-WR-CALNAME:Live sessies",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "BEGIN:VEVENT",
        r"SUMMARY:Leiderschap\, sessie 3\; samen verder",
        "DTSTART:20270112T130000Z",
        "DTEND:20270112T143000Z",
        "DTSTAMP:20261201T090000Z",
        "UID:session-7-group-1@klimop.example",
        "SEQUENCE:2",
        "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://meet.example/7?a=1,2;b",
        r"DESCRIPTION:Lees vooraf leereenheid 4.\nTot dan!\n\nhttps://meet.example/7",
        r" ?a=1\,2\;b",
        "LAST-MODIFIED:20261201T090000Z",
        r"LOCATION:https://meet.example/7?a=1\,2\;b",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@given(LISTS)
def test_a_client_reads_back_what_was_written(entries: list[CalendarEntry]) -> None:
    found = Calendar.from_ical(rendered(*entries)).walk("VEVENT")
    ordered = sorted(entries, key=lambda entry: (entry.start, entry.uid))
    assert [read(each) for each in found] == ordered  # type: ignore[arg-type]


@given(LISTS)
def test_no_line_is_longer_than_75_octets_and_none_splits_a_character(entries: list[CalendarEntry]) -> None:
    lines = rendered(*entries).split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert [line.decode() for line in lines]


@given(LISTS)
def test_equal_entries_give_equal_bytes_in_any_order(entries: list[CalendarEntry]) -> None:
    assert rendered(*entries) == rendered(*(replace(entry) for entry in reversed(entries)))


def test_the_stamp_is_the_last_change() -> None:
    found = event(rendered(ENTRY))
    assert found.decoded("dtstamp") == found.decoded("last-modified") == ENTRY.changed


def test_the_link_stands_where_every_client_looks() -> None:
    found = event(rendered(ENTRY))
    assert found["conference"].params == {"VALUE": "URI", "FEATURE": "VIDEO"}
    assert str(found["location"]) == ENTRY.link
    assert str(found["description"]) == f"{ENTRY.description}\n\n{ENTRY.link}"


def test_a_place_stays_the_location() -> None:
    assert str(event(rendered(replace(ENTRY, place="Leuven, lokaal 2")))["location"]) == "Leuven, lokaal 2"


def test_a_cancelled_session_stays_but_takes_no_time() -> None:
    found = event(rendered(replace(ENTRY, status=Status.CANCELLED, sequence=3)))
    assert (found["status"], found["transp"], found["sequence"]) == ("CANCELLED", "TRANSPARENT", 3)


def test_the_name_is_escaped() -> None:
    data = render([], name="Zorg, welzijn; en meer", prodid="-//Klimop//NL")
    assert b"\r\nNAME:Zorg\\, welzijn\\; en meer\r\n" in data
    assert b"\r\nX-WR-CALNAME:Zorg\\, welzijn\\; en meer\r\n" in data


def test_control_characters_are_left_out() -> None:
    assert str(event(rendered(replace(ENTRY, summary="a\x00b\x0bc\r\nd")))["summary"]) == "abc\nd"


def test_times_are_kept_in_utc_to_the_second() -> None:
    brussels = datetime.fromisoformat("2027-01-12T14:00:00.900000+01:00")
    assert replace(ENTRY, start=brussels) == ENTRY


def test_two_entries_of_one_uid_are_refused() -> None:
    with pytest.raises(ValueError, match="UID"):
        rendered(ENTRY, ENTRY)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"uid": ""},
        {"uid": "a\nb"},
        {"sequence": -1},
        {"end": ENTRY.start},
        # A naive time is the nonsense.
        {"changed": datetime(2026, 12, 1)},  # noqa: DTZ001
        {"link": "javascript:alert(1)"},
        {"link": "https://meet.example/a b"},
        {"link": "https://meet.example/\r\nATTACH:x"},
    ],
)
def test_an_entry_refuses_nonsense(nonsense: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        replace(ENTRY, **nonsense)  # type: ignore[arg-type]  # the values are of the fields' types
