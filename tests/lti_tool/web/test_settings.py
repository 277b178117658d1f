"""The settings of a cohort: a change is shown before it is made, and never undoes a colleague's unseen."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import requests
from sqlalchemy import select

from lti_tool.services.configuring import Arrangement, arrange, find_arrangement
from lti_tool.storage.models import Cohort, Grading, Partner
from tests.lti_tool.web.world import MODULE, Page, World

FIELD = re.compile(r'<input[^>]*type="(?:hidden|text|date|number)"[^>]*>')
SECOND_UNIT = "a-team-that-dares-to-learn"


@pytest.fixture(scope="module")
def first(world: World) -> Arrangement:
    return _arranged(world)


@pytest.fixture
def page(world: World, first: Arrangement) -> Iterator[Page]:
    """The page of someone of the team; afterwards everything is arranged as it was."""
    yield world.visit("ku-leuven", "3", MODULE)
    with world.database.begin() as db:
        current = find_arrangement(db, _cohort(world))
        arrange(db, _cohort(world), first, seen=current.fingerprint, now=world_now(db))


def _cohort(world: World) -> int:
    with world.database.read() as db:
        return db.scalars(select(Cohort.id).where(Cohort.slug == "management-autumn")).one()


def _arranged(world: World) -> Arrangement:
    with world.database.read() as db:
        return find_arrangement(db, _cohort(world))
