"""What a live Moodle 4.5 sent: kept beside the checkout, not in it. Where it is absent, tests of it skip."""

import json
from pathlib import Path
from typing import Any

import pytest

MOODLE = Path(__file__).parents[3] / "shared" / "platforms" / "moodle-4.5"


def moodle(name: str) -> dict[str, Any]:
    """Return one recorded document, or skip the test that asks for it."""
    if not MOODLE.is_dir():
        pytest.skip(f"needs what Moodle sent, in {MOODLE}")
    content: dict[str, Any] = json.loads((MOODLE / f"{name}.json").read_text())
    return content
