"""Handing mail to a real mail server of every temper."""

import ssl
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from lti_tool.services.mail.smtp import MailRefusedError, MailServer, send
from tests.platform.certificate import self_signed
from tests.platform.mailbox import Mailbox, running_mailbox


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "klimop@example.be", "ann@example.be", "Hé"
    message.set_content("Dag Zoë\n")
    return message


def at(mailbox: Mailbox, user: str = "") -> MailServer:
    return MailServer("127.0.0.1", mailbox.port, encrypted=False, user=user, password="a p@ssword")


def test_a_mail_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    send(at(mailbox), letter())
    [received] = mailbox.received
    assert (received["Subject"], received.get_content().splitlines()) == ("Hé", ["Dag Zoë"])
    assert mailbox.recipients == ["ann@example.be"]


@pytest.mark.parametrize(
    ("answer", "code"), [("550 No such user", "550"), ("554 Spam of ann@example.be", "554")]
)
def test_a_refusal_for_good_has_a_code_and_no_words(mailbox: Mailbox, answer: str, code: str) -> None:
    mailbox.answer = answer
    with pytest.raises(MailRefusedError) as caught:
        send(at(mailbox), letter())
    assert (caught.value.code, str(caught.value)) == (code, code)


def test_a_mailbox_that_is_full_may_have_room_later(mailbox: Mailbox) -> None:
    mailbox.answer = "452 Full"
    with pytest.raises(OSError, match="status 452"):
        send(at(mailbox), letter())


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with running_mailbox() as mailbox:
        pass
    with pytest.raises(OSError, match="refused"):
        send(at(mailbox), letter())


def test_a_password_does_not_go_in_the_clear(mailbox: Mailbox) -> None:
    with pytest.raises(Exception, match="STARTTLS"):
        send(at(mailbox, user="klimop"), letter())
    assert (mailbox.received, mailbox.logins) == ([], [])


def test_a_password_goes_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with running_mailbox(tls=context, needs_login=True) as mailbox:
        with pytest.raises(ssl.SSLCertVerificationError):
            send(at(mailbox, user="klimop"), letter())
        trusting = ssl.create_default_context(cafile=str(path))
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        send(at(mailbox, user="klimop"), letter())
        assert (len(mailbox.received), mailbox.logins) == (1, ["klimop"])
        wrong = replace(at(mailbox, user="klimop"), password="of last year")
        # An operator sets it right; the mail is not to blame.
        with pytest.raises(OSError, match="status 535"):
            send(wrong, letter())


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example.be", MailServer("mail.example.be", 587, encrypted=False)),
        ("smtps://mail.example.be", MailServer("mail.example.be", 465, encrypted=True)),
        (
            "smtp://an%40example.be:a%20p%40ss@mail.example.be:25",
            MailServer("mail.example.be", 25, False, "an@example.be", "a p@ss"),
        ),
    ],
)
def test_an_address_names_a_server(address: str, server: MailServer) -> None:
    assert MailServer.at(address) == server
    assert "p@ss" not in repr(MailServer.at(address))
