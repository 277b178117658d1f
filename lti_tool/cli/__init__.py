"""The `klimop` command."""

import sys

import click

from lti_tool.cli.agendas import agenda
from lti_tool.cli.cohorts import cohort
from lti_tool.cli.database import db
from lti_tool.cli.institutions import institution
from lti_tool.cli.keys import key
from lti_tool.cli.modules import module
from lti_tool.cli.operators import admin
from lti_tool.cli.processes import demo, show_settings, worker
from lti_tool.cli.registrations import registration
from lti_tool.settings import SettingsError


def main() -> None:
    """Run a command; a setting in the way stops it with one line."""
    try:
        klimop()
    except SettingsError as error:
        sys.exit(f"klimop: {error}")


@click.group()
def klimop() -> None:
    """Klimop: microdegrees for people in care, inside the LMS that they already have."""


for command in (
    show_settings,
    worker,
    demo,
    db,
    institution,
    registration,
    key,
    admin,
    module,
    cohort,
    agenda,
):
    klimop.add_command(command)
