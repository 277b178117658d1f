"""The tool's keys, from their first publication to their last use."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lti_tool.services.platforms.key_rotation import (
    LAST_USE,
    TIME_TO_FETCH,
    KeyState,
    forget_old_keys,
    list_keys,
    rotate,
)
from lti_tool.settings import DEMO_SECRET
from lti_tool.storage.database import Database
from lti_tool.storage.models import ToolKey
from lti_tool.storage.platforms import NoToolKeyError, StoredToolKeys, ensure_tool_key
from lti_tool.storage.vault import Vault, VaultError
from tests.lti_tool.services.platform import NOW

MINUTE = timedelta(minutes=1)
TOMORROW = NOW + TIME_TO_FETCH
VAULT = Vault(DEMO_SECRET)
NEXT, SIGNING, FORMER = KeyState.NEXT, KeyState.SIGNING, KeyState.FORMER


@pytest.fixture
def first(database: Database) -> str:
    """The id of the tool's first key, which signs since NOW."""
    with database.begin() as db:
        ensure_tool_key(db, VAULT, NOW)
        return str(db.scalars(select(ToolKey.kid)).one())


def _rotate(database: Database, now: datetime, *, signs_from: datetime) -> str:
    """Rotate and return the id of the key that signs last."""
    with database.begin() as db:
        rotate(db, VAULT, now, signs_from=signs_from)
        return list_keys(db, now)[-1].kid


def _states(database: Database, now: datetime) -> dict[str, KeyState]:
    with database.read() as db:
        return {row.kid: row.state for row in list_keys(db, now)}


def _signer(database: Database, now: datetime) -> str:
    return StoredToolKeys(database, VAULT).signing_key(now).kid


def _published(database: Database, now: datetime) -> set[str]:
    return {key.kid for key in StoredToolKeys(database, VAULT).published_keys(now)}


def test_the_first_key_signs_at_once(database: Database, first: str) -> None:
    assert _states(database, NOW) == {first: SIGNING}
    assert _signer(database, NOW) == first


def test_a_new_key_is_published_for_a_day_before_it_signs(database: Database, first: str) -> None:
    second = _rotate(database, NOW + MINUTE, signs_from=TOMORROW)
    assert _published(database, NOW + MINUTE) == {first, second}
    assert _signer(database, TOMORROW - MINUTE) == first
    assert _signer(database, TOMORROW) == second


def test_the_former_key_is_published_until_nothing_needs_it(database: Database, first: str) -> None:
    second = _rotate(database, NOW + MINUTE, signs_from=TOMORROW)
    last = TOMORROW + LAST_USE
    assert _states(database, last - MINUTE) == {first: FORMER, second: SIGNING}
    assert _states(database, last) == {second: SIGNING}
    assert _published(database, last) == {second}


def test_a_rotation_in_need_signs_with_the_new_key_at_once(database: Database, first: str) -> None:
    now = NOW + MINUTE
    second = _rotate(database, now, signs_from=now)
    assert _signer(database, now) == second
    assert _states(database, now) == {first: FORMER, second: SIGNING}


def test_to_rotate_twice_makes_one_key(database: Database, first: str) -> None:
    second = _rotate(database, NOW + MINUTE, signs_from=TOMORROW)
    assert _rotate(database, NOW + 2 * MINUTE, signs_from=TOMORROW + MINUTE) == second
    assert _states(database, NOW + 2 * MINUTE) == {first: SIGNING, second: NEXT}
    assert _signer(database, TOMORROW) == second


def test_a_key_that_waits_can_be_hurried(database: Database, first: str) -> None:
    second = _rotate(database, NOW + MINUTE, signs_from=TOMORROW)
    hurried = NOW + 2 * MINUTE
    assert _rotate(database, hurried, signs_from=hurried) == second
    assert _signer(database, hurried) == second
    assert _published(database, hurried + LAST_USE) == {second}


def test_rotations_follow_one_another(database: Database, first: str) -> None:
    second = _rotate(database, NOW + MINUTE, signs_from=TOMORROW)
    third = _rotate(database, TOMORROW, signs_from=TOMORROW + TIME_TO_FETCH)
    assert _states(database, TOMORROW) == {first: FORMER, second: SIGNING, third: NEXT}
    assert _published(database, TOMORROW + TIME_TO_FETCH + LAST_USE) == {third}


def test_a_key_that_nothing_needs_is_forgotten(database: Database, first: str) -> None:
    second = _rotate(database, NOW + MINUTE, signs_from=TOMORROW)
    for moment, kept in ((TOMORROW, {first, second}), (TOMORROW + LAST_USE, {second})):
        with database.begin() as db:
            forget_old_keys(db, moment)
            assert set(db.scalars(select(ToolKey.kid))) == kept


def test_at_no_moment_of_a_rotation_is_there_no_key_to_sign_with(database: Database, first: str) -> None:
    _rotate(database, NOW + MINUTE, signs_from=TOMORROW)
    moment = NOW
    while moment < TOMORROW + 2 * LAST_USE:
        assert _signer(database, moment) in _published(database, moment)
        moment += timedelta(minutes=20)


def test_without_a_key_nothing_is_signed(database: Database) -> None:
    with pytest.raises(NoToolKeyError):
        _signer(database, NOW)


def test_a_key_at_rest_tells_nothing_without_the_secret(database: Database, first: str) -> None:
    with database.read() as db:
        assert b"PRIVATE" not in db.scalars(select(ToolKey.private_key)).one()
    stranger = StoredToolKeys(database, Vault("another secret, which is long enough"))
    with pytest.raises(VaultError):
        stranger.signing_key(NOW)
