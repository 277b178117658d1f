"""The outbox: one mail for each key, forgotten once it is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.services.agendas.preferences import keep_mail_address
from lti_tool.services.mail import outbox
from lti_tool.services.mail.outbox import Letter
from lti_tool.storage.database import Database
from lti_tool.storage.models import Mail, MailKind, Person
from lti_tool.storage.vault import hashed
from tests.lti_tool.services.agendas.people import ANN, NOW, VAULT
from tests.lti_tool.services.cohort import add_cohort


@pytest.fixture
def queued(database: Database) -> Database:
    with database.begin() as db:
        add_cohort(db, learners=1)
        keep_mail_address(db, VAULT, ANN, "ann@example.be")
        for _ in range(2):
            queue(db)
    return database


def queue(db: object) -> None:
    outbox.queue(
        db,  # type: ignore[arg-type] # a session
        key="once",
        person_id=ANN,
        kind=MailKind.AGENDA_FAILING,
        details={"agenda": 7},
        now=NOW,
    )


def test_a_key_is_sent_once_in_its_readers_language(queued: Database) -> None:
    with queued.begin() as db:
        [mail] = db.scalars(select(Mail))
        assert outbox.claim_mail(db, NOW) == mail.id
        assert outbox.claim_mail(db, NOW) is None
        letter = outbox.read_letter(db, VAULT, mail.id)
        db.get_one(Person, ANN).locale = "en"
    assert letter is not None
    assert letter == Letter(
        mail_id=mail.id,
        person_id=ANN,
        message_id=hashed("once"),
        recipient="ann@example.be",
        locale="nl",
        kind=MailKind.AGENDA_FAILING,
        details={"agenda": 7},
    )
    assert "ann@" not in repr(letter)
    with queued.read() as db:
        again = outbox.read_letter(db, VAULT, mail.id)
    assert again is not None
    assert (again.locale, again.message_id) == ("en", letter.message_id)


def test_what_was_sent_is_not_queued_again(queued: Database) -> None:
    with queued.begin() as db:
        mail_id = outbox.claim_mail(db, NOW)
        assert mail_id is not None
        outbox.record_sent(db, mail_id, NOW)
        queue(db)
    with queued.begin() as db:
        [mail] = db.scalars(select(Mail))
        assert (mail.sent_at, mail.due_at) == (NOW, None)
        assert outbox.claim_mail(db, NOW + timedelta(days=1)) is None


def test_a_mail_that_breaks_off_is_sent_later_and_one_that_is_refused_never(queued: Database) -> None:
    with queued.begin() as db:
        mail_id = outbox.claim_mail(db, NOW)
        assert mail_id is not None
        outbox.put_off_mail(db, mail_id, NOW)
        assert outbox.claim_mail(db, NOW) is None
        assert outbox.claim_mail(db, NOW + timedelta(seconds=5)) == mail_id
        outbox.record_unsent(db, mail_id, "550")
        assert outbox.claim_mail(db, NOW + timedelta(days=1)) is None
        assert db.get_one(Mail, mail_id).refusal == "550"


def test_mail_that_nobody_could_send_for_a_week_is_given_up_and_later_forgotten(queued: Database) -> None:
    with queued.begin() as db:
        outbox.forget_old_mail(db, NOW + timedelta(days=6))
        assert db.scalars(select(Mail.due_at)).one() == NOW
        outbox.forget_old_mail(db, NOW + timedelta(days=7))
        assert db.execute(select(Mail.due_at, Mail.refusal)).one() == (None, "stale")
        outbox.forget_old_mail(db, NOW + timedelta(days=30))
        assert db.scalars(select(Mail)).all() == []


def test_who_took_her_address_back_gets_nothing_and_a_new_address_counts_at_once(queued: Database) -> None:
    with queued.begin() as db:
        [mail] = db.scalars(select(Mail))
        keep_mail_address(db, VAULT, ANN, "ann@new.example.be")
        letter = outbox.read_letter(db, VAULT, mail.id)
        assert letter is not None
        assert letter.recipient == "ann@new.example.be"
        keep_mail_address(db, VAULT, ANN, "")
        assert outbox.read_letter(db, VAULT, mail.id) is None


def test_nobody_is_left_to_write_to_after_her_mail_was_deleted(queued: Database) -> None:
    with queued.begin() as db:
        mail_id = outbox.claim_mail(db, NOW)
        assert mail_id is not None
        outbox.forget_mail_to(db, ANN)
        assert outbox.read_letter(db, VAULT, mail_id) is None
        outbox.record_sent(db, mail_id, NOW)
