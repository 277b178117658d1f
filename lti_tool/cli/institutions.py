"""The partners, and the addresses with which they plug in their LMS."""

from datetime import timedelta

import click

from lti_tool import clock
from lti_tool.cli.opening import no_institution, open_database
from lti_tool.services.platforms import inviting, registering
from lti_tool.settings import Settings


@click.group()
def institution() -> None:
    """The partners."""


@institution.command("add")
@click.argument("slug")
@click.argument("name")
@click.option("--locale", default="nl", show_default=True, type=click.Choice(["nl", "en"]))
def add_institution(slug: str, name: str, locale: str) -> None:
    """Add an institution, or change its name and locale."""
    try:
        with open_database().begin() as session:
            registering.add_institution(session, slug=slug, name=name, locale=locale)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Institution {slug} is known as {name}.")


@institution.command()
@click.argument("slug", default="")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 90), help="How long it works.")
def invite(slug: str, days: int) -> None:
    """Print an address with which an LMS of SLUG, or of whichever institution, plugs itself in once."""
    settings = Settings.from_env()
    try:
        with open_database(settings).begin() as session:
            lasts = timedelta(days=days)
            token = inviting.invite(session, institution=slug, now=clock.now(), lasts=lasts)
    except registering.NoInstitutionError as error:
        raise no_institution(error) from None
    click.echo(inviting.registration_url(settings.base_url, token))
