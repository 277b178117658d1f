"""From an agenda that fails for three days to one mail in its owner's mailbox, through a real mail server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from lti_tool.services.agendas.preferences import keep_mail_address
from lti_tool.storage.models import Agenda, Mail, Person
from lti_tool.web.letters import Writer
from lti_tool.worker.jobs import send_mail, warn_owners
from lti_tool.worker.live import read_agendas
from lti_tool.worker.workshop import Workshop
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.worker.workshop import CALENDAR, LEARNERS, connect_agenda
from tests.platform.mailbox import Mailbox, running_mailbox

ANN = LEARNERS[0]
LONG_AGO = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def post(shop: Workshop, mailbox: Mailbox) -> Workshop:
    """The workshop of a Klimop that can send mail."""
    settings = replace(
        shop.settings, smtp_url=f"smtp://127.0.0.1:{mailbox.port}", mail_from="Klimop <klimop@example.be>"
    )
    return replace(shop, settings=settings, writer=Writer(settings))


@pytest.fixture
def failing(post: Workshop, server: LocalServer) -> Workshop:
    """Ann's agenda has been gone for long, and she wants to know."""
    address = server.answer("/ann.ics", Reply(404))
    connect_agenda(post, ANN, address, post.vault)
    with post.database.begin() as db:
        keep_mail_address(db, post.vault, ANN, "ann@example.be")
        db.execute(update(Agenda).values(failing_since=LONG_AGO))
    return post


def test_one_mail_arrives_and_says_what_to_do(failing: Workshop, mailbox: Mailbox) -> None:
    for _ in range(3):
        read_agendas(failing)
        warn_owners(failing)
        send_mail(failing)
        with failing.database.begin() as db:
            db.execute(update(Agenda).values(due_at=LONG_AGO))
    [mail] = mailbox.received
    assert mailbox.recipients == ["ann@example.be"]
    assert mail["From"] == "Klimop <klimop@example.be>"
    assert mail["Subject"] == "Klimop kan je werkagenda niet lezen"
    assert mail["Auto-Submitted"] == "auto-generated"
    words = " ".join(mail.get_content().split())
    assert "Sinds maandag 2 maart kan Klimop je werkagenda niet meer lezen." in words
    assert "je deelt hem niet meer" in words
    assert "ann.ics" not in words


def test_it_is_in_the_language_that_its_reader_chose(failing: Workshop, mailbox: Mailbox) -> None:
    with failing.database.begin() as db:
        db.get_one(Person, ANN).locale = "en"
    read_agendas(failing)
    warn_owners(failing)
    send_mail(failing)
    [mail] = mailbox.received
    assert mail["Subject"] == "Klimop cannot read your work agenda"
    assert "Since Monday 2 March Klimop" in " ".join(mail.get_content().split())


def test_a_mail_that_does_not_leave_leaves_later_under_the_same_number(
    failing: Workshop, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    read_agendas(failing)
    warn_owners(failing)
    mailbox.answer = "451 Later"
    send_mail(failing)
    assert mailbox.received == []
    assert "ann" not in caplog.text
    mailbox.answer = "250 OK"
    for _ in range(2):
        with failing.database.begin() as db:
            # As if the worker had died between sending and noting that.
            db.execute(update(Mail).values(due_at=LONG_AGO, leased_until=None))
        send_mail(failing)
    first, again = mailbox.received
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@127.0.0.1>")


def test_a_mail_that_is_refused_for_good_is_not_tried_again(failing: Workshop, mailbox: Mailbox) -> None:
    read_agendas(failing)
    warn_owners(failing)
    mailbox.answer = "550 No such user"
    send_mail(failing)
    with failing.database.read() as db:
        mail = db.scalars(select(Mail)).one()
    assert (mail.refusal, mail.due_at) == ("550", None)


def test_what_is_no_news_any_more_is_not_sent(
    failing: Workshop, server: LocalServer, mailbox: Mailbox
) -> None:
    read_agendas(failing)
    warn_owners(failing)
    server.answer("/ann.ics", Reply(content=CALENDAR))
    with failing.database.begin() as db:
        db.execute(update(Agenda).values(due_at=LONG_AGO))
    read_agendas(failing)
    send_mail(failing)
    assert mailbox.received == []
    with failing.database.read() as db:
        mail = db.scalars(select(Mail)).one()
    assert (mail.refusal, mail.due_at) == ("not wanted any more", None)


def test_a_klimop_without_a_mail_server_queues_no_mail(failing: Workshop) -> None:
    silent = replace(failing, settings=replace(failing.settings, smtp_url=""))
    read_agendas(silent)
    warn_owners(silent)
    send_mail(silent)
    with silent.database.read() as db:
        assert db.scalars(select(Mail)).all() == []
        assert db.scalars(select(Agenda.warned_at)).one() is None
