from collections.abc import Iterator

import pytest
import requests

from lti_tool.lti.http import new_session
from tests.lti_tool.lti.server import LocalServer, serving
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
def world(server: LocalServer, session: requests.Session) -> World:
    return World(server, session)
