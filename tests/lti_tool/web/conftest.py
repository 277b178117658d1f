"""Klimop and the demo campus, both served for real on two sites, on a seeded database."""

from collections.abc import Callable, Iterator

import pytest

from tests.lti_tool.web.world import World, running_world


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all tests of a module; they take different people, so that they do not meet."""
    with running_world(new_database(), tmp_path_factory.mktemp("world")) as world:
        yield world
