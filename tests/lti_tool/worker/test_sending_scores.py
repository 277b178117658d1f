"""Marks reach the gradebooks whatever happens to the mark before them in the row."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from time import sleep

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.courses import MANAGEMENT
from lti_tool.lti import connector
from lti_tool.services.gradebooks.grading import Delivery
from lti_tool.storage.models import (
    Enrolment,
    LineItem,
    ResourceLink,
    Score,
)
from lti_tool.worker.platforms import send_scores
from lti_tool.worker.rests import Rests
from tests.lti_tool.lti.server import LocalServer, Reply
from tests.lti_tool.web.world import MODULE, World
from tests.lti_tool.worker.marks import FULL, HALF, delivery, earn, enrolment, registration

COLUMN = MANAGEMENT.line_items[0].id


def _trusted(url: str) -> str:
    """Return an address of this machine under the name that the worker may call."""
    return url.replace("127.0.0.1", "localhost")


def _send_to(db: Session, enrolment: Enrolment, url: str) -> None:
    """Let the column that a learner's mark goes to be at another address."""
    query = select(LineItem).where(LineItem.context_id == enrolment.context_id)
    db.scalars(query).one().url = url


def test_a_mark_that_cannot_be_sent_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for slug in ("odisee", "vives"):
        world.visit(slug, "11", MODULE)
    with world.database.begin() as db:
        odisee = registration(db, "odisee")
        token_url, odisee.token_url = odisee.token_url, "Nadia El Amrani"  # no address at all
    broken, fine = earn(world, "odisee", "11", HALF), earn(world, "vives", "11", HALF)
    send_scores(world.workshop)
    assert (delivery(world, broken), delivery(world, fine)) == (Delivery.WAITING, Delivery.SENT)
    [error] = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert error.startswith("score ")
    assert "ValueError < platform.py:" in error
    assert "Nadia" not in caplog.text
    with world.database.begin() as db:
        registration(db, "odisee").token_url = token_url
        row = db.scalars(select(Score).where(Score.enrolment_id == broken)).one()
        assert (row.attempts, row.leased_until) == (1, None)
        row.due_at = clock.now()
    send_scores(world.workshop)
    assert delivery(world, broken) is Delivery.SENT


def test_a_platform_that_hangs_is_asked_once_and_delays_no_other(
    world: World, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "CALL_SECONDS", 0.5)
    let_go = Event()

    def hang() -> Iterator[bytes]:
        let_go.wait(10)
        yield b""

    subs = ("11", "12", "13")
    for sub in subs:
        world.visit("luca", sub, MODULE)
    world.visit("ku-leuven", "11", MODULE)
    with world.database.begin() as db:
        registration(db, "luca").token_url = _trusted(server.answer("/token", Reply(drip=hang)))
    held_up = [earn(world, "luca", sub, HALF) for sub in subs]
    last = earn(world, "ku-leuven", "11", HALF)
    send_scores(world.workshop)
    let_go.set()
    assert len(server.requests_to("/token")) == 1
    assert delivery(world, last) is Delivery.SENT
    with world.database.read() as db:
        rows = db.scalars(select(Score).where(Score.enrolment_id.in_(held_up))).all()
    now = clock.now()
    assert [(row.leased_until, row.due_at is not None and row.due_at > now) for row in rows] == [
        (None, True)
    ] * 3


def test_a_better_mark_earned_while_the_old_one_is_in_flight_is_sent_after_it(
    world: World, server: LocalServer
) -> None:
    world.visit("ucll", "11", MODULE)

    def earn_more() -> Iterator[bytes]:
        earn(world, "ucll", "11", FULL)
        yield b"{}"

    enrolment_id = earn(world, "ucll", "11", HALF)
    with world.database.begin() as db:
        _send_to(db, db.get_one(Enrolment, enrolment_id), _trusted(f"{server.url}/item"))
    server.answer("/item/scores", Reply(drip=earn_more), Reply())
    send_scores(world.workshop)
    sleep(1)  # the better one's timestamp is a second later
    send_scores(world.workshop)
    sent = ['"scoreGiven": 50.0' in server.seen[0].body, '"scoreGiven": 100.0' in server.seen[1].body]
    assert (len(server.seen), sent) == (2, [True, True])
    assert delivery(world, enrolment_id) is Delivery.SENT


def test_a_mark_goes_to_the_new_column_of_a_link_too(world: World, server: LocalServer) -> None:
    world.visit("vives", "12", MODULE)
    with world.database.begin() as db:
        found = enrolment(db, "vives", "12")
        _send_to(db, found, _trusted(f"{server.url}/old"))
        db.execute(
            update(ResourceLink)
            .where(ResourceLink.context_id == found.context_id, ResourceLink.link_id == MODULE)
            .values(line_item_url=_trusted(f"{server.url}/old"))
        )
    server.answer("/old/scores", Reply())
    enrolment_id = earn(world, "vives", "12", HALF)
    send_scores(world.workshop)
    assert delivery(world, enrolment_id) is Delivery.SENT
    assert "12" not in world.campus.store.scores("vives", COLUMN)
    world.visit("vives", "12", MODULE)
    assert delivery(world, enrolment_id) is Delivery.WAITING
    send_scores(world.workshop)
    assert world.campus.store.scores("vives", COLUMN)["12"].given == 50
    with world.database.read() as db:
        assert len(db.scalars(select(LineItem).where(LineItem.context_id == found.context_id)).all()) == 1


def test_a_platform_that_is_back_gets_its_marks(world: World) -> None:
    world.visit("thomas-more", "11", MODULE)
    world.campus.store.close_services("thomas-more")
    enrolment_id = earn(world, "thomas-more", "11", HALF)
    send_scores(world.workshop)
    assert delivery(world, enrolment_id) is Delivery.WAITING
    world.campus.store.open_services("thomas-more")
    with world.database.begin() as db:
        db.scalars(select(Score).where(Score.enrolment_id == enrolment_id)).one().due_at = clock.now()
    send_scores(replace(world.workshop, rests=Rests()))
    assert world.campus.store.scores("thomas-more", COLUMN)["11"].given == 50
