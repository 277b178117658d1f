"""Assets, icons and accents for the templates."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, g, render_template, request, url_for

from lti_tool.lti.roles import Role
from lti_tool.web import show, words
from lti_tool.web.agenda import words as agenda_words
from lti_tool.web.frame import course_url, home_url
from lti_tool.web.notices import notices
from lti_tool.web.season import season

STATIC = Path(__file__).parents[1] / "static"


class AssetsNotBuiltError(Exception):
    """The browser assets are missing: `make setup` builds them."""


def init_theme(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, accent=accent, notices=notices)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        tile=show.tile,
        agenda_words=agenda_words.agenda_words,
        problem_words=agenda_words.problem_words,
        source_status=agenda_words.source_status,
        source_name=agenda_words.source_name,
        impossible_words=words.impossible_words,
        difference_words=words.difference_words,
        season=season,
        attendance_words=words.attendance_words,
        plan_facts=words.plan_facts,
        step_rows=words.step_rows,
    )
    app.context_processor(_frame)


def init_style_guide(app: Flask) -> None:
    app.add_url_rule("/design", "design", lambda: render_template("design.html"))


def asset(name: str) -> str:
    """Return the address of a built file by its logical name."""
    return url_for("static", filename=_manifest()[name])


def accent() -> str:
    """Return the slug of the institution whose colour the page wears."""
    return g.visitor.institution if "visitor" in g else "klimop"


def _frame() -> dict[str, str | None]:
    """Return what the frame around every page of a visit links to."""
    if "visitor" not in g:
        return {}
    return {
        "home_url": home_url(),
        "course_url": course_url(),
        "admin_url": url_for("admin.home") if g.visitor.role is Role.ADMINISTRATOR else None,
        "institution_name": g.visitor.institution_name,
        "language_url": url_for("learner.choose_language", next=request.path),
    }


@cache
def _manifest() -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsNotBuiltError from None
    return manifest
