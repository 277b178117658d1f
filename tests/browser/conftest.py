"""A real Chromium, as Debian ships it, on Klimop and the campus served on two sites."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.tour import Tour
from tests.lti_tool.web.world import World, running_world

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Every test runs as browsers will: no cookies for an embedded site but partitioned ones.
    "--test-third-party-cookie-phaseout",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path is not None, "Chromium is missing; `make browser` installs it"
    browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def world(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(new_database(), tmp_path_factory.mktemp("world")) as world:
        world.work()  # reads the agendas
        yield world


@pytest.fixture
def tour(world: World, browser: Browser) -> Iterator[Tour]:
    """Someone with a browser, who visits the campus and Klimop."""
    with Tour(world, browser) as tour:
        yield tour
