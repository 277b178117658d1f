"""A rotation of the tool's keys while people come in and platforms are called: nothing fails."""

from datetime import datetime, timedelta

from sqlalchemy import select

from lti_tool import clock
from lti_tool.lti.ags import SCORE_SCOPE
from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.http import new_session
from lti_tool.lti.keys import ToolKey
from lti_tool.lti.tokens import AccessTokens
from lti_tool.services.platforms import key_rotation
from lti_tool.settings import DEMO_SECRET
from lti_tool.storage.models import Registration
from lti_tool.storage.platforms import StoredToolKeys, platform_registration
from lti_tool.storage.vault import Vault
from tests.lti_tool.web.world import MODULE, World

VAULT = Vault(DEMO_SECRET)
TAKES_OVER_AFTER = timedelta(seconds=2)


class WatchedKeys(StoredToolKeys):
    """The tool's keys, and the ids of those that signed, in order."""

    def __init__(self, world: World) -> None:
        super().__init__(world.database, VAULT)
        self.signed: list[str] = []

    def signing_key(self, now: datetime) -> ToolKey:
        key = super().signing_key(now)
        self.signed.append(key.kid)
        return key


def test_launches_and_token_requests_go_on_through_a_rotation(world: World) -> None:
    keys = WatchedKeys(world)
    began = clock.now()
    _rotate_at(world, began + TAKES_OVER_AFTER)
    while clock.now() < began + 2 * TAKES_OVER_AFTER:
        _ask_for_a_token(world, keys)
        assert world.visit("vives", "11", MODULE).response.status_code == 200
    former, present = dict.fromkeys(keys.signed)
    assert keys.signed == sorted(keys.signed, key=[former, present].index)


def _rotate_at(world: World, moment: datetime) -> None:
    with world.database.begin() as db:
        key_rotation.rotate(db, VAULT, clock.now(), signs_from=moment)


def _ask_for_a_token(world: World, keys: WatchedKeys) -> None:
    """Ask an LMS for a token; it fetches our published keys to check our signature."""
    with world.database.read() as db:
        registration = db.scalars(
            select(Registration).where(Registration.issuer == world.lms("vives").issuer)
        )
        platform = platform_registration(registration.one())
    with new_session() as session:
        connector = PlatformConnector(
            platform=platform, keys=keys, tokens=AccessTokens(), session=session, now=clock.now()
        )
        connector.new_token(frozenset({SCORE_SCOPE}))
