"""After three days of failure one mail, to who wants it; the next only after it worked again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lti_tool.services.agendas import sources
from lti_tool.services.agendas.preferences import keep_mail_address
from lti_tool.services.agendas.reading import Outcome
from lti_tool.services.agendas.sources import Handling
from lti_tool.services.agendas.warning import find_news, warn_owners
from lti_tool.services.mail.outbox import read_letter
from lti_tool.storage.database import Database
from lti_tool.storage.models import Mail
from tests.lti_tool.services.agendas.people import (
    ANN,
    BOB,
    NOW,
    READ,
    READING,
    VAULT,
    assignment_of,
    connect,
    disconnect,
    paint,
    record,
)

DAY = timedelta(days=1)
FAILED = Outcome(failure="not_found")


@pytest.fixture
def agenda_id(cohort: Database) -> int:
    with cohort.begin() as db:
        keep_mail_address(db, VAULT, ANN, "ann@example.be")
    return connect(cohort, ANN)


def after(cohort: Database, agenda_id: int, *outcomes: tuple[float, Outcome | None]) -> list[datetime]:
    """Return when mails were queued, of outcomes so many days after NOW; None is none at all."""
    for days, outcome in outcomes:
        now = NOW + days * DAY
        if outcome is not None:
            record(cohort, assignment_of(cohort, agenda_id, now), outcome, now)
        with cohort.begin() as db:
            warn_owners(db, now)
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


def test_one_that_nobody_could_even_try_is_as_unread(cohort: Database, agenda_id: int) -> None:
    assert after(cohort, agenda_id, (0, READ), (2, None), (3, None), (4, None)) == [NOW + 3 * DAY]


def test_what_was_never_read_counts_from_its_connecting(cohort: Database, agenda_id: int) -> None:
    assert after(cohort, agenda_id, (2, None), (3, None)) == [NOW + 3 * DAY]


def test_a_file_and_a_painted_week_are_nobodys_fault(cohort: Database, agenda_id: int) -> None:
    disconnect(cohort, ANN, agenda_id)
    paint(cohort, ANN, sources.EMPTY_WEEK)
    with cohort.begin() as db:
        sources.connect_file(db, ANN, READING, Handling(), NOW)
        warn_owners(db, NOW + 99 * DAY)
        assert db.scalars(select(Mail)).all() == []


def test_news_are_told_only_while_they_are_news_and_to_their_owner(cohort: Database, agenda_id: int) -> None:
    after(cohort, agenda_id, (0, FAILED), (3, FAILED))
    with cohort.read() as db:
        letter = read_letter(db, VAULT, db.scalars(select(Mail.id)).one())
        assert letter is not None
        assert find_news(db, letter) == {
            "label": "",
            "since": NOW.isoformat(),
            "failure": "not_found",
            "was_read": False,
        }
        assert find_news(db, replace(letter, person_id=BOB)) is None
    record(cohort, assignment_of(cohort, agenda_id), READ, NOW + 4 * DAY)
    with cohort.read() as db:
        assert find_news(db, letter) is None
    disconnect(cohort, ANN, agenda_id)
    with cohort.read() as db:
        assert find_news(db, letter) is None


def test_who_gave_no_address_gets_no_mail(cohort: Database) -> None:
    assert after(cohort, connect(cohort, ANN), (0, FAILED), (3, FAILED)) == []
