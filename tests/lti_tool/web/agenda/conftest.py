from collections.abc import Iterator

import pytest

from tests.lti_tool.lti.server import LocalServer, serving


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serving() as server:
        yield server
