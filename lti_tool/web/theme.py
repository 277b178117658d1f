"""Assets, icons and accents for the templates."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, g, render_template, url_for

STATIC = Path(__file__).parents[1] / "static"


class AssetsNotBuiltError(Exception):
    """The browser assets are missing: `make setup` builds them."""


def init_theme(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, accent=accent)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def init_style_guide(app: Flask) -> None:
    app.add_url_rule("/design", "design", lambda: render_template("design.html"))


def asset(name: str) -> str:
    """Return the address of a built file by its logical name."""
    return url_for("static", filename=_manifest()[name])


def accent() -> str:
    """Return the slug of the institution whose colour the page wears."""
    return g.visitor.institution if "visitor" in g else "klimop"


@cache
def _manifest() -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsNotBuiltError from None
    return manifest
