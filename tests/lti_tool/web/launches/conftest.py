"""Klimop, and two platforms that a test plays by hand; one set for all tests of a module."""

from collections.abc import Callable, Iterator

import pytest
import requests

from tests.lti_tool.lti.server import LocalServer, serving
from tests.platform.browser import new_browser
from tests.platform.hand import Hand
from tests.platform.klimop import Klimop, running_klimop


@pytest.fixture(scope="module")
def klimop(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Klimop]:
    with running_klimop(new_database(), tmp_path_factory.mktemp("klimop")) as klimop:
        yield klimop


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with serving() as local:
        yield local


@pytest.fixture(scope="module")
def lms(klimop: Klimop, server: LocalServer) -> Hand:
    return plugged_in(Hand(klimop, server, "lms"))


@pytest.fixture(scope="module")
def other_lms(klimop: Klimop, server: LocalServer) -> Hand:
    return plugged_in(Hand(klimop, server, "other", key="other"))


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with new_browser() as browser:
        yield browser


def plugged_in(platform: Hand) -> Hand:
    platform.plug_in()
    return platform
