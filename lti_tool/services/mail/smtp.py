"""Handing a mail to the mail server (RFC 5321), over TLS wherever a password goes along."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Self
from urllib.parse import unquote, urlsplit

from lti_tool.settings import SMTP_PORTS

SECONDS = 15


class MailRefusedError(Exception):
    """The server will refuse this mail again; `code` is the status that it gave."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in; `encrypted` from the first byte, else STARTTLS where the server offers it."""

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, address: str) -> Self:
        """Return the server of "smtp://user:password@host:587" or "smtps://…", as the settings have it."""
        parts = urlsplit(address)
        return cls(
            host=parts.hostname or "",
            port=parts.port or SMTP_PORTS[parts.scheme],
            encrypted=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def send(server: MailServer, message: EmailMessage) -> None:
    """Hand in one mail. Raises MailRefusedError for good, OSError where it may go later."""
    tls = ssl.create_default_context()
    try:
        with _connection(server, tls) as connection:
            connection.ehlo()
            # A password never goes in the clear: with one, a server without TLS is an error.
            if not server.encrypted and (server.user or connection.has_extn("starttls")):
                connection.starttls(context=tls)
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(max(code for code, _ in error.recipients.values())) from None
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        # The server did not like us, not this mail: a password was changed, perhaps.
        raise ConnectionError(f"status {error.smtp_code}") from None


def _connection(server: MailServer, tls: ssl.SSLContext) -> smtplib.SMTP:
    if server.encrypted:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=tls)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)


def _refusal(code: int) -> Exception:
    """Return 5xx as final and all else as passing; what the server says is not quoted, it names people."""
    return MailRefusedError(str(code)) if code >= 500 else ConnectionError(f"status {code}")
