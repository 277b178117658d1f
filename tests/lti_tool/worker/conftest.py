"""Klimop and the demo campus, served for real, and another server that does what a test asks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lti_tool.worker.workshop import Workshop
from tests.lti_tool.lti.server import LocalServer, serving
from tests.lti_tool.web.world import World, running_world
from tests.lti_tool.worker.workshop import small_workshop


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all tests of a module; they take different people, so that they do not meet."""
    with running_world(new_database(), tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serving() as server:
        yield server


@pytest.fixture
def shop(database_url: str, tmp_path: Path, server: LocalServer) -> Iterator[Workshop]:
    shop = small_workshop(database_url, tmp_path, server)
    yield shop
    shop.database.close()
