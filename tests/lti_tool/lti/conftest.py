from collections.abc import Iterator

import pytest
import requests

from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.http import new_session
from tests.lti_tool.lti.server import LocalServer, serving
from tests.lti_tool.lti.test_connector import GRANTED, connector_to
from tests.lti_tool.lti.world import World


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serving() as local:
        yield local


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with new_session() as session:
        yield session


@pytest.fixture
def connector(server: LocalServer, session: requests.Session) -> PlatformConnector:
    """Return a connector to a platform that grants every token."""
    server.answer("/token", GRANTED)
    return connector_to(server, session)


@pytest.fixture
def world(server: LocalServer, session: requests.Session) -> World:
    return World(server, session)
