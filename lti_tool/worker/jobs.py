"""The jobs: each takes the rows that are due, one after the other, until none is left or the worker stops."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.services.agendas import warning
from lti_tool.services.launches import visiting
from lti_tool.services.mail import outbox
from lti_tool.services.mail.outbox import Letter
from lti_tool.services.mail.smtp import MailRefusedError, MailServer, send
from lti_tool.services.platforms import key_rotation, operating
from lti_tool.storage.models import Document, MailKind
from lti_tool.worker.live import make_plans, read_agendas
from lti_tool.worker.platforms import read_rosters, send_scores, subscribe, tend_columns
from lti_tool.worker.workshop import Chore, Job, Workshop, do_all

# What there is to tell in each kind of mail, by when it goes.
NEWS: dict[MailKind, Callable[[Session, Letter], Document | None]] = {
    MailKind.AGENDA_FAILING: warning.find_news
}


def warn_owners(shop: Workshop) -> None:
    if shop.settings.can_mail:
        with shop.database.begin() as db:
            warning.warn_owners(db, clock.now())


def send_mail(shop: Workshop) -> None:
    if shop.settings.can_mail:
        do_all(shop, Chore("mail", outbox.claim_mail, _send_mail, outbox.put_off_mail))


def forget(shop: Workshop) -> None:
    with shop.database.begin() as db:
        visiting.forget_old_visits(db, clock.now())
        operating.forget_old_refusals(db, clock.now())
        key_rotation.forget_old_keys(db, clock.now())
        outbox.forget_old_mail(db, clock.now())


def _send_mail(shop: Workshop, mail_id: int) -> str:
    with shop.database.read() as db:
        letter = outbox.read_letter(db, shop.vault, mail_id)
        news = None if letter is None else NEWS[letter.kind](db, letter)
    if letter is None or news is None:
        return _give_up(shop, mail_id, "not wanted any more")
    try:
        send(MailServer.at(shop.settings.smtp_url), shop.writer.write(letter, news, clock.now()))
    except MailRefusedError as error:
        return _give_up(shop, mail_id, error.code)
    with shop.database.begin() as db:
        outbox.record_sent(db, mail_id, clock.now())
    return "sent"


def _give_up(shop: Workshop, mail_id: int, reason: str) -> str:
    with shop.database.begin() as db:
        outbox.record_unsent(db, mail_id, reason)
    return reason


# Each job with the seconds between two wakes.
JOBS: tuple[tuple[Job, int], ...] = (
    (subscribe, 10),
    (read_rosters, 5),
    (tend_columns, 2),
    (send_scores, 2),
    (make_plans, 1),
    (read_agendas, 5),
    (warn_owners, 600),
    (send_mail, 5),
    (forget, 600),
)
# Agendas wait for other people's servers, so one worker reads several at once.
AT_ONCE: dict[Job, int] = {read_agendas: 8}
