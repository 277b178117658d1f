"""The jobs: each takes the rows that are due, one after the other, until none is left or the worker stops."""

from lti_tool import clock
from lti_tool.services.launches import visiting
from lti_tool.services.mail import outbox
from lti_tool.services.mail.smtp import MailRefusedError, MailServer, send
from lti_tool.services.platforms import key_rotation, operating
from lti_tool.worker.live import make_plans, read_agendas
from lti_tool.worker.platforms import read_rosters, send_scores, subscribe, tend_columns
from lti_tool.worker.workshop import Chore, Job, Workshop, do_all


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
    if letter is None:
        return "not wanted any more"
    try:
        send(MailServer.at(shop.settings.smtp_url), shop.writer.write(letter, clock.now()))
    except MailRefusedError as error:
        with shop.database.begin() as db:
            outbox.record_refused(db, mail_id, error.code)
        return f"refused: {error.code}"
    with shop.database.begin() as db:
        outbox.record_sent(db, mail_id, clock.now())
    return "sent"


# Each job with the seconds between two wakes.
JOBS: tuple[tuple[Job, int], ...] = (
    (subscribe, 10),
    (read_rosters, 5),
    (tend_columns, 2),
    (send_scores, 2),
    (make_plans, 1),
    (read_agendas, 5),
    (send_mail, 5),
    (forget, 600),
)
# Agendas wait for other people's servers, so one worker reads several at once.
AT_ONCE: dict[Job, int] = {read_agendas: 8}
