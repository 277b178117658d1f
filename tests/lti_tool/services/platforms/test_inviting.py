"""Invitations: one LMS each, for a while, and nobody can read them from the database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from lti_tool.services.platforms.inviting import (
    InvitationError,
    InvitationFlaw,
    InvitationRow,
    Invited,
    accept_invitation,
    find_invitation,
    invite,
    list_institutions,
    list_invitations,
    registration_url,
    withdraw_invitation,
)
from lti_tool.services.platforms.registering import (
    NewRegistration,
    NoInstitutionError,
    RegistrationTakenError,
    add_institution,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import Institution, Invitation, Registration

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _institutions(database: Database) -> None:
    with database.begin() as db:
        add_institution(db, slug="vives", name="VIVES", locale="nl")
        add_institution(db, slug="luca", name="LUCA", locale="nl")


def invited(database: Database, institution: str = "", now: datetime = NOW) -> str:
    with database.begin() as db:
        return invite(db, institution=institution, now=now)


def offered(client_id: str = "7", institution: str = "luca") -> NewRegistration:
    return NewRegistration(
        institution=institution,
        issuer="https://lms.example",
        client_id=client_id,
        auth_login_url="https://lms.example/auth",
        token_url="https://lms.example/token",
        jwks_url="https://lms.example/jwks",
        deployment_id="2",
        family="moodle",
    )


def flaw_of(database: Database, token: str, now: datetime = NOW) -> InvitationFlaw:
    with database.read() as db, pytest.raises(InvitationError) as caught:
        find_invitation(db, token, now)
    return caught.value.flaw


def test_an_invitation_is_for_the_institution_that_it_names(database: Database) -> None:
    with database.read() as db:
        found = find_invitation(db, invited(database, "vives"), NOW)
    assert found == Invited("vives", "VIVES", NOW + WEEK)


def test_an_invitation_may_be_for_whichever_institution(database: Database) -> None:
    with database.read() as db:
        assert find_invitation(db, invited(database), NOW) == Invited("", "", NOW + WEEK)
        assert list_institutions(db) == (("luca", "LUCA"), ("vives", "VIVES"))


def test_nobody_is_invited_for_an_institution_that_is_not_there(database: Database) -> None:
    with pytest.raises(NoInstitutionError):
        invited(database, "hogwarts")


def test_an_invitation_lasts_some_time(database: Database) -> None:
    with database.begin() as db, pytest.raises(ValueError, match="lasts"):
        invite(db, now=NOW, lasts=timedelta())


def test_the_database_does_not_hold_what_opens(database: Database) -> None:
    token = invited(database)
    with database.read() as db:
        assert token not in str(vars(db.execute(select(Invitation)).scalar_one()))


def test_made_up_and_old_invitations_open_nothing(database: Database) -> None:
    token = invited(database)
    assert flaw_of(database, "made-up") is InvitationFlaw.UNKNOWN
    assert flaw_of(database, "") is InvitationFlaw.UNKNOWN
    assert flaw_of(database, token, NOW + WEEK) is InvitationFlaw.EXPIRED


def test_an_accepted_invitation_registers_and_is_used_up(database: Database) -> None:
    token = invited(database)
    with database.begin() as db:
        registration_id = accept_invitation(db, token, offered(), NOW, is_vouched=True)
    assert flaw_of(database, token) is InvitationFlaw.USED
    with database.read() as db:
        assert db.get_one(Registration, registration_id).client_id == "7"
        assert list_invitations(db, NOW)[0].registration_id == registration_id


def test_the_institution_of_an_invitation_outranks_a_forms(database: Database) -> None:
    token = invited(database, "vives")
    with database.begin() as db:
        row = db.get_one(
            Registration, accept_invitation(db, token, offered(institution="luca"), NOW, is_vouched=True)
        )
        assert db.get_one(Institution, row.institution_id).slug == "vives"


def test_a_registration_that_fails_leaves_the_invitation(database: Database) -> None:
    first, second = invited(database, "vives"), invited(database, "luca")
    with database.begin() as db:
        accept_invitation(db, first, offered(), NOW, is_vouched=True)
    with pytest.raises(RegistrationTakenError), database.begin() as db:
        accept_invitation(db, second, offered(), NOW, is_vouched=True)
    with database.read() as db:
        assert find_invitation(db, second, NOW).institution == "luca"


def test_of_two_at_once_one_wins(database: Database) -> None:
    token = invited(database)
    together, outcomes = Barrier(2), []

    def accept(client_id: str) -> None:
        together.wait()
        try:
            with database.begin() as db:
                accept_invitation(db, token, offered(client_id), NOW, is_vouched=True)
        except InvitationError as error:
            outcomes.append(error.flaw.value)
        else:
            outcomes.append("accepted")

    threads = [Thread(target=accept, args=(client_id,)) for client_id in ("7", "8")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "used"]
    with database.read() as db:
        assert len(db.scalars(select(Registration)).all()) == 1


def test_registering_again_updates(database: Database) -> None:
    with database.begin() as db:
        first = accept_invitation(
            db, invite(db, institution="luca", now=NOW), offered(), NOW, is_vouched=True
        )
        again = accept_invitation(
            db, invite(db, institution="luca", now=NOW), offered(), NOW, is_vouched=True
        )
    assert first == again


def test_what_an_administrator_types_moves_no_endpoints(database: Database) -> None:
    moved = replace(offered(), jwks_url="https://evil.example/jwks")
    with database.begin() as db:
        accept_invitation(db, invite(db, institution="luca", now=NOW), offered(), NOW, is_vouched=False)
        accept_invitation(db, invite(db, institution="luca", now=NOW), offered(), NOW, is_vouched=False)
        with pytest.raises(RegistrationTakenError):
            accept_invitation(db, invite(db, institution="luca", now=NOW), moved, NOW, is_vouched=False)
        assert db.scalars(select(Registration.jwks_url)).all() == [offered().jwks_url]


def test_invitations_are_listed_the_newest_first(database: Database) -> None:
    invited(database, "vives", NOW)
    invited(database, "", NOW + WEEK)
    with database.read() as db:
        newest, oldest = list_invitations(db, NOW + WEEK)
    assert newest == InvitationRow(newest.id, "", "", NOW + WEEK, NOW + 2 * WEEK, None, None, None)
    assert oldest == InvitationRow(
        oldest.id, "vives", "VIVES", NOW, NOW + WEEK, None, None, InvitationFlaw.EXPIRED
    )


def test_a_withdrawn_invitation_is_unknown(database: Database) -> None:
    token = invited(database)
    with database.begin() as db:
        withdraw_invitation(db, list_invitations(db, NOW)[0].id)
    assert flaw_of(database, token) is InvitationFlaw.UNKNOWN


def test_a_used_invitation_stays(database: Database) -> None:
    token = invited(database)
    with database.begin() as db:
        accept_invitation(db, token, offered(), NOW, is_vouched=True)
        withdraw_invitation(db, list_invitations(db, NOW)[0].id)
    assert flaw_of(database, token) is InvitationFlaw.USED


def test_the_address_to_hand_over() -> None:
    assert (
        registration_url("https://klimop.example", "abc") == "https://klimop.example/lti/register?invite=abc"
    )
