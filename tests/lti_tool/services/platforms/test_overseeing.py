"""How every LMS is doing, as an operator sees it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lti_tool.services.platforms.operating import RefusalRow, note_refusal
from lti_tool.services.platforms.overseeing import DAYS_SHOWN, Health, find_platform, oversee
from lti_tool.services.platforms.registering import (
    NoRegistrationError,
    add_institution,
    give_deployment,
    note_deployment,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import Deployment, Person
from tests.lti_tool.services.platform import NOW, add_platform

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _launch(db: Session, deployment: int, *, ago: timedelta) -> None:
    db.get_one(Deployment, deployment).launched_at = NOW - ago


@pytest.fixture
def platform(database: Database) -> int:
    """The id of a registration with deployment 1, through which somebody came in two hours ago."""
    with database.begin() as db:
        registration_id = add_platform(db)
        _launch(db, 1, ago=2 * HOUR)
        return registration_id


def _health(db: Session, registration_id: int) -> Health:
    return find_platform(db, registration_id, NOW).health(NOW)


def test_an_lms_with_launches_and_no_refusal_since_is_healthy(database: Database, platform: int) -> None:
    with database.begin() as db:
        note_refusal(db, "unknown_key", {}, platform, NOW - 3 * HOUR)
        assert _health(db, platform) is Health.GOOD


def test_an_lms_that_was_refused_after_its_last_launch_needs_someone(
    database: Database, platform: int
) -> None:
    with database.begin() as db:
        note_refusal(db, "unknown_key", {"kid": "k"}, platform, NOW - HOUR)
        found = find_platform(db, platform, NOW)
        assert found.health(NOW) is Health.REFUSED
        assert found.trouble == RefusalRow(NOW - HOUR, "unknown_key", {"kid": "k"})


def test_a_deployment_that_waits_needs_someone_first_of_all(database: Database, platform: int) -> None:
    with database.begin() as db:
        note_refusal(db, "unknown_key", {}, platform, NOW - HOUR)
        note_deployment(db, platform, "0", NOW, approve=False)
        found = find_platform(db, platform, NOW)
        assert found.health(NOW) is Health.WAITING
        assert [row.deployment_id for row in found.waiting] == ["0"]


def test_that_a_deployment_waited_is_no_trouble_after_its_approval(database: Database, platform: int) -> None:
    with database.begin() as db:
        note_refusal(db, "deployment_waiting", {}, platform, NOW - HOUR)
        assert _health(db, platform) is Health.GOOD


@pytest.mark.parametrize(
    ("ago", "health"), [(DAYS_SHOWN * DAY, Health.GOOD), (DAYS_SHOWN * DAY + HOUR, Health.QUIET)]
)
def test_an_lms_without_launches_for_two_weeks_is_quiet(
    database: Database, platform: int, ago: timedelta, health: Health
) -> None:
    with database.begin() as db:
        _launch(db, 1, ago=ago)
        assert _health(db, platform) is health


def test_an_lms_from_which_nobody_came_yet_says_so(database: Database) -> None:
    with database.begin() as db:
        assert _health(db, add_platform(db)) is Health.NEVER


def test_refusals_are_counted_by_day_with_today_last(database: Database, platform: int) -> None:
    with database.begin() as db:
        for ago in (HOUR, 2 * HOUR, 3 * DAY, 13 * DAY, 14 * DAY):
            note_refusal(db, "unknown_key", {}, platform, NOW - ago)
        found = find_platform(db, platform, NOW)
    assert found.refusals_by_day(NOW) == (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2)


def test_an_institution_sees_the_lms_that_it_shares(database: Database, platform: int) -> None:
    with database.begin() as db:
        add_institution(db, slug="luca", name="LUCA", locale="en")
        add_institution(db, slug="pxl", name="PXL", locale="nl")
        shared = note_deployment(db, platform, "7", NOW, approve=True)
        give_deployment(db, shared, institution="luca")
        overview = oversee(db, NOW)
    assert [(partner.slug, [one.id for one in partner.platforms]) for partner in overview.partners] == [
        ("luca", [platform]),
        ("pxl", []),
        ("ucll", [platform]),
    ]


def test_the_urgent_ones_are_told_once_and_the_most_urgent_first(database: Database, platform: int) -> None:
    with database.begin() as db:
        other = add_platform(db, "vives")
        add_platform(db, "odisee")
        note_refusal(db, "unknown_key", {}, platform, NOW - HOUR)
        give_deployment(db, note_deployment(db, other, "7", NOW, approve=False), institution="ucll")
        assert [one.id for one in oversee(db, NOW).urgent(NOW)] == [other, platform]


def test_platforms_that_nobody_registered_are_told_apart(database: Database, platform: int) -> None:
    with database.begin() as db:
        note_refusal(db, "unknown_issuer", {"issuer": "https://a.example"}, None, NOW - HOUR)
        overview = oversee(db, NOW)
    assert overview.strangers == (RefusalRow(NOW - HOUR, "unknown_issuer", {"issuer": "https://a.example"}),)
    assert overview.urgent(NOW) == ()


def test_people_are_counted_and_not_named(database: Database, platform: int) -> None:
    with database.begin() as db:
        db.add_all(Person(registration_id=platform, subject=str(n), name="An Maes") for n in range(3))
        db.flush()
        found = find_platform(db, platform, NOW)
    assert found.people == 3
    assert "An Maes" not in repr(found)


def test_a_platform_that_nobody_knows_is_not_found(database: Database) -> None:
    with database.begin() as db, pytest.raises(NoRegistrationError):
        find_platform(db, 404, NOW)
