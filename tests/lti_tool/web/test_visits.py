"""Addresses of visits that no launch ever gave out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lti_tool.app import create_app
from lti_tool.settings import DEMO_SECRET, Settings


@pytest.fixture
def browser(database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    settings = Settings(
        secret_key=DEMO_SECRET,
        base_url="https://klimop.example.be",
        database_url=database_url,
        data_dir=tmp_path,
    )
    app = create_app(settings)
    yield app.test_client()
    app.extensions["klimop"].database.close()


@pytest.mark.parametrize(
    "visit_id", ["%00", "short", "a" * 21, "a" * 21 + "%00", "a" * 22 + "%0A", "é" * 22, "a" * 22, "a" * 5000]
)
def test_who_makes_up_a_visit_is_signed_out(browser: FlaskClient, visit_id: str) -> None:
    assert browser.open(f"/s/{visit_id}/").status_code == 401
    assert browser.open(f"/s/{visit_id}/language", method="POST").status_code == 401
