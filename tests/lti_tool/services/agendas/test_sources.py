"""A person's agendas: several, each her own; what was read goes to whom it was read for, or nowhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lti_tool.services.agendas import sources
from lti_tool.services.agendas.refreshing import claim_reading
from lti_tool.services.agendas.sources import (
    ConnectedBeforeError,
    Handling,
    NoAgendaError,
    TooManyAgendasError,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import Agenda, AgendaKind
from lti_tool.zone import ZONE
from scheduling.painted import Exceptional, PaintedWeek, read_hours, read_week
from tests.lti_tool.services.agendas.people import (
    ANN,
    BOB,
    NOW,
    READ,
    READING,
    VAULT,
    assignment_of,
    connect,
    disconnect,
    only,
    paint,
    record,
    sources_of,
)

WEEK = PaintedWeek(read_week(["8:00-12:00", "", "", "", "", "", ""]))


def test_someone_may_have_several_agendas_in_the_order_of_connecting(cohort: Database) -> None:
    connect(cohort, ANN, "https://a.example/1.ics")
    with cohort.begin() as db:
        sources.connect_file(db, ANN, READING, Handling("Nachten"), NOW)
    paint(cohort, ANN, WEEK)
    connect(cohort, BOB, "https://b.example/2.ics")
    found = [(one.kind, one.host, one.handling.label) for one in sources_of(cohort, ANN)]
    assert found == [
        (AgendaKind.ADDRESS, "a.example", ""),
        (AgendaKind.FILE, "", "Nachten"),
        (AgendaKind.PAINTED, "", ""),
    ]
    assert [one.host for one in sources_of(cohort, BOB)] == ["b.example"]


def test_no_one_has_more_than_ten(cohort: Database) -> None:
    for number in range(sources.MOST_AGENDAS):
        connect(cohort, ANN, f"https://a.example/{number}.ics")
    with pytest.raises(TooManyAgendasError):
        connect(cohort, ANN, "https://a.example/one-more.ics")
    connect(cohort, BOB, "https://a.example/1.ics")
    assert len(sources_of(cohort, ANN)) == sources.MOST_AGENDAS


def test_an_address_lies_encrypted_and_its_server_has_no_name(cohort: Database) -> None:
    connect(cohort, ANN, "https://agenda.example/secret.ics")
    with cohort.read() as db:
        row = db.scalars(select(Agenda)).one()
    assert row.address is not None
    assert row.host is not None
    assert b"example" not in row.address
    assert "example" not in row.host
    assert VAULT.decrypt(row.address) == "https://agenda.example/secret.ics"


def test_an_address_of_another_secret_key_has_no_server_to_show(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    with cohort.begin() as db:
        db.get_one(Agenda, agenda_id).address = b"of another installation"
    assert only(cohort, ANN).host == ""


@pytest.mark.parametrize("who", [BOB])
def test_someone_elses_agenda_is_as_good_as_none(cohort: Database, who: int) -> None:
    agenda_id = connect(cohort, ANN)
    with cohort.begin() as db:
        with pytest.raises(NoAgendaError):
            sources.find_source(db, VAULT, who, agenda_id)
        with pytest.raises(NoAgendaError):
            sources.change(db, who, agenda_id, Handling("mine"), NOW)
        with pytest.raises(NoAgendaError):
            sources.change_address(db, VAULT, who, agenda_id, "https://b.example/", READ, NOW)
        with pytest.raises(NoAgendaError):
            sources.disconnect(db, who, agenda_id)
    assert only(cohort, ANN).handling == Handling()


def test_a_change_in_how_it_counts_reads_it_anew_and_a_new_name_does_not(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    record(cohort, assignment_of(cohort, agenda_id))
    with cohort.begin() as db:
        sources.change(db, ANN, agenda_id, Handling("Werk"), NOW)
        assert claim_reading(db, NOW) is None
        sources.change(db, ANN, agenda_id, Handling("Werk", ignore_all_day=True), NOW)
        assert claim_reading(db, NOW) == agenda_id
    asked = assignment_of(cohort, agenda_id)
    assert (asked.ignore_all_day, asked.digest, asked.etag) == (True, None, None)


def test_how_a_file_counts_is_settled(cohort: Database) -> None:
    with cohort.begin() as db:
        agenda_id = sources.connect_file(db, ANN, READING, Handling(treat_all_as_busy=True), NOW)
        sources.change(db, ANN, agenda_id, Handling("Oud"), NOW)
    assert only(cohort, ANN).handling == Handling("Oud", treat_all_as_busy=True)


def test_a_file_gets_old(cohort: Database) -> None:
    with cohort.begin() as db:
        sources.connect_file(db, ANN, READING, Handling(), NOW)
    file = only(cohort, ANN)
    assert [file.is_old(NOW + timedelta(weeks=weeks)) for weeks in (0, 4, 5)] == [False, False, True]


def test_there_is_one_painted_week_and_painting_it_again_replaces_it(cohort: Database) -> None:
    holiday = Exceptional(date(2027, 3, 8), date(2027, 3, 12), *read_hours(""))
    other = replace(WEEK, exceptions=(holiday,))
    with cohort.read() as db:
        assert sources.find_painted(db, ANN) == sources.EMPTY_WEEK
    first = paint(cohort, ANN, WEEK)
    assert paint(cohort, ANN, other) == first
    with cohort.read() as db:
        assert (sources.find_painted(db, ANN), sources.find_painted(db, BOB)) == (other, sources.EMPTY_WEEK)


def test_an_address_is_connected_once(cohort: Database) -> None:
    connect(cohort, ANN)
    connect(cohort, BOB)
    with pytest.raises(ConnectedBeforeError):
        connect(cohort, ANN)


def test_a_file_runs_out_and_an_address_may_go_unread(cohort: Database) -> None:
    with cohort.begin() as db:
        sources.connect_file(db, ANN, READING, Handling(), NOW)
    record(cohort, assignment_of(cohort, connect(cohort, ANN)))
    file, address = sources_of(cohort, ANN)
    later = NOW + timedelta(days=2)
    assert [one.is_unread_for_long(later) for one in (file, address)] == [False, True]
    assert not address.is_unread_for_long(NOW + timedelta(days=1))
    assert [file.has_run_out(NOW + timedelta(weeks=weeks)) for weeks in (31, 33)] == [False, True]


def test_nothing_is_written_into_a_strangers_agenda_that_got_the_id_of_one_taken_away(
    cohort: Database,
) -> None:
    anns = connect(cohort, ANN)
    in_flight = assignment_of(cohort, anns)
    disconnect(cohort, ANN, anns)
    bobs = connect(cohort, BOB)
    record(cohort, replace(in_flight, agenda_id=bobs))
    assert only(cohort, BOB).read_at is None


def test_a_corrected_address_is_not_overwritten_by_the_reading_of_the_wrong_one(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN, "https://example.org/wrong.ics")
    in_flight = assignment_of(cohort, agenda_id)
    with cohort.begin() as db:
        sources.change_address(db, VAULT, ANN, agenda_id, "https://example.org/right.ics", READ, NOW)
    record(cohort, in_flight, replace(READ, reading=None, failure="not_found"))
    assert only(cohort, ANN).failure is None


def test_a_switch_is_not_undone_by_a_reading_of_before(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    in_flight = assignment_of(cohort, agenda_id)
    with cohort.begin() as db:
        sources.change(db, ANN, agenda_id, Handling(treat_all_as_busy=True), NOW)
    record(cohort, in_flight)
    assert only(cohort, ANN).read_at is None


def test_an_agenda_taken_away_meanwhile_stays_away(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    in_flight = assignment_of(cohort, agenda_id)
    disconnect(cohort, ANN, agenda_id)
    record(cohort, in_flight)
    assert sources_of(cohort, ANN) == ()


def test_connecting_at_once_never_makes_more_than_ten(cohort: Database) -> None:
    def click(number: int) -> None:
        try:
            connect(cohort, ANN, f"https://example.org/{number}.ics")
        except TooManyAgendasError:
            return

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(click, range(16)))
    with cohort.read() as db:
        assert db.scalar(select(func.count()).select_from(Agenda)) == sources.MOST_AGENDAS


def test_what_two_tabs_add_to_a_painted_week_at_once_is_all_kept(cohort: Database) -> None:
    days = [date(2027, 3, number) for number in range(1, 9)]

    def add(day: date) -> None:
        with cohort.begin() as db:
            sources.change_painted(
                db,
                ANN,
                lambda week: replace(week, exceptions=(*week.exceptions, Exceptional(day, day, ()))),
                ZONE,
                NOW,
            )

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(add, days))
    assert [one.kind for one in sources_of(cohort, ANN)] == [AgendaKind.PAINTED]
    with cohort.read() as db:
        found = sources.find_painted(db, ANN)
    assert sorted(one.first for one in found.exceptions) == days
