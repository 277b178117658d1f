"""The words of mails, in their readers' languages."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from flask import Flask
from flask_babel import force_locale

from lti_tool.services.mail.outbox import Letter
from lti_tool.settings import Settings
from lti_tool.storage.models import Document, MailKind
from lti_tool.web.agenda.words import agenda_words
from lti_tool.web.i18n import LANGUAGES, day, init_i18n
from lti_tool.web.translate import _


class Writer:
    """Writes letters out; it needs no request, only the catalogues of sentences."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._app = Flask("lti_tool")
        init_i18n(self._app)

    def write(self, letter: Letter, news: Document, now: datetime) -> EmailMessage:
        """Return a letter with its news as a mail (RFC 5322) from Klimop to its recipient."""
        locale = letter.locale[:2].lower()
        with self._app.app_context(), force_locale(locale if locale in LANGUAGES else LANGUAGES[0]):
            subject, paragraphs = _WORDS[letter.kind](news)
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = self._settings.mail_from
        message["To"] = letter.recipient
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{letter.message_id}@{self._settings.host}>"
        # Nobody reads answers; programs that answer by themselves leave such mail alone (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("\n\n".join(paragraphs) + "\n")
        return message


def _agenda_failing(news: Document) -> tuple[str, list[str]]:
    since, label = day(datetime.fromisoformat(news["since"])), news["label"]
    told = (
        _(
            "Since %(day)s Klimop has not been able to read your work agenda “%(label)s”.",
            day=since,
            label=label,
        )
        if label
        else _("Since %(day)s Klimop has not been able to read your work agenda.", day=since)
    )
    meanwhile = (
        _("Meanwhile Klimop plans with what it read before.")
        if news["was_read"]
        else _("Klimop has never read it, so it does not know when you are free.")
    )
    return _("Klimop cannot read your work agenda"), [
        _("Hello"),
        told,
        agenda_words(news["failure"]),
        f"{meanwhile} {_('To mend it, open Klimop from your course and go to your work agenda.')}",
        _("You get this mail once. Under “When you can come” you can change or delete your mail address."),
    ]


_WORDS: dict[MailKind, Callable[[Document], tuple[str, list[str]]]] = {
    MailKind.AGENDA_FAILING: _agenda_failing
}
