"""One campus and one tool for the tests of this folder; tests that write use platforms of their own."""

from collections.abc import Iterator

import pytest

from lti_tool.demo.current import Campus
from tests.lti_tool.demo.tool import Client, Tool
from tests.platform.campus import running_campus
from tests.platform.serving import serving


@pytest.fixture(scope="session")
def tool() -> Iterator[Tool]:
    with serving(Tool, host="127.0.0.1") as tool:
        yield tool


@pytest.fixture(scope="session")
def campus(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campus]:
    with running_campus(tmp_path_factory.mktemp("campus") / "campus.sqlite3", tool.urls) as campus:
        yield campus


@pytest.fixture
def client(tool: Tool, campus: Campus) -> Iterator[Client]:
    """The tool's line to the platform of KU Leuven."""
    client = Client(tool, campus.lms("ku-leuven"))
    yield client
    client.http.close()
