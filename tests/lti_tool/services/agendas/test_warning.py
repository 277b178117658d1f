"""After three days of failure one mail, to who wants it; the next only after it worked again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lti_tool.services.agendas.preferences import keep_mail_address
from lti_tool.services.agendas.reading import Outcome
from lti_tool.storage.database import Database
from lti_tool.storage.models import Mail
from tests.lti_tool.services.agendas.people import ANN, NOW, READ, VAULT, assignment_of, connect, record

DAY = timedelta(days=1)
FAILED = Outcome(failure="not_found")


@pytest.fixture
def agenda_id(cohort: Database) -> int:
    with cohort.begin() as db:
        keep_mail_address(db, VAULT, ANN, "ann@example.be")
    return connect(cohort, ANN)


def after(cohort: Database, agenda_id: int, *outcomes: tuple[float, Outcome]) -> list[datetime]:
    """Return when mails were queued, of outcomes so many days after NOW."""
    for days, outcome in outcomes:
        now = NOW + days * DAY
        record(cohort, assignment_of(cohort, agenda_id, now), outcome, now)
    with cohort.read() as db:
        return list(db.scalars(select(Mail.queued_at).order_by(Mail.queued_at)))


def test_one_mail_comes_after_three_days(cohort: Database, agenda_id: int) -> None:
    assert after(cohort, agenda_id, (0, FAILED), (2.9, FAILED)) == []
    assert after(cohort, agenda_id, (3, FAILED), (4, FAILED), (9, FAILED)) == [NOW + 3 * DAY]


def test_days_count_from_the_first_failure_in_a_row(cohort: Database, agenda_id: int) -> None:
    assert after(cohort, agenda_id, (0, FAILED), (2, READ), (2.5, FAILED), (4, FAILED)) == []


def test_a_second_spell_is_worth_a_second_mail(cohort: Database, agenda_id: int) -> None:
    spells = [(0, FAILED), (3, FAILED), (4, READ), (5, FAILED), (8, FAILED), (9, FAILED)]
    assert after(cohort, agenda_id, *spells) == [NOW + 3 * DAY, NOW + 8 * DAY]


def test_who_gave_no_address_gets_no_mail(cohort: Database) -> None:
    assert after(cohort, connect(cohort, ANN), (0, FAILED), (3, FAILED)) == []
