"""All that is held of someone's agendas: to take along, and gone at once."""

import json

from sqlalchemy import select

from lti_tool.services.agendas import holding
from lti_tool.services.agendas.preferences import find_mail_address, keep_mail_address
from lti_tool.services.agendas.reading import Outcome
from lti_tool.services.agendas.warning import WARN_AFTER, warn_owners
from lti_tool.storage.database import Database
from lti_tool.storage.models import Agenda, AgendaPreferences, Mail
from scheduling.painted import PaintedWeek, read_week
from tests.lti_tool.services.agendas.people import (
    ANN,
    BOB,
    HOUR,
    NOW,
    VAULT,
    assignment_of,
    connect,
    paint,
    record,
)


def fill(cohort: Database, who: int) -> None:
    agenda_id = connect(cohort, who, "https://agenda.example/secret.ics")
    with cohort.begin() as db:
        keep_mail_address(db, VAULT, who, f"{who}@example.be")
    paint(cohort, who, PaintedWeek(read_week(["9-10?", *[""] * 6])))
    record(cohort, assignment_of(cohort, agenda_id))
    for moment in (NOW + HOUR, NOW + HOUR + WARN_AFTER):
        record(cohort, assignment_of(cohort, agenda_id), Outcome(failure="not_found"), moment)
        with cohort.begin() as db:
            warn_owners(db, moment)


def test_everything_can_be_taken_along(cohort: Database) -> None:
    fill(cohort, ANN)
    with cohort.read() as db:
        held = json.loads(json.dumps(holding.holdings(db, VAULT, ANN)))
    address, painted = held["agendas"]
    assert held["mail_address"] == "2@example.be"
    assert held["preferences"]["rest"] == 480
    assert [mail["kind"] for mail in held["mails"]] == ["agenda_failing"]
    assert (address["address"], address["failure"]) == ("https://agenda.example/secret.ics", "not_found")
    assert address["busy"] == [["2027-03-01T09:00:00+00:00", "2027-03-01T10:00:00+00:00"]]
    assert painted["painted"]["days"][0] == "9:00-10:00?"
    assert painted["tentative"][0] == ["2027-03-01T08:00:00+00:00", "2027-03-01T09:00:00+00:00"]


def test_nothing_is_left_of_who_wants_to_be_forgotten_and_all_of_others(cohort: Database) -> None:
    fill(cohort, ANN)
    fill(cohort, BOB)
    with cohort.begin() as db:
        holding.forget_all(db, ANN)
    with cohort.read() as db:
        for table in (Agenda, AgendaPreferences, Mail):
            assert set(db.scalars(select(table.person_id))) == {BOB}
        assert holding.holdings(db, VAULT, ANN) == {
            "agendas": [],
            "preferences": None,
            "mail_address": None,
            "mails": [],
        }


def test_who_has_nothing_can_be_forgotten_too(cohort: Database) -> None:
    with cohort.begin() as db:
        holding.forget_all(db, ANN)


def test_a_mail_address_lies_encrypted_and_can_be_taken_back(cohort: Database) -> None:
    with cohort.begin() as db:
        keep_mail_address(db, VAULT, ANN, "ann@example.be")
        sealed = db.get_one(AgendaPreferences, ANN).mail_address
        assert sealed is not None
        assert b"example" not in sealed
        keep_mail_address(db, VAULT, ANN, "")
        assert find_mail_address(db, VAULT, ANN) == ""
        keep_mail_address(db, VAULT, BOB, "")
        assert db.get(AgendaPreferences, BOB) is None


def test_what_another_secret_key_opens_is_held_and_not_shown(cohort: Database) -> None:
    agenda_id = connect(cohort, ANN)
    with cohort.begin() as db:
        keep_mail_address(db, VAULT, ANN, "ann@example.be")
        db.get_one(Agenda, agenda_id).address = b"of another installation"
        db.get_one(AgendaPreferences, ANN).mail_address = b"of another installation"
    with cohort.begin() as db:
        held = holding.holdings(db, VAULT, ANN)
        assert (held["agendas"][0]["address"], held["mail_address"]) == (None, None)
        keep_mail_address(db, VAULT, ANN, "new@example.be")
        assert find_mail_address(db, VAULT, ANN) == "new@example.be"
